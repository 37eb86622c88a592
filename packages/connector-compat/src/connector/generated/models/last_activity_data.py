"""LastActivityData, at its path in the predecessor's API."""

from connector_sdk.models import LastActivityData

__all__ = ["LastActivityData"]
