"""ListCustomAttributesSchemaResponse, at its path in the predecessor's API."""

from connector_sdk.models import ListCustomAttributesSchemaResponse

__all__ = ["ListCustomAttributesSchemaResponse"]
