"""FindEntitlementAssociations, at its path in the predecessor's API."""

from connector_sdk.models import FindEntitlementAssociations

__all__ = ["FindEntitlementAssociations"]
