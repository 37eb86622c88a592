"""ValidateCredentials, at its path in the predecessor's API."""

from connector_sdk.models import ValidateCredentials

__all__ = ["ValidateCredentials"]
