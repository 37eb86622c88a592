"""DeleteAccountResponse, at its path in the predecessor's API."""

from connector_sdk.models import DeleteAccountResponse

__all__ = ["DeleteAccountResponse"]
