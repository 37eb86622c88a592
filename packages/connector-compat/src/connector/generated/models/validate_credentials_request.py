"""ValidateCredentialsRequest, at its path in the predecessor's API."""

from connector_sdk.models import ValidateCredentialsRequest

__all__ = ["ValidateCredentialsRequest"]
