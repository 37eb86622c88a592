"""What a part that plugs into an integration implements."""

from typing import TYPE_CHECKING

from connector_sdk import IntegrationModule

__all__ = ["BaseIntegrationModule"]

if TYPE_CHECKING:
    from connector.oai.integration import Integration

    class BaseIntegrationModule:
        """The SDK's own class, as old modules see it: they are added to an old `Integration`."""

        capabilities: list[str]

        def add_capability(self, capability: str) -> None:
            """Note that the module has registered a capability."""

        def register(self, integration: Integration) -> None:
            """Register the module's capabilities with `integration`."""

else:
    BaseIntegrationModule = IntegrationModule
