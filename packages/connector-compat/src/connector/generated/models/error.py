"""Error, at its path in the predecessor's API."""

from connector_sdk.models import Error

__all__ = ["Error"]
