"""CustomAttributeCustomizedType, at its path in the predecessor's API."""

from connector_sdk.models import CustomAttributeCustomizedType

__all__ = ["CustomAttributeCustomizedType"]
