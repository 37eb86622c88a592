"""Info, at its path in the predecessor's API."""

from connector_sdk.models import Info

__all__ = ["Info"]
