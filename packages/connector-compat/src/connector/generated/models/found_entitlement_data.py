"""FoundEntitlementData, at its path in the predecessor's API."""

from connector_sdk.models import FoundEntitlementData

__all__ = ["FoundEntitlementData"]
