"""Signing tokens."""

from connector_sdk import sign_jwt

__all__ = ["sign_jwt"]
