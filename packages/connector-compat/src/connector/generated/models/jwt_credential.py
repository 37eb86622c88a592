"""JWTCredential, at its path in the predecessor's API."""

from connector_sdk.models import JWTCredential

__all__ = ["JWTCredential"]
