"""ListAccountsResponse, at its path in the predecessor's API."""

from connector_sdk.models import ListAccountsResponse

__all__ = ["ListAccountsResponse"]
