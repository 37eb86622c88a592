"""HandleClientCredentials, at its path in the predecessor's API."""

from connector_sdk.models import HandleClientCredentials

__all__ = ["HandleClientCredentials"]
