"""GetAuthorizationUrlRequest, at its path in the predecessor's API."""

from connector_sdk.models import GetAuthorizationUrlRequest

__all__ = ["GetAuthorizationUrlRequest"]
