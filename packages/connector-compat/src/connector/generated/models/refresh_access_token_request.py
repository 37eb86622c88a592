"""RefreshAccessTokenRequest, at its path in the predecessor's API."""

from connector_sdk.models import RefreshAccessTokenRequest

__all__ = ["RefreshAccessTokenRequest"]
