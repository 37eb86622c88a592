"""CreateAccountEntitlement, at its path in the predecessor's API."""

from connector_sdk.models import CreateAccountEntitlement

__all__ = ["CreateAccountEntitlement"]
