"""CredentialConfig, at its path in the predecessor's API."""

from connector_sdk.models import CredentialConfig

__all__ = ["CredentialConfig"]
