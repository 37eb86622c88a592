"""GetLastActivityResponse, at its path in the predecessor's API."""

from connector_sdk.models import GetLastActivityResponse

__all__ = ["GetLastActivityResponse"]
