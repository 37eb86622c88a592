"""ErrorCode, at its path in the predecessor's API."""

from connector_sdk.models import ErrorCode

__all__ = ["ErrorCode"]
