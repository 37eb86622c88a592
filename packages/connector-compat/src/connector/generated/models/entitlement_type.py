"""EntitlementType, at its path in the predecessor's API."""

from connector_sdk.models import EntitlementType

__all__ = ["EntitlementType"]
