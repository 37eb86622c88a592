"""StandardCapabilityName, at its path in the predecessor's API."""

from connector_sdk.models import StandardCapabilityName

__all__ = ["StandardCapabilityName"]
