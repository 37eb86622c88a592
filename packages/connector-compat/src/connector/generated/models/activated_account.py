"""ActivatedAccount, at its path in the predecessor's API."""

from connector_sdk.models import ActivatedAccount

__all__ = ["ActivatedAccount"]
