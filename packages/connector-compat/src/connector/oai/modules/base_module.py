"""What a part that plugs into an integration implements."""

from connector_sdk import IntegrationModule as BaseIntegrationModule

__all__ = ["BaseIntegrationModule"]
