"""JWTHeaders, at its path in the predecessor's API."""

from connector_sdk.models import JWTHeaders

__all__ = ["JWTHeaders"]
