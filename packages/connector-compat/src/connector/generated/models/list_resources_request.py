"""ListResourcesRequest, at its path in the predecessor's API."""

from connector_sdk.models import ListResourcesRequest

__all__ = ["ListResourcesRequest"]
