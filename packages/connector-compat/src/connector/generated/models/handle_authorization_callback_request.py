"""HandleAuthorizationCallbackRequest, at its path in the predecessor's API."""

from connector_sdk.models import HandleAuthorizationCallbackRequest

__all__ = ["HandleAuthorizationCallbackRequest"]
