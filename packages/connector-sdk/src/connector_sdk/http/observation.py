"""Seeing what is sent: one record per request, for logs, spans, metrics and observers of one's own.

A record holds no secret: of the URL only host and a template of the path, of the bodies their
size. Bodies are there when a client asks for them, redacted and cut.
"""

import logging
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from connector_sdk.redaction import redact

logger = logging.getLogger("connector_sdk.http")

LONGEST_BODY = 2000
"""Characters of a body that a record holds."""

_VARIABLE_SEGMENT = re.compile(r".*[0-9@%:=+~].*|.{33,}", re.ASCII)
"""What stands for an id in a path: anything with a digit or a sign, or longer than a word."""

_VERSION_SEGMENT = re.compile(r"v[0-9]{1,3}(\.[0-9]{1,3})?", re.ASCII)
"""The version of an interface, which is no id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request that was sent, and what came of it.

    Parameters:
        method: the HTTP method.
        scheme: `http` or `https`.
        host: the app's host.
        port: its port.
        path_template: the path with ids replaced, such as `/users/{}`.
        status: the response's status; None when there was none.
        error: the class name of the error, when there was no response.
        started: when it was sent, in seconds since 1970.
        duration: seconds until the body was read, or of a streamed one, until the headers were.
        attempt: how often it was sent so far, this time included.
        sent_bytes: size of the request's body; None if that is not known.
        received_bytes: size of the response's body, as it was transferred; None if streamed.
        http_version: such as `HTTP/1.1`; None when there was no response.
        request_body: the beginning of the request's body, if the client observes bodies.
        response_body: the beginning of the response's body, if the client observes bodies.
    """

    method: str
    scheme: str
    host: str
    port: int
    path_template: str
    status: int | None
    error: str | None
    started: float
    duration: float
    attempt: int
    sent_bytes: int | None
    received_bytes: int | None
    http_version: str | None
    request_body: str | None = None
    response_body: str | None = None


Observer = Callable[[Exchange], None]
"""Called after each request that was sent, also one that failed."""


def is_observed(observers: Sequence[Observer]) -> bool:
    """Tell whether anybody would see a record."""
    return bool(observers) or logger.isEnabledFor(logging.DEBUG) or _has_telemetry()


def observe(exchange: Exchange, observers: Sequence[Observer]) -> None:
    """Show a record to the debug log, to OpenTelemetry and to the observers.

    An observer that fails is logged, and changes nothing for the call.
    """
    if logger.isEnabledFor(logging.DEBUG):
        _log(exchange)

    if _has_telemetry():
        from connector_sdk.http.telemetry import record

        observers = [record, *observers]

    for observer in observers:
        try:
            observer(exchange)
        except Exception as error:  # noqa: BLE001 # whatever an observer does, the call goes on
            logger.warning("an observer of HTTP requests failed: %s", redact(repr(error)))


def path_template(request: httpx.Request) -> str:
    """Return a request's path without what varies from request to request.

    It is the extension `path_template` if the request's author gave one, as in
    `client.get(f"/users/{id}", extensions={"path_template": "/users/{id}"})`; else the path with
    `{}` for each segment that looks like an id.
    """
    given = request.extensions.get("path_template")
    if isinstance(given, str):
        return given

    return "/".join(
        "{}" if _VARIABLE_SEGMENT.fullmatch(part) and not _VERSION_SEGMENT.fullmatch(part) else part
        for part in redact(request.url.raw_path.partition(b"?")[0].decode("ascii")).split("/")
    )


def excerpt(body: bytes) -> str:
    """Return the beginning of a body as text without the call's secrets."""
    # Redacted before it is cut, or the half of a secret could stand at the end.
    return redact(body.decode(errors="replace"))[:LONGEST_BODY]


def _has_telemetry() -> bool:
    """Tell whether this process uses OpenTelemetry: whoever sets it up has imported it."""
    return "opentelemetry.trace" in sys.modules or "opentelemetry.metrics" in sys.modules


def _log(exchange: Exchange) -> None:
    logger.debug(
        "%s %s%s: %s in %.3f s, attempt %d, %s bytes sent, %s received%s%s",
        exchange.method,
        exchange.host,
        exchange.path_template,
        exchange.status or exchange.error,
        exchange.duration,
        exchange.attempt,
        exchange.sent_bytes,
        exchange.received_bytes,
        "" if exchange.request_body is None else f"\nrequest body: {exchange.request_body}",
        "" if exchange.response_body is None else f"\nresponse body: {exchange.response_body}",
    )
