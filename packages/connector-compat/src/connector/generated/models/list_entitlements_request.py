"""ListEntitlementsRequest, at its path in the predecessor's API."""

from connector_sdk.models import ListEntitlementsRequest

__all__ = ["ListEntitlementsRequest"]
