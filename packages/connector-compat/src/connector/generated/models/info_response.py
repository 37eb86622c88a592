"""InfoResponse, at its path in the predecessor's API."""

from connector_sdk.models import InfoResponse

__all__ = ["InfoResponse"]
