"""An event loop whose clock does not wait: back-offs of minutes are tested in milliseconds.

Whenever nothing is ready, the clock jumps to the next timer. Sockets between tasks of the same
loop work as ever. What other threads and processes do takes no time by this clock, so tests that
wait for them use an ordinary loop.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from connector_sdk.http.rate_limits import limits_apart

ResultT = TypeVar("ResultT")

GRACE = 0.0005
"""Seconds of real time before the clock jumps, for what the operating system has under way."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps over every wait."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """Return the seconds that have passed by this clock."""
        return self._elapsed

    def jump(self, seconds: float) -> None:
        """Put the clock forward."""
        self._elapsed += seconds


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)

        events = super().select(min(timeout, GRACE))
        if not events:
            self._loop.jump(timeout)

        return events


def run_in_virtual_time(main: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run a coroutine as `asyncio.run` does, on a loop whose clock jumps over every wait.

    Rate limits begin anew: what was kept of them was reckoned by another clock.
    """
    with limits_apart(), asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
