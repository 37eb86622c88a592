"""ActivityEventType, at its path in the predecessor's API."""

from connector_sdk.models import ActivityEventType

__all__ = ["ActivityEventType"]
