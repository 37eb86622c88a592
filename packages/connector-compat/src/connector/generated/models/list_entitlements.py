"""ListEntitlements, at its path in the predecessor's API."""

from connector_sdk.models import ListEntitlements

__all__ = ["ListEntitlements"]
