"""A token endpoint's reply: the tokens, or why there are none (RFC 6749, sections 5.1 and 5.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from connector_oauth.exchange import Reply
from connector_sdk import ConnectorError, add_secret, redact
from connector_sdk.errors import LONGEST_BODY
from connector_sdk.models import ErrorCode

SECRET_MEMBERS = ("access_token", "refresh_token", "id_token")
"""Members of a reply that are secret from the moment it is read, wherever they are in it."""

CODE_BY_ERROR = {"invalid_client": ErrorCode.UNAUTHORIZED}
"""What the provider's error code means, whatever the status; `invalid_grant` has two meanings."""

CODE_BY_STATUS = {
    401: ErrorCode.UNAUTHORIZED,
    403: ErrorCode.PERMISSION_DENIED,
    429: ErrorCode.RATE_LIMIT,
}
"""What an HTTP status means; any other is one of its class."""

CODE_BY_STATUS_CLASS = {5: ErrorCode.SERVICE_ERROR}
"""What the first digit of an HTTP status means; any other is `api_error`."""

SUCCESS = 2
"""First digit of a status that is no error by itself."""

LONGEST_ERROR = 100
"""Characters of the provider's own error code that a reply repeats."""


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


def read_object(reply: Reply, *, invalid_grant: ErrorCode = ErrorCode.API_ERROR) -> dict[str, Any]:
    """Return the JSON object in a reply that is no error.

    Raises:
        ConnectorError: the reply is an error; or `invalid_response`, when it is no JSON object.
    """
    data = _checked(reply, invalid_grant)
    if not isinstance(data, dict):
        raise reply.invalid("it is not a JSON object")

    return data


def check(reply: Reply, *, invalid_grant: ErrorCode) -> None:
    """Check that a reply is no error, whatever else is in it.

    Raises:
        ConnectorError: it is an error, by its status or its member `error`.
    """
    _checked(reply, invalid_grant)


def _checked(reply: Reply, invalid_grant: ErrorCode) -> Any:
    """Return the JSON value in a reply that is no error, or None when there is none."""
    data = _json(reply.body)
    for secret in _secrets_in(data):
        add_secret(secret)

    error = data.get("error") if isinstance(data, dict) else None
    if not error and reply.status // 100 == SUCCESS:
        return data

    own = error if isinstance(error, str) else None
    body = redact(reply.body.decode(errors="replace"))[:LONGEST_BODY]
    raise ConnectorError(
        message=f"[{reply.status}][{reply.url}] {body}",
        error_code=_code(reply.status, own, invalid_grant),
        app_error_code=redact(own)[:LONGEST_ERROR] if own else None,
        status_code=reply.status,
    )


def _json(body: bytes) -> Any:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        return None


def _secrets_in(value: Any) -> Iterator[str]:
    """Yield the tokens in a JSON value, wherever they are; the parser bounds how deep it goes."""
    if isinstance(value, list):
        for each in value:
            yield from _secrets_in(each)

    if isinstance(value, dict):
        for name, each in value.items():
            if name in SECRET_MEMBERS and isinstance(each, str):
                yield each

            yield from _secrets_in(each)


def _code(status: int, error: str | None, invalid_grant: ErrorCode) -> ErrorCode:
    if error == "invalid_grant":
        return invalid_grant

    return (
        CODE_BY_ERROR.get(error or "")
        or CODE_BY_STATUS.get(status)
        or CODE_BY_STATUS_CLASS.get(status // 100)
        or ErrorCode.API_ERROR
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
