"""GetLastActivityRequest, at its path in the predecessor's API."""

from connector_sdk.models import GetLastActivityRequest

__all__ = ["GetLastActivityRequest"]
