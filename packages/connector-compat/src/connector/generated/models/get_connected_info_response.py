"""GetConnectedInfoResponse, at its path in the predecessor's API."""

from connector_sdk.models import GetConnectedInfoResponse

__all__ = ["GetConnectedInfoResponse"]
