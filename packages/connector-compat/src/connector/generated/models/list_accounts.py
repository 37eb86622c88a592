"""ListAccounts, at its path in the predecessor's API."""

from connector_sdk.models import ListAccounts

__all__ = ["ListAccounts"]
