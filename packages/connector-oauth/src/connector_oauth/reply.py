"""A provider's reply, and what it means when it is an error (RFC 6749, section 5.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from connector_sdk import ConnectorError, add_secret, redact
from connector_sdk.errors import LONGEST_BODY
from connector_sdk.models import ErrorCode

SECRET_MEMBERS = ("access_token", "refresh_token", "id_token")
"""Members of a reply that are secret from the moment it is read, wherever they are in it."""

NAMED_SECRET = re.compile(
    rf"({'|'.join(SECRET_MEMBERS)})"
    r"""(["'\\\s]|%22|&quot;)*([:=>]|%3[ade])""",
    re.IGNORECASE,
)
"""One of them before its value, in a form, in XML, or in JSON that is cut off or wrapped."""

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

REDIRECT = 3
"""First digit of a status that sends elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A provider's reply, whole."""

    url: str
    """Where the request went, without the query."""

    status: int
    body: bytes = field(default=b"", repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is no error by itself."""
        return self.status // 100 == SUCCESS

    def invalid(self, fault: str) -> ConnectorError:
        """Return the error for a reply that is not what the provider's interface promises.

        The body is not quoted: it may hold tokens where nobody looks for them.

        Parameters:
            fault: what is wrong, as a sentence about "it".
        """
        return ConnectorError(
            message=f"[{self.status}][{self.url}] the reply cannot be used: {fault}",
            error_code=ErrorCode.INVALID_RESPONSE,
            status_code=self.status,
        )


def is_object(reply: Reply) -> bool:
    """Tell whether the body is a JSON object, whatever the status."""
    return isinstance(_json(reply.body), dict)


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
    if not error and reply.is_success:
        return data

    own = error if isinstance(error, str) else None
    raise ConnectorError(
        message=f"[{reply.status}][{reply.url}] {_quoted(reply, data)}",
        error_code=_code(reply.status, own, invalid_grant),
        app_error_code=redact(own)[:LONGEST_ERROR] if own else None,
        status_code=reply.status,
    )


def _quoted(reply: Reply, data: Any) -> str:
    """Return what the message for an error repeats of a reply, or says in its place."""
    if reply.status // 100 == REDIRECT:
        return "a redirect, which is not followed; configure the URL that it leads to"

    text = reply.body.decode(errors="replace")
    if not isinstance(data, dict) and NAMED_SECRET.search(text):
        return "the reply is not repeated: it is not a JSON object, and seems to have tokens in it"

    return redact(text)[:LONGEST_BODY]


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
