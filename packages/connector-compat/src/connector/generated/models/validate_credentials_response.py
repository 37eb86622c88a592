"""ValidateCredentialsResponse, at its path in the predecessor's API."""

from connector_sdk.models import ValidateCredentialsResponse

__all__ = ["ValidateCredentialsResponse"]
