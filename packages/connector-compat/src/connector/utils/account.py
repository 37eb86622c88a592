"""People's names."""

from connector_sdk import full_name

__all__ = ["full_name"]
