"""FoundResourceData, at its path in the predecessor's API."""

from connector_sdk.models import FoundResourceData

__all__ = ["FoundResourceData"]
