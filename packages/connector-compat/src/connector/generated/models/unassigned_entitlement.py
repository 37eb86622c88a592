"""UnassignedEntitlement, at its path in the predecessor's API."""

from connector_sdk.models import UnassignedEntitlement

__all__ = ["UnassignedEntitlement"]
