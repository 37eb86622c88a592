"""DeleteAccountRequest, at its path in the predecessor's API."""

from connector_sdk.models import DeleteAccountRequest

__all__ = ["DeleteAccountRequest"]
