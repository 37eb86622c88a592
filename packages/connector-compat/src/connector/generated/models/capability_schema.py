"""CapabilitySchema, at its path in the predecessor's API."""

from connector_sdk.models import CapabilitySchema

__all__ = ["CapabilitySchema"]
