"""GetAuthorizationUrlResponse, at its path in the predecessor's API."""

from connector_sdk.models import GetAuthorizationUrlResponse

__all__ = ["GetAuthorizationUrlResponse"]
