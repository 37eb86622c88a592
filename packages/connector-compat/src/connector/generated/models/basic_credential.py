"""BasicCredential, at its path in the predecessor's API."""

from connector_sdk.models import BasicCredential

__all__ = ["BasicCredential"]
