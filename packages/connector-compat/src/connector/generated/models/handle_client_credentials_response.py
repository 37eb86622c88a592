"""HandleClientCredentialsResponse, at its path in the predecessor's API."""

from connector_sdk.models import HandleClientCredentialsResponse

__all__ = ["HandleClientCredentialsResponse"]
