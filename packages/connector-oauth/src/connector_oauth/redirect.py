"""The redirect with which a provider answers, and whether to believe it (RFC 6749, 4.1.2)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from urllib.parse import parse_qs, unquote_plus, urlsplit

from connector_sdk import ConnectorError, redact
from connector_sdk.models import ErrorCode

RESPONSE_PARAMETERS = frozenset(
    {"code", "error", "error_description", "error_uri", "iss", "scope", "session_state", "state"}
)
"""What a provider adds to the query of a redirect; it comes after the redirect's own query."""

ONLY_ONCE = ("code", "error", "iss", "state")
"""Parameters of which a second one could be smuggled in (RFC 6749, section 3.1)."""

LONGEST_DESCRIPTION = 300
"""Characters of the provider's error code and description that a message repeats."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect that brought a code."""

    code: str = field(repr=False)

    redirect_uri: str
    """The redirect without what the provider added: the `redirect_uri` the code was asked with."""

    issuer: str | None
    """Who says that it sent the redirect (`iss`, RFC 9207), if it says so."""


def read_redirect(url: str, *, state: str | None = None, issuer: str | None = None) -> Redirect:
    """Return the code in a redirect, after everything that can be checked without a call.

    Parameters:
        url: the whole URL to which the provider sent the user.
        state: the `state` that the authorization URL had; None if it is checked elsewhere.
        issuer: the provider's issuer identifier; None if it is not known.

    Raises:
        ConnectorError: `bad_request`, when the URL cannot be read, has no code, has a parameter
            twice, or `state` or `iss` is not the one that is expected; `permission_denied`, when
            the user or the provider refused; `unauthorized`, for any other error that the provider
            reports.
    """
    try:
        found = parse_qs(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        raise _bad("it cannot be read") from None

    for name in ONLY_ONCE:
        if len(found.get(name, ())) > 1:
            raise _bad(f"it has {name} more than once")

    parameters = {name: values[0] for name, values in found.items()}
    if state is not None and not _same(parameters.get("state", state), state):
        raise _bad("its state is not the one that was sent; the login may be forged")

    if issuer is not None and not _same(parameters.get("iss", issuer), issuer):
        raise _bad("its iss is not the provider that was asked; another one answered in its place")

    # An error needs no state: it brings nothing that could be abused, and some providers omit it.
    if parameters.get("error"):
        raise _refusal(parameters)

    if state is not None and "state" not in parameters:
        raise _bad("it has no state, but one was sent")

    if not parameters.get("code"):
        raise _bad("it has no code")

    return Redirect(parameters["code"], _without_response(url), parameters.get("iss"))


def _same(one: str, other: str) -> bool:
    """Compare in a time that does not depend on where two texts differ."""
    return hmac.compare_digest(
        one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass")
    )


def _without_response(url: str) -> str:
    """Return a redirect up to where the provider's parameters begin, byte for byte."""
    address, _, query = url.partition("#")[0].partition("?")
    own = "&".join(
        takewhile(
            lambda pair: unquote_plus(pair.partition("=")[0]) not in RESPONSE_PARAMETERS,
            query.split("&"),
        )
    )
    return f"{address}?{own}" if own else address


def _refusal(parameters: Mapping[str, str]) -> ConnectorError:
    error = parameters["error"]
    description = parameters.get("error_description")
    text = redact(f"{error}: {description}" if description else error)[:LONGEST_DESCRIPTION]
    denied = error == "access_denied"
    return ConnectorError(
        message=f"the provider did not grant access: {text}",
        error_code=ErrorCode.PERMISSION_DENIED if denied else ErrorCode.UNAUTHORIZED,
        app_error_code=redact(error)[:LONGEST_DESCRIPTION],
    )


def _bad(fault: str) -> ConnectorError:
    return ConnectorError(
        message=f"request.redirect_uri_with_code: {fault}", error_code=ErrorCode.BAD_REQUEST
    )
