"""RefreshAccessTokenResponse, at its path in the predecessor's API."""

from connector_sdk.models import RefreshAccessTokenResponse

__all__ = ["RefreshAccessTokenResponse"]
