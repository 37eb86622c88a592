"""AuthModel, at its path in the predecessor's API."""

from connector_sdk.models import AuthModel

__all__ = ["AuthModel"]
