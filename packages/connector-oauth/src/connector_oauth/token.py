"""Getting tokens: for a code, a refresh token, the client's own secret, or an assertion."""

from collections.abc import Iterable, Mapping

from connector_oauth.assertion import sign_assertion
from connector_oauth.client import Client
from connector_oauth.exchange import send
from connector_oauth.scopes import join_scopes
from connector_oauth.token_reply import Tokens, read_tokens
from connector_oauth.token_request import TokenEndpoint, make_token_request
from connector_sdk.models import ErrorCode

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
"""Grant type of an assertion (RFC 7523, section 2.1)."""


async def exchange_code(
    endpoint: TokenEndpoint,
    client: Client,
    *,
    code: str,
    redirect_uri: str,
    code_verifier: str | None = None,
) -> Tokens:
    """Return the tokens for an authorization code (RFC 6749, section 4.1.3).

    Parameters:
        endpoint: the provider's token endpoint.
        client: the client for which the code was issued.
        code: the code in the redirect.
        redirect_uri: the one with which the code was asked for.
        code_verifier: the PKCE verifier, when the code was asked for with its challenge.

    Raises:
        ConnectorError: what the provider answers, `unauthorized` when it is the code; or
            `invalid_response`, `request_timeout`.
        httpx.TransportError: there is no connection, or it broke off.
    """
    parameters = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    if code_verifier is not None:
        parameters["code_verifier"] = code_verifier

    return await _ask(endpoint, client, parameters)


async def refresh_tokens(endpoint: TokenEndpoint, client: Client, *, refresh_token: str) -> Tokens:
    """Return fresh tokens for a refresh token (RFC 6749, section 6).

    When they have a refresh token, it replaces the old one, which may be void from now on; when
    they have none, keep the old one.

    Raises:
        ConnectorError: as `exchange_code`, but `authentication_expired` when it is the token.
        httpx.TransportError: there is no connection, or it broke off.
    """
    parameters = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return await _ask(endpoint, client, parameters, invalid_grant=ErrorCode.AUTHENTICATION_EXPIRED)


async def request_client_tokens(
    endpoint: TokenEndpoint, client: Client, *, scopes: Iterable[str] = ()
) -> Tokens:
    """Return tokens for the client itself, by its secret (RFC 6749, section 4.4).

    Raises:
        ConnectorError, httpx.TransportError: as `exchange_code`.
    """
    return await _ask(endpoint, client, {"grant_type": "client_credentials", **_scope(scopes)})


async def exchange_assertion(
    endpoint: TokenEndpoint, client: Client, *, scopes: Iterable[str] = ()
) -> Tokens:
    """Return tokens for an assertion that the client signs (RFC 7523, section 2.1).

    The assertion is the only proof; the client's `authentication` is not used. Scopes are asked
    for in both places that providers read: as a parameter, and as a claim of the assertion.

    Raises:
        ConnectorError, httpx.TransportError: as `exchange_code`.
        MissingExtraError: joserfc is not installed.
    """
    scope = _scope(scopes)
    assertion = sign_assertion(client, audience=endpoint.audience or endpoint.url, claims=scope)
    return await _ask(endpoint, None, {"grant_type": JWT_BEARER, "assertion": assertion, **scope})


async def _ask(
    endpoint: TokenEndpoint,
    client: Client | None,
    parameters: Mapping[str, str],
    *,
    invalid_grant: ErrorCode = ErrorCode.UNAUTHORIZED,
) -> Tokens:
    reply = await send(make_token_request(endpoint, parameters, client))
    return read_tokens(reply, invalid_grant=invalid_grant)


def _scope(scopes: Iterable[str]) -> dict[str, str]:
    scope = join_scopes(scopes)
    return {"scope": scope} if scope else {}
