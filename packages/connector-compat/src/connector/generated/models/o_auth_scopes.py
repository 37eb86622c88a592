"""OAuthScopes, at its path in the predecessor's API."""

from connector_sdk.models import OAuthScopes

__all__ = ["OAuthScopes"]
