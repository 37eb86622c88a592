"""Faults by schedule, and the clock that does not wait: tools that tests rely on."""

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultServer,
    FaultTransport,
    RandomFaults,
    logical_request,
    run_in_virtual_time,
)

pytestmark = pytest.mark.slow  # its tests start servers

Outcome = tuple[int, str] | str
"""Status and body, or the class name of the error."""


class App:
    """An app that counts what it has done."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Do something."""
        self.done += 1
        return httpx.Response(200, json={"path": request.url.path})


async def send(client: httpx.AsyncClient, **options: Any) -> Outcome:
    """What bare httpx, which adds nothing of its own, makes of an answer."""
    try:
        response = await client.get("/x", headers={"Authorization": "Bearer t"}, **options)
    except httpx.TransportError as error:
        return type(error).__name__

    return response.status_code, response.text


Serve = Callable[[App, FaultSchedule, int], tuple[list[Outcome], float]]


def by_transport(app: App, schedule: FaultSchedule, times: int) -> tuple[list[Outcome], float]:
    """Send a request some times through the transport."""

    async def main() -> tuple[list[Outcome], float]:
        transport = FaultTransport(app, schedule)
        async with httpx.AsyncClient(
            base_url="http://app.test", transport=transport, timeout=60
        ) as client:
            outcomes = [await send(client) for _ in range(times)]
            return outcomes, asyncio.get_running_loop().time()

    return run_in_virtual_time(main())


def by_server(app: App, schedule: FaultSchedule, times: int) -> tuple[list[Outcome], float]:
    """Send a request some times over a socket."""

    async def main() -> tuple[list[Outcome], float]:
        async with (
            FaultServer(app, schedule) as server,
            httpx.AsyncClient(base_url=server.url, timeout=60) as client,
        ):
            outcomes = [await send(client) for _ in range(times)]
            return outcomes, asyncio.get_running_loop().time()

    return run_in_virtual_time(main())


GOOD = (200, '{"path":"/x"}')
LOGIN = (
    200,
    "<!DOCTYPE html><html><head><title>Log in</title></head><body>Log in</body></html>",
)

FAULTS: dict[FaultKind, tuple[list[Outcome], int, float]] = {
    FaultKind.LATENCY: ([GOOD, GOOD], 2, 9.0),
    FaultKind.SLOW_BODY: ([GOOD, GOOD], 2, 9.0),
    FaultKind.RESET_BEFORE: (["ReadError", GOOD], 1, 0.0),
    FaultKind.RESET_AFTER: (["ReadError", GOOD], 2, 0.0),
    FaultKind.RESET_IN_BODY: (["ReadError", GOOD], 2, 0.0),
    FaultKind.THROTTLED: ([(429, "too many requests")] * 2, 0, 0.0),
    FaultKind.LYING_THROTTLE: ([(429, "too many requests"), GOOD], 1, 0.0),
    FaultKind.UNAVAILABLE: ([(503, "try later"), GOOD], 1, 0.0),
    FaultKind.ERROR_AFTER_COMMIT: ([(500, "something went wrong"), GOOD], 2, 0.0),
    FaultKind.TRUNCATED: ([(200, '{"path'), GOOD], 2, 0.0),
    FaultKind.WRONG_BODY: ([LOGIN, GOOD], 2, 0.0),
    FaultKind.EXPIRED_TOKEN: ([(401, "expired")] * 2, 0, 0.0),
}
"""For each kind: what comes of two requests, how many were processed, and the time that passes."""


def test_every_kind_of_fault_is_tested() -> None:
    """The table below is complete."""
    assert set(FaultKind) == set(FAULTS)


@parametrize("serve", [by_transport, by_server])
@parametrize("kind", list(FaultKind))
def test_a_fault_does_what_it_says(kind: FaultKind, serve: Serve) -> None:
    """On the transport and on real sockets alike."""
    outcomes, done, seconds = FAULTS[kind]
    app = App()
    schedule = FaultSchedule({"GET /x": [Fault(kind, seconds=9.0)]})
    found, took = serve(app, schedule, 2)
    if kind is FaultKind.RESET_IN_BODY and serve is by_server:
        # A reset may discard what was sent before it: the head may or may not have come.
        assert found[0] in ("ReadError", "RemoteProtocolError")
        found[0] = "ReadError"

    assert (outcomes, done, seconds) == (found, app.done, round(took, 2))


@settings(deadline=None)
@given(seed=st.integers(), attempt=st.integers(1, 9), logical=st.text())
def test_random_faults_depend_on_seed_and_request_only(
    seed: int, attempt: int, logical: str
) -> None:
    """Not on what was asked before."""
    schedule = RandomFaults(seed, rate=0.7)
    first = schedule.fault(logical, attempt)
    schedule.fault("another", 1)
    assert (
        first
        == schedule.fault(logical, attempt)
        == RandomFaults(seed, rate=0.7).fault(logical, attempt)
    )


def test_random_faults_have_a_bound() -> None:
    """After so many, every request succeeds."""
    schedule = RandomFaults(1, rate=1.0, most=3, kinds=[FaultKind.UNAVAILABLE])
    faults = [schedule.fault("x", attempt) for attempt in range(1, 6)]
    kinds = [fault and fault.kind for fault in faults]
    assert [FaultKind.UNAVAILABLE] * 3 + [None] * 2 == kinds


def test_all_kinds_come_up() -> None:
    """Somewhere in a thousand requests."""
    schedule = RandomFaults(1, rate=0.5)
    faults = [schedule.fault(f"GET /{number}", 1) for number in range(1000)]
    assert set(FaultKind) == {fault.kind for fault in faults if fault is not None}


def test_a_request_is_known_by_method_target_and_body() -> None:
    """The same write is the same request, another is not."""
    first = httpx.Request("POST", "http://app.test/users?a=1", json={"name": "Ada"})
    again = httpx.Request("POST", "http://app.test/users?a=1", json={"name": "Ada"})
    other = httpx.Request("POST", "http://app.test/users?a=1", json={"name": "Eve"})
    assert logical_request(first) == logical_request(again) != logical_request(other)
    assert logical_request(first).startswith("POST /users?a=1 #")
    assert "GET /" == logical_request(httpx.Request("GET", "http://app.test"))


def test_what_arrived_is_remembered() -> None:
    """Each attempt with its fault, and whether it was processed."""

    async def main() -> list[Any]:
        schedule = FaultSchedule({"GET /x": [Fault(FaultKind.UNAVAILABLE)]})
        async with (
            FaultServer(App(), schedule) as server,
            httpx.AsyncClient(base_url=server.url) as client,
        ):
            await send(client)
            await send(client)
            return [
                (each.logical, each.attempt, each.fault and each.fault.kind, each.was_processed)
                for each in server.arrivals
            ]

    assert [
        ("GET /x", 1, FaultKind.UNAVAILABLE, False),
        ("GET /x", 2, None, True),
    ] == run_in_virtual_time(main())


def test_the_server_speaks_tls() -> None:
    """With a context that is handed to it."""
    authority = trustme.CA()
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)

    async def main() -> Outcome:
        async with (
            FaultServer(App(), ssl_context=server_side) as server,
            httpx.AsyncClient(base_url=server.url, verify=client_side) as client,
        ):
            return await send(client)

    assert asyncio.run(main()) == GOOD


def test_a_client_that_speaks_no_http_does_not_harm_the_server() -> None:
    """Nor one that goes away in the middle."""

    async def main() -> Outcome:
        async with FaultServer(App()) as server:
            for noise in (b"\x00\x01nonsense\r\n\r\n", b"GET /x HT", b""):
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(noise)
                writer.close()
                await writer.wait_closed()

            async with httpx.AsyncClient(base_url=server.url) as client:
                return await send(client)

    assert asyncio.run(main()) == GOOD


def test_virtual_time_waits_for_nothing() -> None:
    """A day passes in no time, in the right order."""
    order: list[str] = []

    async def later(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        order.append(name)

    async def main() -> float:
        await asyncio.gather(later("b", 86_400), later("a", 3600))
        return asyncio.get_running_loop().time()

    started = time.monotonic()
    assert 86_400 == pytest.approx(run_in_virtual_time(main()))
    assert ["a", "b"] == order
    assert time.monotonic() - started < 3600
