"""UnassignEntitlement, at its path in the predecessor's API."""

from connector_sdk.models import UnassignEntitlement

__all__ = ["UnassignEntitlement"]
