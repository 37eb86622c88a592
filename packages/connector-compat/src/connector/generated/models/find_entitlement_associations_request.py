"""FindEntitlementAssociationsRequest, at its path in the predecessor's API."""

from connector_sdk.models import FindEntitlementAssociationsRequest

__all__ = ["FindEntitlementAssociationsRequest"]
