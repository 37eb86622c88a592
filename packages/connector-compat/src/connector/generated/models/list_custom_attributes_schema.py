"""ListCustomAttributesSchema, at its path in the predecessor's API."""

from connector_sdk.models import ListCustomAttributesSchema

__all__ = ["ListCustomAttributesSchema"]
