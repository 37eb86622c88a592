"""ListResources, at its path in the predecessor's API."""

from connector_sdk.models import ListResources

__all__ = ["ListResources"]
