"""CustomAttributeType, at its path in the predecessor's API."""

from connector_sdk.models import CustomAttributeType

__all__ = ["CustomAttributeType"]
