"""CustomAttributeSchema, at its path in the predecessor's API."""

from connector_sdk.models import CustomAttributeSchema

__all__ = ["CustomAttributeSchema"]
