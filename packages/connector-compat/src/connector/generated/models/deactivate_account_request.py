"""DeactivateAccountRequest, at its path in the predecessor's API."""

from connector_sdk.models import DeactivateAccountRequest

__all__ = ["DeactivateAccountRequest"]
