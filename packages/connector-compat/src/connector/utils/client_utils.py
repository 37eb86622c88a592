"""An app's responses as models."""

from connector_sdk.http import create_client_response

__all__ = ["create_client_response"]
