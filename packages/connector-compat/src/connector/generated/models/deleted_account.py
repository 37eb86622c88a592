"""DeletedAccount, at its path in the predecessor's API."""

from connector_sdk.models import DeletedAccount

__all__ = ["DeletedAccount"]
