"""ListAccountsRequest, at its path in the predecessor's API."""

from connector_sdk.models import ListAccountsRequest

__all__ = ["ListAccountsRequest"]
