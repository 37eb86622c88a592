"""AssignEntitlementRequest, at its path in the predecessor's API."""

from connector_sdk.models import AssignEntitlementRequest

__all__ = ["AssignEntitlementRequest"]
