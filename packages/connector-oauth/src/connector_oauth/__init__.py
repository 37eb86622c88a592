"""OAuth 2.0 for connectors: settings that make a module, and its pieces for use alone.

An integration needs the settings only::

    Integration(…, oauth_settings=OAuthSettings(issuer="https://auth.example.com", pkce=True))

Names are imported on their first use, so that a call pays only for what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector_oauth.authorization import build_authorization_url
    from connector_oauth.client import Client
    from connector_oauth.discovery import ServerMetadata, discover
    from connector_oauth.module import OAuthModule
    from connector_oauth.pkce import make_code_challenge, make_code_verifier
    from connector_oauth.redirect import Redirect, read_redirect
    from connector_oauth.revocation import revoke
    from connector_oauth.settings import (
        ClientAuthenticationMethod,
        OAuthAssertion,
        OAuthCapabilities,
        OAuthFlowType,
        OAuthRequest,
        OAuthSettings,
        RequestDataType,
        RequestMethod,
    )
    from connector_oauth.token import (
        exchange_assertion,
        exchange_code,
        refresh_tokens,
        request_client_tokens,
    )
    from connector_oauth.token_reply import Tokens
    from connector_oauth.token_request import TokenEndpoint

_MODULE_OF = {
    "Client": "client",
    "ClientAuthenticationMethod": "settings",
    "OAuthAssertion": "settings",
    "OAuthCapabilities": "settings",
    "OAuthFlowType": "settings",
    "OAuthModule": "module",
    "OAuthRequest": "settings",
    "OAuthSettings": "settings",
    "Redirect": "redirect",
    "RequestDataType": "settings",
    "RequestMethod": "settings",
    "ServerMetadata": "discovery",
    "TokenEndpoint": "token_request",
    "Tokens": "token_reply",
    "build_authorization_url": "authorization",
    "discover": "discovery",
    "exchange_assertion": "token",
    "exchange_code": "token",
    "make_code_challenge": "pkce",
    "make_code_verifier": "pkce",
    "read_redirect": "redirect",
    "refresh_tokens": "token",
    "request_client_tokens": "token",
    "revoke": "revocation",
}
"""The submodule that defines each public name."""

__all__ = [
    "Client",
    "ClientAuthenticationMethod",
    "OAuthAssertion",
    "OAuthCapabilities",
    "OAuthFlowType",
    "OAuthModule",
    "OAuthRequest",
    "OAuthSettings",
    "Redirect",
    "RequestDataType",
    "RequestMethod",
    "ServerMetadata",
    "TokenEndpoint",
    "Tokens",
    "build_authorization_url",
    "discover",
    "exchange_assertion",
    "exchange_code",
    "make_code_challenge",
    "make_code_verifier",
    "read_redirect",
    "refresh_tokens",
    "request_client_tokens",
    "revoke",
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
