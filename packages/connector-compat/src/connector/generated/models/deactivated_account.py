"""DeactivatedAccount, at its path in the predecessor's API."""

from connector_sdk.models import DeactivatedAccount

__all__ = ["DeactivatedAccount"]
