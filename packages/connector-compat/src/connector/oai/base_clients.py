"""The base of a connector's client."""

from connector_sdk.http import BaseIntegrationClient

__all__ = ["BaseIntegrationClient"]
