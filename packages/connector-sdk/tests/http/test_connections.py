"""Connections that stay open between requests: which one is used, and when they are closed."""

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from connector_sdk import BudgetExceededError
from connector_sdk.http import NO_RETRIES, AsyncClient
from connector_sdk.http import connections as kept
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultServer,
    run_in_virtual_time,
)

ResultT = TypeVar("ResultT")

AT_ONCE = 6
"""Requests that are with the app at the same time."""


def answer(_request: httpx.Request) -> httpx.Response:
    """An app that has one answer."""
    return httpx.Response(200, json={})


def run_with_server(
    body: Callable[[FaultServer, AsyncClient], Awaitable[ResultT]], faults: FaultSchedule
) -> ResultT:
    """Run `body` with a server and a client; a sleep takes no time."""

    async def main() -> ResultT:
        async with (
            FaultServer(answer, faults) as server,
            AsyncClient(base_url=server.url) as client,
        ):
            return await body(server, client)

    return run_in_virtual_time(main())


async def ask_at_once(client: AsyncClient) -> None:
    """Make requests that are with the app at the same time."""
    await asyncio.gather(*(client.get("/slow") for _ in range(AT_ONCE)))


SLOW = FaultSchedule({"GET /slow": [Fault(FaultKind.LATENCY, seconds=1.0)] * 2 * AT_ONCE})


def test_open_connections_are_used_again() -> None:
    """Requests one after another, and several at once, open no more than are needed."""

    async def body(server: FaultServer, client: AsyncClient) -> list[int]:
        counts = []
        for _ in range(2):
            await ask_at_once(client)
            await client.get("/")
            await client.get("/")
            counts.append(server.connections_made)

        return counts

    assert [AT_ONCE, AT_ONCE] == run_with_server(body, SLOW)


def test_a_connection_that_was_idle_for_long_is_not_used_again() -> None:
    """Gateways forget such connections without a word."""

    async def body(server: FaultServer, client: AsyncClient) -> list[int]:
        counts = []
        for wait in (0, kept.IDLE_SECONDS - 1, kept.IDLE_SECONDS + 1):
            await asyncio.sleep(wait)
            await client.get("/")
            counts.append(server.connections_made)

        return counts

    assert [1, 1, 2] == run_with_server(body, FaultSchedule({}))


def test_connections_that_are_not_used_any_more_are_closed() -> None:
    """While one of them goes on to be used, the others' time ends."""

    async def body(_server: FaultServer, client: AsyncClient) -> tuple[int, int]:
        await ask_at_once(client)
        before = len(os.listdir("/dev/fd"))
        for _ in range(2):
            await asyncio.sleep(kept.IDLE_SECONDS - 1)
            await client.get("/")

        await asyncio.sleep(1)  # for the server to close its ends
        return before, len(os.listdir("/dev/fd"))

    before, after = run_with_server(body, SLOW)
    # Each connection has two ends in this process.
    assert 2 * (AT_ONCE - 1) == before - after


def test_no_more_connections_stay_open_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that many requests at once have needed, the ones used last stay."""
    monkeypatch.setattr(kept, "MOST_IDLE", 2)

    async def body(server: FaultServer, client: AsyncClient) -> list[int]:
        counts = []
        for _ in range(2):
            await ask_at_once(client)
            counts.append(server.connections_made)

        return counts

    assert [AT_ONCE, 2 * AT_ONCE - 2] == run_with_server(body, SLOW)


def test_a_connection_whose_body_was_not_read_is_closed() -> None:
    """What is left of a body would be taken for the next response."""
    slow = FaultSchedule({"GET /slow": [Fault(FaultKind.SLOW_BODY, seconds=1.0)]})

    async def body(server: FaultServer, client: AsyncClient) -> int:
        async with client.stream("GET", "/slow"):
            pass

        await client.get("/")
        return server.connections_made

    assert 2 == run_with_server(body, slow)


def test_a_connection_whose_request_was_cancelled_is_closed() -> None:
    """It may still have an answer on its way."""

    async def body(server: FaultServer, client: AsyncClient) -> int:
        asking = asyncio.create_task(client.get("/slow"))
        await asyncio.sleep(0.5)
        asking.cancel()
        await asyncio.wait([asking])
        await client.get("/")
        return server.connections_made

    assert 2 == run_with_server(body, SLOW)


def test_a_handshake_that_is_given_up_leaves_no_socket() -> None:
    """Not even until garbage is collected: an app that is silent is asked again and again."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def main() -> tuple[int, int]:
        async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
            url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            before = len(os.listdir("/dev/fd"))
            async with AsyncClient(base_url=url, retries=NO_RETRIES, budget=1.0) as client:
                for _ in range(3):
                    with pytest.raises(BudgetExceededError):
                        await client.get("/")

            await asyncio.sleep(1)  # for the server to close its ends
            return before, len(os.listdir("/dev/fd"))

    gc.disable()
    try:
        before, after = run_in_virtual_time(main())
    finally:
        gc.enable()

    assert before == after
