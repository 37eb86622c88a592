"""ListResourcesResponse, at its path in the predecessor's API."""

from connector_sdk.models import ListResourcesResponse

__all__ = ["ListResourcesResponse"]
