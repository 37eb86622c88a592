"""HandleClientCredentialsRequest, at its path in the predecessor's API."""

from connector_sdk.models import HandleClientCredentialsRequest

__all__ = ["HandleClientCredentialsRequest"]
