"""OAuthCredential, at its path in the predecessor's API."""

from connector_sdk.models import OAuthCredential

__all__ = ["OAuthCredential"]
