"""ActivateAccount, at its path in the predecessor's API."""

from connector_sdk.models import ActivateAccount

__all__ = ["ActivateAccount"]
