"""AccountType, at its path in the predecessor's API."""

from connector_sdk.models import AccountType

__all__ = ["AccountType"]
