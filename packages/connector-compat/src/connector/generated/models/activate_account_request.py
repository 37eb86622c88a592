"""ActivateAccountRequest, at its path in the predecessor's API."""

from connector_sdk.models import ActivateAccountRequest

__all__ = ["ActivateAccountRequest"]
