"""AssignEntitlementResponse, at its path in the predecessor's API."""

from connector_sdk.models import AssignEntitlementResponse

__all__ = ["AssignEntitlementResponse"]
