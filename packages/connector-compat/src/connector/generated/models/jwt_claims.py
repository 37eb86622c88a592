"""JWTClaims, at its path in the predecessor's API."""

from connector_sdk.models import JWTClaims

__all__ = ["JWTClaims"]
