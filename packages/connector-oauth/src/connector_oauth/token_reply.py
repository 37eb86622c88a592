"""The tokens in a token endpoint's reply (RFC 6749, section 5.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connector_oauth.reply import Reply, read_object
from connector_sdk.models import ErrorCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens as the provider issued them."""

    access_token: str = field(repr=False)

    refresh_token: str | None = field(default=None, repr=False)
    """What to get the next access token with. None after a refresh: the old one stays good."""

    token_type: str = "bearer"
    """How to present the access token, in lower case; it is always `bearer`."""

    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """All of the reply, such as `expires_in` (seconds), `scope` or `id_token`."""

    url: str = ""
    """The endpoint that issued them, without its query."""


def read_tokens(reply: Reply, *, invalid_grant: ErrorCode) -> Tokens:
    """Return the tokens in a reply.

    Parameters:
        reply: of the token endpoint.
        invalid_grant: what it means that the provider does not accept the code or the token.

    Raises:
        ConnectorError: the reply is an error, also under status 200; or `invalid_response`, when
            it is none and has no bearer token either.
    """
    data = read_object(reply, invalid_grant=invalid_grant)
    fault = next(_faults(data), None)
    if fault is not None:
        raise reply.invalid(fault)

    return Tokens(
        access_token=data["access_token"],
        refresh_token=data.get("refresh_token") or None,
        token_type=_token_type(data).lower(),
        raw=data,
        url=reply.url,
    )


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps a JSON object from being a token reply."""
    access_token = data.get("access_token")
    if not isinstance(access_token, str) or not access_token:
        yield "it has no access_token"

    if not isinstance(data.get("refresh_token"), str | None):
        yield "its refresh_token is no text"

    if _token_type(data).lower() != "bearer":
        yield "its token_type is not bearer"


def _token_type(data: Mapping[str, Any]) -> str:
    token_type = data.get("token_type")
    return "bearer" if token_type is None else str(token_type)
