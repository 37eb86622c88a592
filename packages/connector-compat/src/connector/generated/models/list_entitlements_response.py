"""ListEntitlementsResponse, at its path in the predecessor's API."""

from connector_sdk.models import ListEntitlementsResponse

__all__ = ["ListEntitlementsResponse"]
