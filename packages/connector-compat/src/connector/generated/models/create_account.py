"""CreateAccount, at its path in the predecessor's API."""

from connector_sdk.models import CreateAccount

__all__ = ["CreateAccount"]
