"""FindEntitlementAssociationsResponse, at its path in the predecessor's API."""

from connector_sdk.models import FindEntitlementAssociationsResponse

__all__ = ["FindEntitlementAssociationsResponse"]
