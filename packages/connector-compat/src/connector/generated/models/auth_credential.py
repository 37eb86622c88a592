"""AuthCredential, at its path in the predecessor's API."""

from connector_sdk.models import AuthCredential

__all__ = ["AuthCredential"]
