"""DeactivateAccountResponse, at its path in the predecessor's API."""

from connector_sdk.models import DeactivateAccountResponse

__all__ = ["DeactivateAccountResponse"]
