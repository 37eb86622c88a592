"""OAuthSettings, and what they are made of."""

from connector_oauth import (
    ClientAuthenticationMethod,
    OAuthCapabilities,
    OAuthFlowType,
    OAuthRequest,
    OAuthSettings,
    RequestDataType,
    RequestMethod,
)

__all__ = [
    "ClientAuthenticationMethod",
    "OAuthCapabilities",
    "OAuthFlowType",
    "OAuthRequest",
    "OAuthSettings",
    "RequestDataType",
    "RequestMethod",
]
