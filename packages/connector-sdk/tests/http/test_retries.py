"""Which requests are sent again, and when."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, NoReturn

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk.http import NO_RETRIES, AsyncClient, RateLimitedError, Retries
from connector_sdk.http.retries import Outcome, wait_before_next
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultTransport,
    run_in_virtual_time,
)


def app(request: httpx.Request) -> httpx.Response:
    """An app that does whatever it is asked."""
    return httpx.Response(200, json={"done": True})


class Refusing(httpx.AsyncBaseTransport):
    """A network on which every request fails in the same way, until it has failed often enough."""

    def __init__(self, error: Exception, times: int = 1000) -> None:
        self.error = error
        self.times = times
        self.requests = 0

    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        """Fail."""
        self.requests += 1
        if self.requests > self.times:
            return httpx.Response(200)

        raise self.error


async def attempts_of(method: str, kind: FaultKind, **options: Any) -> int:
    """How often a request comes to an app that fails once in a way."""
    transport = FaultTransport(app, FaultSchedule({f"{method} /": [Fault(kind)]}))
    async with AsyncClient(transport=transport, base_url="http://app.test") as client:
        with suppress(httpx.TransportError):
            await client.request(method, "/", **options)

    return len(transport.arrivals)


PASSING = [
    FaultKind.RESET_BEFORE,
    FaultKind.RESET_AFTER,
    FaultKind.RESET_IN_BODY,
    FaultKind.THROTTLED,
    FaultKind.LYING_THROTTLE,
    FaultKind.UNAVAILABLE,
]
"""Faults after which a request may succeed."""

LASTING = [FaultKind.ERROR_AFTER_COMMIT, FaultKind.WRONG_BODY, FaultKind.TRUNCATED]
"""Faults after which asking again is no remedy."""


@parametrize("kind", PASSING)
@parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_an_idempotent_request_is_sent_again(method: str, kind: FaultKind) -> None:
    """What does no harm twice is sent once more after a fault that passes."""
    assert 2 == run_in_virtual_time(attempts_of(method, kind))


@parametrize("kind", PASSING)
@parametrize("method", ["POST", "PATCH"])
def test_an_unsafe_request_is_sent_once(method: str, kind: FaultKind) -> None:
    """What may have reached the app is not sent again, whatever came back."""
    assert 1 == run_in_virtual_time(attempts_of(method, kind, json={"name": "Ada"}))


@parametrize("kind", PASSING)
def test_an_unsafe_request_with_an_idempotency_key_is_sent_again(kind: FaultKind) -> None:
    """With a key the app knows the second for the first."""
    headers = {"Idempotency-Key": "k-1"}
    assert 2 == run_in_virtual_time(attempts_of("POST", kind, headers=headers))


@parametrize("kind", PASSING)
def test_an_author_can_vouch_for_a_request(kind: FaultKind) -> None:
    """A search that is sent by POST is sent again when its author says that it is idempotent."""
    extensions = {"idempotent": True}
    assert 2 == run_in_virtual_time(attempts_of("POST", kind, extensions=extensions))


@parametrize("kind", LASTING)
def test_an_answer_that_will_not_change_is_not_asked_for_again(kind: FaultKind) -> None:
    """A 500, or a body that is wrong, is the answer."""
    assert 1 == run_in_virtual_time(attempts_of("GET", kind))


@parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("")])
def test_a_request_that_never_reached_the_app_is_sent_again(error: Exception) -> None:
    """Even an unsafe one."""
    network = Refusing(error, times=2)

    async def main() -> int:
        async with AsyncClient(transport=network) as client:
            return (await client.post("http://app.test/", json={})).status_code

    assert (200, 3) == (run_in_virtual_time(main()), network.requests)


def untrusted() -> httpx.ConnectError:
    """What httpx raises when a certificate is not trusted."""
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    return error


@parametrize(
    "error",
    [
        untrusted(),
        httpx.ProxyError("407 Proxy Authentication Required"),
        httpx.LocalProtocolError("Illegal header value"),
        httpx.UnsupportedProtocol("ftp"),
    ],
)
def test_what_cannot_succeed_is_not_tried_again(error: httpx.TransportError) -> None:
    """A certificate that is not trusted, a proxy that refuses, a request that is none."""
    network = Refusing(error)

    async def main() -> None:
        async with AsyncClient(transport=network) as client:
            with pytest.raises(type(error)):
                await client.get("http://app.test/")

    run_in_virtual_time(main())
    assert 1 == network.requests


def test_a_proxy_that_is_overloaded_is_asked_again() -> None:
    """The app was never reached, so even an unsafe request may try again."""
    network = Refusing(httpx.ProxyError("503 Service Unavailable"), times=1)

    async def main() -> int:
        async with AsyncClient(transport=network) as client:
            return (await client.post("http://app.test/", json={})).status_code

    assert (200, 2) == (run_in_virtual_time(main()), network.requests)


def test_a_body_that_is_made_while_it_is_sent_is_sent_once() -> None:
    """It is used up after the first attempt."""

    async def body() -> AsyncIterator[bytes]:
        yield b"ada"

    assert 1 == run_in_virtual_time(attempts_of("PUT", FaultKind.UNAVAILABLE, content=body()))


def test_the_last_response_is_returned_when_all_attempts_are_used_up() -> None:
    """It is for the author to raise it."""
    transport = FaultTransport(app, FaultSchedule({"GET /": [Fault(FaultKind.UNAVAILABLE)] * 9}))

    async def main() -> int:
        async with AsyncClient(transport=transport, base_url="http://app.test") as client:
            return (await client.get("/")).status_code

    assert (503, 4) == (run_in_virtual_time(main()), len(transport.arrivals))


def test_an_error_says_which_request_failed_and_how_often() -> None:
    """Without the query, which may be secret."""
    network = Refusing(httpx.ConnectError("All connection attempts failed"))

    async def main() -> str:
        async with AsyncClient(transport=network) as client:
            with pytest.raises(httpx.ConnectError) as caught:
                await client.get("http://app.test/users?key=abcdef")

        assert "http://app.test/users?key=abcdef" == caught.value.request.url
        return str(caught.value)

    expected = "GET http://app.test/users: All connection attempts failed, after 4 attempts"
    assert expected == run_in_virtual_time(main())


def failed_request(url: str) -> str:
    """What is said of a request that cannot be sent."""

    async def main() -> str:
        async with AsyncClient(retries=NO_RETRIES, trust_env=False) as client:
            with pytest.raises(httpx.ConnectError) as caught:
                await client.get(url)

        return str(caught.value)

    return asyncio.run(main())


def test_an_error_says_that_the_connection_was_refused() -> None:
    """In the operating system's words, not in those of the libraries between."""
    url = "http://127.0.0.1:9/users"
    assert f"GET {url}: the connection was refused" == failed_request(url)


def test_an_error_says_that_a_name_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when an address is mistyped."""

    def resolve(*_: Any, **__: Any) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    url = "http://app.test/users"
    assert f"GET {url}: the host's name is not known" == failed_request(url)


def test_a_client_can_do_without_retries() -> None:
    """Every request is sent once."""
    transport = FaultTransport(app, FaultSchedule({"GET /": [Fault(FaultKind.UNAVAILABLE)]}))

    async def main() -> int:
        client = AsyncClient(transport=transport, base_url="http://app.test", retries=NO_RETRIES)
        return (await client.get("/")).status_code

    assert (503, 1) == (run_in_virtual_time(main()), len(transport.arrivals))


def test_the_app_is_not_asked_before_the_time_that_it_names() -> None:
    """`Retry-After` is kept to."""
    faults = [Fault(FaultKind.THROTTLED, seconds=17.0)]
    transport = FaultTransport(app, FaultSchedule({"GET /": faults}))

    async def main() -> float:
        async with AsyncClient(transport=transport, base_url="http://app.test") as client:
            (await client.get("/")).raise_for_status()

        return asyncio.get_running_loop().time()

    assert 17 <= run_in_virtual_time(main()) < 18
    assert 2 == len(transport.arrivals)


def test_a_wait_that_outlasts_the_budget_is_said_at_once() -> None:
    """The call does not spend its budget on waiting in vain."""
    faults = [Fault(FaultKind.THROTTLED, seconds=500.0)]
    transport = FaultTransport(app, FaultSchedule({"GET /": faults}))

    async def main() -> tuple[float, RateLimitedError]:
        async with AsyncClient(transport=transport, base_url="http://app.test") as client:
            with pytest.raises(RateLimitedError) as caught:
                await client.get("/")

        return asyncio.get_running_loop().time(), caught.value

    now, error = run_in_virtual_time(main())
    assert (0.0, 500.0, 429) == (now, error.retry_after, error.status_code)


def test_a_refusal_without_end_is_said_at_once() -> None:
    """A `Retry-After` of years is no reason to wait, to hammer, or never to ask again."""
    lie = Fault(FaultKind.LYING_THROTTLE, retry_after="99999999999999999")
    transport = FaultTransport(app, FaultSchedule({"GET /": [lie]}))

    async def main() -> int:
        async with AsyncClient(transport=transport, base_url="http://app.test") as client:
            with pytest.raises(RateLimitedError):
                await client.get("/")

            return (await client.get("/")).status_code

    assert 200 == run_in_virtual_time(main())
    assert 2 == len(transport.arrivals)


def test_zero_seconds_to_wait_do_not_mean_to_hammer() -> None:
    """`Retry-After: 0` is met with the usual back-off."""
    lie = Fault(FaultKind.LYING_THROTTLE, retry_after="0")
    transport = FaultTransport(app, FaultSchedule({"GET /": [lie] * 3}))

    async def main() -> float:
        async with AsyncClient(transport=transport, base_url="http://app.test") as client:
            (await client.get("/")).raise_for_status()

        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(main()) > 0.25 + 0.5 + 1


def test_a_failure_for_which_no_time_is_left_is_returned_at_once() -> None:
    """A back-off that would outlast the budget is not begun."""
    transport = FaultTransport(app, FaultSchedule({"GET /": [Fault(FaultKind.UNAVAILABLE)]}))

    async def main() -> tuple[int, float]:
        client = AsyncClient(transport=transport, base_url="http://app.test", budget=0.1)
        response = await client.get("/")
        return response.status_code, asyncio.get_running_loop().time()

    assert (503, 0.0) == run_in_virtual_time(main())


@settings(deadline=None)
@given(attempts=st.integers(1, 60), asked=st.one_of(st.none(), st.floats(0, 1e6)))
def test_a_wait_grows_is_jittered_and_has_an_end(attempts: int, asked: float | None) -> None:
    """No wait is shorter than what the app asks, nor longer than the longest otherwise."""
    retries = Retries(first_wait=0.5, longest_wait=20)
    outcome = Outcome(attempt=attempts, asked_wait=asked)
    wait = wait_before_next(outcome, attempts, retries)
    if asked:
        assert asked <= wait <= asked + 0.5
    else:
        ceiling = min(20, 0.5 * 2 ** (attempts - 1))
        assert ceiling / 2 <= wait <= ceiling
