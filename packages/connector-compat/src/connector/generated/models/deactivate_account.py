"""DeactivateAccount, at its path in the predecessor's API."""

from connector_sdk.models import DeactivateAccount

__all__ = ["DeactivateAccount"]
