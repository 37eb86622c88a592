"""AssignEntitlement, at its path in the predecessor's API."""

from connector_sdk.models import AssignEntitlement

__all__ = ["AssignEntitlement"]
