"""GetLastActivity, at its path in the predecessor's API."""

from connector_sdk.models import GetLastActivity

__all__ = ["GetLastActivity"]
