"""ValidatedCredentials, at its path in the predecessor's API."""

from connector_sdk.models import ValidatedCredentials

__all__ = ["ValidatedCredentials"]
