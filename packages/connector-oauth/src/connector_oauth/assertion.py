"""Assertions: what a client signs with its private key, to be known by (RFC 7523)."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from connector_oauth.client import Client
from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode
from connector_sdk.signing import sign

LIFETIME = 60
"""Seconds for which an assertion is good: it is used at once, and only once."""

ALGORITHM = "RS256"
"""What every provider that takes assertions knows; `assertion.headers` may name another."""


def sign_assertion(
    client: Client, *, audience: str, claims: Mapping[str, Any] | None = None
) -> str:
    """Return a signed assertion of a client (RFC 7523, section 3).

    Parameters:
        client: who signs; its `client_secret` is the private key in PEM.
        audience: the provider's issuer, or its token endpoint.
        claims: further claims; those of the client are laid over all.

    Returns:
        The assertion in compact form; it is a secret of the running call from then on.

    Raises:
        ConnectorError: `bad_request`, when the key, the headers or the claims do not fit.
        MissingExtraError: joserfc is not installed.
    """
    now = int(time.time())
    all_claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": audience,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": secrets.token_urlsafe(),
        **(claims or {}),
        **client.assertion_claims,
    }
    header = {"alg": ALGORITHM, **client.assertion_headers}
    try:
        return sign(_given(all_claims), header=_given(header), key=client.client_secret)
    except ValueError as error:
        raise ConnectorError(
            message=f"request.client_secret: no assertion can be signed with it: {error}",
            error_code=ErrorCode.BAD_REQUEST,
        ) from None


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
