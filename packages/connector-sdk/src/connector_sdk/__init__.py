"""The SDK with which a connector is written: declare an `Integration`, register capabilities.

Names are imported on their first use, so that a call pays only for what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector_sdk.budget import BudgetExceededError, call_budget
    from connector_sdk.capability import (
        CapabilityFunction,
        CapabilityMetadata,
        DuplicateCapabilityError,
        IntegrationError,
        InvalidCapabilityNameError,
        ReservedCapabilityNameError,
    )
    from connector_sdk.declaration import DescriptionData, EmptySettings, InvalidAppIdError
    from connector_sdk.errors import ConnectorError, DefaultHandler, ExceptionHandler, HTTPHandler
    from connector_sdk.extras import MissingExtraError
    from connector_sdk.fields import (
        FieldType,
        GroupedField,
        HiddenField,
        IntegrationField,
        MultiLinesField,
        SecretField,
    )
    from connector_sdk.integration import Integration
    from connector_sdk.modules import (
        DeveloperCommand,
        DeveloperCommands,
        IntegrationModule,
        OAuthGrants,
        OAuthSettingsLike,
    )
    from connector_sdk.names import full_name
    from connector_sdk.pagination import NextPageToken, PaginationBase
    from connector_sdk.redaction import RedactingFilter, add_secret, redact
    from connector_sdk.request import (
        AuthRequest,
        Request,
        get_basic_auth,
        get_credential,
        get_jwt_auth,
        get_oauth,
        get_page,
        get_settings,
        get_token_auth,
    )
    from connector_sdk.signing import sign_jwt

_MODULE_OF = {
    "AuthRequest": "request",
    "BudgetExceededError": "budget",
    "CapabilityFunction": "capability",
    "CapabilityMetadata": "capability",
    "ConnectorError": "errors",
    "DefaultHandler": "errors",
    "DescriptionData": "declaration",
    "DeveloperCommand": "modules",
    "DeveloperCommands": "modules",
    "DuplicateCapabilityError": "capability",
    "EmptySettings": "declaration",
    "ExceptionHandler": "errors",
    "FieldType": "fields",
    "GroupedField": "fields",
    "HTTPHandler": "errors",
    "HiddenField": "fields",
    "Integration": "integration",
    "IntegrationError": "capability",
    "IntegrationField": "fields",
    "IntegrationModule": "modules",
    "InvalidAppIdError": "declaration",
    "InvalidCapabilityNameError": "capability",
    "MissingExtraError": "extras",
    "MultiLinesField": "fields",
    "NextPageToken": "pagination",
    "OAuthGrants": "modules",
    "OAuthSettingsLike": "modules",
    "PaginationBase": "pagination",
    "RedactingFilter": "redaction",
    "Request": "request",
    "ReservedCapabilityNameError": "capability",
    "SecretField": "fields",
    "add_secret": "redaction",
    "call_budget": "budget",
    "full_name": "names",
    "get_basic_auth": "request",
    "get_credential": "request",
    "get_jwt_auth": "request",
    "get_oauth": "request",
    "get_page": "request",
    "get_settings": "request",
    "get_token_auth": "request",
    "redact": "redaction",
    "sign_jwt": "signing",
}
"""The submodule that defines each public name."""

__all__ = [
    "AuthRequest",
    "BudgetExceededError",
    "CapabilityFunction",
    "CapabilityMetadata",
    "ConnectorError",
    "DefaultHandler",
    "DescriptionData",
    "DeveloperCommand",
    "DeveloperCommands",
    "DuplicateCapabilityError",
    "EmptySettings",
    "ExceptionHandler",
    "FieldType",
    "GroupedField",
    "HTTPHandler",
    "HiddenField",
    "Integration",
    "IntegrationError",
    "IntegrationField",
    "IntegrationModule",
    "InvalidAppIdError",
    "InvalidCapabilityNameError",
    "MissingExtraError",
    "MultiLinesField",
    "NextPageToken",
    "OAuthGrants",
    "OAuthSettingsLike",
    "PaginationBase",
    "RedactingFilter",
    "Request",
    "ReservedCapabilityNameError",
    "SecretField",
    "add_secret",
    "call_budget",
    "full_name",
    "get_basic_auth",
    "get_credential",
    "get_jwt_auth",
    "get_oauth",
    "get_page",
    "get_settings",
    "get_token_auth",
    "redact",
    "sign_jwt",
]

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is a mistake

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

        value = getattr(import_module(f"{__name__}.{module}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
