"""ActivateAccountResponse, at its path in the predecessor's API."""

from connector_sdk.models import ActivateAccountResponse

__all__ = ["ActivateAccountResponse"]
