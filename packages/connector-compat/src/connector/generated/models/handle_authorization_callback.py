"""HandleAuthorizationCallback, at its path in the predecessor's API."""

from connector_sdk.models import HandleAuthorizationCallback

__all__ = ["HandleAuthorizationCallback"]
