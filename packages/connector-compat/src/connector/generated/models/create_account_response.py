"""CreateAccountResponse, at its path in the predecessor's API."""

from connector_sdk.models import CreateAccountResponse

__all__ = ["CreateAccountResponse"]
