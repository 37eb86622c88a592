"""GetConnectedInfo, at its path in the predecessor's API."""

from connector_sdk.models import GetConnectedInfo

__all__ = ["GetConnectedInfo"]
