"""OpenTelemetry: a span and a measurement per request, named by the HTTP semantic conventions.

Loaded only in a process that uses OpenTelemetry itself (extra `observe`).
"""

from functools import cache

from opentelemetry import metrics, trace
from opentelemetry.metrics import Histogram
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

from connector_sdk.http.observation import Exchange

NANOSECONDS = 1_000_000_000
"""In a second."""

LOWEST_ERROR = 400
"""Statuses from here on are errors to a client, by the conventions."""

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""Bounds of the duration's histogram in seconds, which the conventions advise."""


def record(exchange: Exchange) -> None:
    """Record a request as a finished span, and its duration and sizes as measurements."""
    common = _common_attributes(exchange)
    start = int(exchange.started * NANOSECONDS)
    span = trace.get_tracer("connector_sdk.http").start_span(
        f"{exchange.method} {exchange.path_template}",
        kind=SpanKind.CLIENT,
        start_time=start,
        attributes={**common, **_span_attributes(exchange)},
    )
    if "error.type" in common:
        span.set_status(Status(StatusCode.ERROR))

    span.end(end_time=start + int(exchange.duration * NANOSECONDS))
    _duration().record(exchange.duration, common)
    if exchange.sent_bytes is not None:
        _size("request").record(exchange.sent_bytes, common)

    if exchange.received_bytes is not None:
        _size("response").record(exchange.received_bytes, common)


def _common_attributes(exchange: Exchange) -> dict[str, AttributeValue]:
    attributes: dict[str, AttributeValue] = {
        "http.request.method": exchange.method,
        "server.address": exchange.host,
        "server.port": exchange.port,
        "url.scheme": exchange.scheme,
        "url.template": exchange.path_template,
    }
    if exchange.status is not None:
        attributes["http.response.status_code"] = exchange.status

    if exchange.http_version is not None:
        attributes["network.protocol.version"] = exchange.http_version.removeprefix("HTTP/")

    if exchange.error is not None:
        attributes["error.type"] = exchange.error
    elif exchange.status is not None and exchange.status >= LOWEST_ERROR:
        attributes["error.type"] = str(exchange.status)

    return attributes


def _span_attributes(exchange: Exchange) -> dict[str, AttributeValue]:
    # The template stands for the path: an id in it may be a person's.
    authority = f"{exchange.scheme}://{exchange.host}:{exchange.port}"
    attributes: dict[str, AttributeValue] = {"url.full": f"{authority}{exchange.path_template}"}
    if exchange.attempt > 1:
        attributes["http.request.resend_count"] = exchange.attempt - 1

    return attributes


@cache
def _duration() -> Histogram:
    return metrics.get_meter("connector_sdk.http").create_histogram(
        "http.client.request.duration",
        unit="s",
        description="Duration of HTTP client requests.",
        explicit_bucket_boundaries_advisory=BUCKETS,
    )


@cache
def _size(which: str) -> Histogram:
    return metrics.get_meter("connector_sdk.http").create_histogram(
        f"http.client.{which}.body.size",
        unit="By",
        description=f"Size of HTTP client {which} bodies.",
    )
