"""Waits that pass at once: whoever sleeps finds the event loop's clock put forward instead.

So back-offs, rate limits and time budgets add up as they do in earnest, and a test need not sit
through them. What other threads do takes the time that it takes, unlike in virtual time.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from unittest import mock

from connector_sdk.http.rate_limits import limits_apart
from connector_sdk.testing.virtual_time import VirtualTimeLoop

ResultT = TypeVar("ResultT")


@contextmanager
def without_waiting() -> Iterator[None]:
    """Let waits pass at once: between attempts, for a rate limit, and those of connector code.

    Rate limits begin anew in the block and are forgotten after it, so that no test has to wait for
    what another one has sent, or was told by its app. `mock_requests` and `connector_checks` do so
    by themselves. In `run_in_virtual_time` sleeping is left to its clock.
    """
    clock, pause = asyncio.BaseEventLoop.time, asyncio.sleep
    ahead = 0.0

    def time(loop: asyncio.BaseEventLoop) -> float:
        return clock(loop) + ahead

    async def sleep(delay: float, result: ResultT | None = None) -> ResultT | None:
        nonlocal ahead
        loop = asyncio.get_running_loop()
        if isinstance(loop, VirtualTimeLoop):
            return await pause(delay, result)

        end = loop.time() + delay
        await pause(0)  # others fall asleep at the same moment, and their waits do not add up
        ahead += max(0.0, end - loop.time())
        await pause(0)  # time limits that have come are noticed,
        await pause(0)  # and end what they limit
        return result

    with (
        mock.patch.object(asyncio.BaseEventLoop, "time", time),
        mock.patch.object(asyncio, "sleep", sleep),
        mock.patch("time.sleep"),
        limits_apart(),
    ):
        yield
