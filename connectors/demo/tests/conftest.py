"""What all tests of the connector have in common: none of them reaches a network."""

from connector_sdk.testing.plugin import only_mocked_http

__all__ = ["only_mocked_http"]
