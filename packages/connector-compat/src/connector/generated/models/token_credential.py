"""TokenCredential, at its path in the predecessor's API."""

from connector_sdk.models import TokenCredential

__all__ = ["TokenCredential"]
