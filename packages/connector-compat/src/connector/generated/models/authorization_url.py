"""AuthorizationUrl, at its path in the predecessor's API."""

from connector_sdk.models import AuthorizationUrl

__all__ = ["AuthorizationUrl"]
