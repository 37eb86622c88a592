"""OAuthClientCredential, at its path in the predecessor's API."""

from connector_sdk.models import OAuthClientCredential

__all__ = ["OAuthClientCredential"]
