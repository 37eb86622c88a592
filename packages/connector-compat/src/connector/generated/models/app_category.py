"""AppCategory, at its path in the predecessor's API."""

from connector_sdk.models import AppCategory

__all__ = ["AppCategory"]
