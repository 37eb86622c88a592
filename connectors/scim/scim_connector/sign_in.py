"""Who calls: the one credential that a request carries, as what httpx sends."""

import httpx

from connector_sdk import ConnectorError, Request, get_credential
from connector_sdk.http import BearerAuth
from connector_sdk.models import (
    AuthModel,
    BasicCredential,
    CredentialConfig,
    ErrorCode,
    OAuthClientCredential,
    TokenCredential,
)

BEARER, BASIC, OAUTH = "bearer", "basic", "oauth"

CREDENTIALS = [
    CredentialConfig(
        id=BEARER,
        type=AuthModel.TOKEN,
        description="The token that the service has made for provisioning.",
        optional=True,
    ),
    CredentialConfig(
        id=BASIC,
        type=AuthModel.BASIC,
        description="A user of the service who may administer accounts, and the password.",
        optional=True,
    ),
    CredentialConfig(
        id=OAUTH,
        type=AuthModel.OAUTH_CLIENT_CREDENTIALS,
        description="A client that gets its tokens at the token URL of the settings.",
        optional=True,
    ),
]
"""Exactly one of them comes with a request."""


def auth_of(args: Request) -> httpx.Auth:
    """Return what the request's one credential adds to each call.

    Raises:
        ConnectorError: `bad_request`, when there is none, or more than one.
    """
    given = [credential.id for credential in args.credentials or ()]
    if len(given) != 1:
        raise ConnectorError(
            message=f"credentials: give exactly one of {BEARER}, {BASIC} and {OAUTH};"
            f" there are {len(given)}",
            error_code=ErrorCode.BAD_REQUEST,
        )

    match given[0]:
        case "basic":
            user = get_credential(args, BASIC, BasicCredential)
            return httpx.BasicAuth(user.username, user.password)
        case "oauth":
            return BearerAuth(get_credential(args, OAUTH, OAuthClientCredential).access_token)
        case _:
            return BearerAuth(get_credential(args, BEARER, TokenCredential).token)
