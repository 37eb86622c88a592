"""A client of a provider, and how it proves to the token endpoint who it is."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from connector_oauth.settings import ClientAuthenticationMethod
from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode

CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""What a client assertion says that it is (RFC 7523, section 2.2)."""

_PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client, as it is registered with the provider."""

    client_id: str

    client_secret: str = field(repr=False)
    """The secret, or the private key in PEM; empty for a client that has none."""

    authentication: ClientAuthenticationMethod = ClientAuthenticationMethod.CLIENT_SECRET_POST

    assertion_headers: Mapping[str, Any] = field(default_factory=dict)
    """Laid over the JOSE headers of the assertions that the client signs."""

    assertion_claims: Mapping[str, Any] = field(default_factory=dict)
    """Laid over the claims of the assertions that the client signs."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a request carries to prove who sends it."""

    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def prove(client: Client, *, audience: str) -> Proof:
    """Return what a request to the provider carries to authenticate the client.

    Parameters:
        client: who sends the request.
        audience: the provider, for a signed assertion: its issuer, or its token endpoint.

    Raises:
        ConnectorError: `bad_request`, when the private key does not fit, or would be sent.
        MissingExtraError: a key is to be used, and joserfc is not installed.
    """
    return _PROOF_BY_METHOD[client.authentication](client, audience)


def _secret_in_parameters(client: Client, _audience: str) -> Proof:
    _refuse_private_key(client)
    # A client without a secret only says who it is (RFC 6749, section 3.2.1).
    secret = {"client_secret": client.client_secret} if client.client_secret else {}
    return Proof({"client_id": client.client_id, **secret})


def _secret_in_header(client: Client, _audience: str) -> Proof:
    _refuse_private_key(client)
    # Form-encoded first, so that a colon in the id cannot move the border (RFC 6749, 2.3.1).
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    return Proof(headers={"Authorization": f"Basic {b64encode(pair.encode()).decode()}"})


def _refuse_private_key(client: Client) -> None:
    """Keep a private key, which nobody else is ever to have, from being sent as a secret."""
    if _PRIVATE_KEY.search(client.client_secret):
        raise ConnectorError(
            message="request.client_secret: a private key is not sent; the connector has to sign "
            "with it, by client_auth=PRIVATE_KEY_JWT or flow_type=JWT_BEARER in its OAuthSettings",
            error_code=ErrorCode.BAD_REQUEST,
        )


def _signed_assertion(client: Client, audience: str) -> Proof:
    from connector_oauth.assertion import sign_assertion

    return Proof(
        {
            "client_id": client.client_id,
            "client_assertion_type": CLIENT_ASSERTION,
            "client_assertion": sign_assertion(client, audience=audience),
        }
    )


_PROOF_BY_METHOD: Mapping[ClientAuthenticationMethod, Callable[[Client, str], Proof]] = {
    ClientAuthenticationMethod.CLIENT_SECRET_POST: _secret_in_parameters,
    ClientAuthenticationMethod.CLIENT_SECRET_BASIC: _secret_in_header,
    ClientAuthenticationMethod.PRIVATE_KEY_JWT: _signed_assertion,
}
