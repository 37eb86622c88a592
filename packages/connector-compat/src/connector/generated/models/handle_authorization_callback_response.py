"""HandleAuthorizationCallbackResponse, at its path in the predecessor's API."""

from connector_sdk.models import HandleAuthorizationCallbackResponse

__all__ = ["HandleAuthorizationCallbackResponse"]
