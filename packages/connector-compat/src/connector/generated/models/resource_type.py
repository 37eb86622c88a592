"""ResourceType, at its path in the predecessor's API."""

from connector_sdk.models import ResourceType

__all__ = ["ResourceType"]
