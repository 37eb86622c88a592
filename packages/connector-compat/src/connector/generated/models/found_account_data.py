"""FoundAccountData, at its path in the predecessor's API."""

from connector_sdk.models import FoundAccountData

__all__ = ["FoundAccountData"]
