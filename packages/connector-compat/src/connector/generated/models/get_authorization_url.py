"""GetAuthorizationUrl, at its path in the predecessor's API."""

from connector_sdk.models import GetAuthorizationUrl

__all__ = ["GetAuthorizationUrl"]
