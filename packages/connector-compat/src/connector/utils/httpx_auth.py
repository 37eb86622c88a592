"""Authentication with a token."""

from connector_sdk.http import BearerAuth

__all__ = ["BearerAuth"]
