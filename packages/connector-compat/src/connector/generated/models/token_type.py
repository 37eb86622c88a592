"""TokenType, at its path in the predecessor's API."""

from connector_sdk.models import TokenType

__all__ = ["TokenType"]
