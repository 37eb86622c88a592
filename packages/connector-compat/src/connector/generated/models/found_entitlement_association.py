"""FoundEntitlementAssociation, at its path in the predecessor's API."""

from connector_sdk.models import FoundEntitlementAssociation

__all__ = ["FoundEntitlementAssociation"]
