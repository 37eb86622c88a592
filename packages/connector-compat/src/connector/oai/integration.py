"""Integration: where a connector declares itself and registers its capabilities."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from connector_sdk import (
    CapabilityMetadata,
    DescriptionData,
    DuplicateCapabilityError,
    EmptySettings,
    IntegrationError,
    InvalidAppIdError,
    InvalidCapabilityNameError,
    ReservedCapabilityNameError,
)
from connector_sdk import Integration as SdkIntegration
from connector_sdk.models import (
    BasicCredential,
    JWTCredential,
    OAuthClientCredential,
    OAuthCredential,
    TokenCredential,
)

if TYPE_CHECKING:
    from connector.oai.modules.base_module import BaseIntegrationModule
    from connector_sdk import IntegrationModule

__all__ = [
    "AuthSetting",
    "CapabilityMetadata",
    "DescriptionData",
    "DuplicateCapabilityError",
    "EmptySettings",
    "Integration",
    "IntegrationError",
    "InvalidAppIdError",
    "InvalidCapabilityNameError",
    "ReservedCapabilityNameError",
]

AuthSetting = (
    type[OAuthCredential]
    | type[OAuthClientCredential]
    | type[BasicCredential]
    | type[TokenCredential]
    | type[JWTCredential]
)
"""What `Integration(auth=…)` takes."""


class Integration(SdkIntegration):
    """The SDK's `Integration`, which also gives parts of its info document one by one."""

    if TYPE_CHECKING:  # for type checkers alone the two kinds of module differ

        def add_module(self, module: IntegrationModule | BaseIntegrationModule) -> None:
            """Let a module register its capabilities; see the SDK's `Integration`."""

    def get_model_extended_json_schema(self, model: type[BaseModel]) -> dict[str, Any]:
        """Return the JSON Schema of a model with `field_order`, for a platform's form."""
        from connector_sdk.info import form_schema

        return form_schema(model)

    def get_credentials_json_schema(self) -> list[dict[str, Any]]:
        """Return the form's schema of each configured credential."""
        from connector_sdk.info import credential_schema

        return [credential_schema(self, config) for config in self.credentials]
