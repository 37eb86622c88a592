"""ListCustomAttributesSchemaRequest, at its path in the predecessor's API."""

from connector_sdk.models import ListCustomAttributesSchemaRequest

__all__ = ["ListCustomAttributesSchemaRequest"]
