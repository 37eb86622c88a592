"""DeleteAccount, at its path in the predecessor's API."""

from connector_sdk.models import DeleteAccount

__all__ = ["DeleteAccount"]
