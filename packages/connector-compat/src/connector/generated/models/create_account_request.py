"""CreateAccountRequest, at its path in the predecessor's API."""

from connector_sdk.models import CreateAccountRequest

__all__ = ["CreateAccountRequest"]
