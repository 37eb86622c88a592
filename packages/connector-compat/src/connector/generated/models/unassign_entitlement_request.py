"""UnassignEntitlementRequest, at its path in the predecessor's API."""

from connector_sdk.models import UnassignEntitlementRequest

__all__ = ["UnassignEntitlementRequest"]
