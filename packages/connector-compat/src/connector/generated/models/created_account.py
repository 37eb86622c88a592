"""CreatedAccount, at its path in the predecessor's API."""

from connector_sdk.models import CreatedAccount

__all__ = ["CreatedAccount"]
