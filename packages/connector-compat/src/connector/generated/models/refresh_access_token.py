"""RefreshAccessToken, at its path in the predecessor's API."""

from connector_sdk.models import RefreshAccessToken

__all__ = ["RefreshAccessToken"]
