"""ErrorResponse, at its path in the predecessor's API."""

from connector_sdk.models import ErrorResponse

__all__ = ["ErrorResponse"]
