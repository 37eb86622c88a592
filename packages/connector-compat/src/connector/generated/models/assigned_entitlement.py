"""AssignedEntitlement, at its path in the predecessor's API."""

from connector_sdk.models import AssignedEntitlement

__all__ = ["AssignedEntitlement"]
