"""Page, at its path in the predecessor's API."""

from connector_sdk.models import Page

__all__ = ["Page"]
