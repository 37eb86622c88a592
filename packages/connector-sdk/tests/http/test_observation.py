"""What can be seen of the requests that are sent."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_cases import parametrize

from connector_sdk.http import AsyncClient, Exchange, telemetry
from connector_sdk.http.observation import path_template
from connector_sdk.redaction import CallSecrets, begin_call, end_call
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultServer,
    FaultTransport,
    run_in_virtual_time,
)

pytestmark = pytest.mark.slow  # it needs OpenTelemetry's SDK

SECRET = "secret-of-the-call"


@pytest.fixture
def _in_a_call() -> Iterator[None]:
    text = json.dumps({"auth": {"token": {"token": SECRET}}})
    token = begin_call(CallSecrets(text, []))
    yield
    end_call(token)


def app(request: httpx.Request) -> httpx.Response:
    """An app that answers with what it got."""
    return httpx.Response(200, json={"you sent": request.content.decode()})


def observed(schedule: FaultSchedule | None = None, **options: Any) -> list[Exchange]:
    """The records of one request that was sent."""
    seen: list[Exchange] = []

    async def main() -> None:
        transport = FaultTransport(app, schedule)
        async with AsyncClient(
            transport=transport, base_url="https://app.test", observers=[seen.append], **options
        ) as http:
            with suppress(httpx.TransportError):
                await http.put(f"/users/42?key={SECRET}", content=SECRET)

    run_in_virtual_time(main())
    return seen


def test_each_request_makes_one_record() -> None:
    """With everything but what is secret."""
    (exchange,) = observed()
    assert ("PUT", "https", "app.test", 443) == (
        exchange.method,
        exchange.scheme,
        exchange.host,
        exchange.port,
    )
    assert ("/users/{}", 200, None) == (exchange.path_template, exchange.status, exchange.error)
    assert (1, len(SECRET)) == (exchange.attempt, exchange.sent_bytes)
    assert exchange.received_bytes == len(json.dumps({"you sent": SECRET}, separators=(",", ":")))
    assert SECRET not in repr(exchange)


def test_each_attempt_makes_a_record_of_its_own() -> None:
    """Also one without a response."""
    faults = [Fault(FaultKind.LATENCY, seconds=2.0), Fault(FaultKind.RESET_BEFORE)]
    faults.insert(0, Fault(FaultKind.UNAVAILABLE))
    schedule = FaultSchedule({f"PUT /users/42?key={SECRET}": faults})
    seen = observed(schedule)
    assert [(1, 503, None), (2, 200, None)] == [
        (exchange.attempt, exchange.status, exchange.error) for exchange in seen
    ]
    assert [0.0, 2.0] == [round(exchange.duration, 3) for exchange in seen]
    schedule = FaultSchedule({f"PUT /users/42?key={SECRET}": [Fault(FaultKind.RESET_BEFORE)]})
    assert ["ReadError", None] == [exchange.error for exchange in observed(schedule)]


@pytest.mark.usefixtures("_in_a_call")
def test_bodies_are_shown_when_they_are_asked_for() -> None:
    """Their beginnings, without secrets."""
    assert observed()[0].request_body is None
    (exchange,) = observed(observe_bodies=True)
    assert ("***", '{"you sent":"***"}') == (exchange.request_body, exchange.response_body)


def test_an_observer_that_fails_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged."""

    def failing(_exchange: Exchange) -> None:
        raise KeyError("observer")

    async def main() -> int:
        transport = FaultTransport(app)
        async with AsyncClient(transport=transport, observers=[failing]) as http:
            return (await http.get("http://app.test/")).status_code

    assert 200 == asyncio.run(main())
    assert "an observer of HTTP requests failed" in caplog.text


def test_requests_are_logged_for_debugging(caplog: pytest.LogCaptureFixture) -> None:
    """Only then."""
    with caplog.at_level(logging.INFO, logger="connector_sdk.http"):
        observed()
        assert "connector_sdk.http" not in {record.name for record in caplog.records}

    with caplog.at_level(logging.DEBUG, logger="connector_sdk.http"):
        observed()

    (line,) = [each.getMessage() for each in caplog.records if each.name == "connector_sdk.http"]
    assert line.startswith("PUT app.test/users/{}: 200 in 0.000 s, attempt 1, 18 bytes sent, ")
    assert SECRET not in line


PATHS = {
    "/users": "/users",
    "/users/42": "/users/{}",
    "/v2/users/ada@example.com/roles": "/v2/users/{}/roles",
    "/scim/v2.0/Groups/0b7c5bd8-5d7c-4b4e-9a4b-1d5f3c0a7e11": "/scim/v2.0/Groups/{}",
    "/users/caf%C3%A9/mail": "/users/{}/mail",
    "/users/a%0AINFO%20root": "/users/{}",
    "/teams/a-name-that-is-longer-than-any-word-of-an-interface": "/teams/{}",
    "/drive/root:folder": "/drive/{}",
    "/": "/",
}


@parametrize("path, expected", PATHS.items())
def test_a_template_has_no_ids(path: str, expected: str) -> None:
    """They would be a person's, and as many names as there are people."""
    assert expected == path_template(httpx.Request("GET", f"https://app.test{path}"))


def test_an_author_can_give_the_template() -> None:
    """Where what is an id cannot be seen."""
    extensions = {"path_template": "/users/{login}"}
    request = httpx.Request("GET", "https://app.test/users/ada", extensions=extensions)
    assert "/users/{login}" == path_template(request)


@pytest.fixture
def telemetry_providers(
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[InMemorySpanExporter, InMemoryMetricReader]:
    """OpenTelemetry as a host sets it up, for one test."""
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider(metric_readers=[reader])
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "get_tracer", tracers.get_tracer)
    monkeypatch.setattr(metrics, "get_meter", meters.get_meter)
    for instrument in (telemetry._duration, telemetry._size):
        instrument.cache_clear()

    return spans, reader


def test_requests_make_spans_by_the_conventions(
    telemetry_providers: tuple[InMemorySpanExporter, InMemoryMetricReader],
) -> None:
    """One per attempt, with the conventions' names, and nothing secret."""
    schedule = FaultSchedule({f"PUT /users/42?key={SECRET}": [Fault(FaultKind.UNAVAILABLE)]})
    observed(schedule)
    failed, done = telemetry_providers[0].get_finished_spans()
    assert ("PUT /users/{}", trace.SpanKind.CLIENT) == (done.name, done.kind)
    assert {
        "http.request.method": "PUT",
        "server.address": "app.test",
        "server.port": 443,
        "url.scheme": "https",
        "url.template": "/users/{}",
        "url.full": "https://app.test:443/users/{}",
        "http.response.status_code": 200,
        "http.request.resend_count": 1,
        "network.protocol.version": "1.1",
    } == dict(done.attributes or {})
    assert trace.StatusCode.ERROR is failed.status.status_code
    assert "503" == (failed.attributes or {})["error.type"]
    assert SECRET not in done.to_json() + failed.to_json()


def test_requests_are_measured_by_the_conventions(
    telemetry_providers: tuple[InMemorySpanExporter, InMemoryMetricReader],
) -> None:
    """Duration in seconds, sizes in bytes."""
    observed()
    data = telemetry_providers[1].get_metrics_data()
    assert data is not None
    found = {
        metric.name: metric.unit
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert {
        "http.client.request.duration": "s",
        "http.client.request.body.size": "By",
        "http.client.response.body.size": "By",
    } == found


def test_opentelemetry_is_loaded_only_where_it_is_used() -> None:
    """A connector that is started for one call does not pay for it."""
    code = (
        "import asyncio, sys, httpx\n"
        "from connector_sdk.http import AsyncClient\n"
        "transport = httpx.MockTransport(lambda request: httpx.Response(200))\n"
        "async def main():\n"
        "    async with AsyncClient(transport=transport) as http:\n"
        "        await http.get('http://app.test/')\n"
        "asyncio.run(main())\n"
        "print([name for name in ('opentelemetry', 'tenacity', 'truststore', 'graphql')"
        " if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


def test_a_streamed_body_has_no_size() -> None:
    """It is read later, by its author."""
    seen: list[Exchange] = []

    async def main() -> None:
        async with (
            FaultServer(app) as server,
            AsyncClient(base_url=server.url, observers=[seen.append]) as http,
            http.stream("GET", "/") as response,
        ):
            await response.aread()

    asyncio.run(main())
    assert [None] == [exchange.received_bytes for exchange in seen]
