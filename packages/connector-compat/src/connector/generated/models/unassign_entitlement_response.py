"""UnassignEntitlementResponse, at its path in the predecessor's API."""

from connector_sdk.models import UnassignEntitlementResponse

__all__ = ["UnassignEntitlementResponse"]
