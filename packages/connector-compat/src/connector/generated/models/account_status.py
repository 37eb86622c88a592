"""AccountStatus, at its path in the predecessor's API."""

from connector_sdk.models import AccountStatus

__all__ = ["AccountStatus"]
