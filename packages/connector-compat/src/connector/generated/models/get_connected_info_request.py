"""GetConnectedInfoRequest, at its path in the predecessor's API."""

from connector_sdk.models import GetConnectedInfoRequest

__all__ = ["GetConnectedInfoRequest"]
