"""Time limits: of the steps of one request, and the deadline that a call's budget sets them all."""

import asyncio
from collections.abc import Awaitable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import httpx

from connector_sdk.budget import BudgetExceededError, current_budget

ResultT = TypeVar("ResultT")

DEFAULT_BUDGET = 120.0
"""Seconds that one capability call may take, all its requests, retries and waits together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long each step of one request may take, in seconds; None for no limit.

    Parameters:
        connect: until the connection stands, TLS included.
        read: until the app sends something: the answer's start, then each further piece.
        write: until the app takes a piece of the request.
        pool: until the request may go out to a host that is busy with others.
    """

    connect: float | None = 10.0
    read: float | None = 30.0
    write: float | None = 30.0
    pool: float | None = 60.0

    def as_httpx(self) -> httpx.Timeout:
        """Return them in the form that httpx takes."""
        return httpx.Timeout(connect=self.connect, read=self.read, write=self.write, pool=self.pool)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a request must be done with, and everything that it takes.

    Parameters:
        at: the moment, by the clock of the event loop; None for never.
        budget: the budget that sets it, in seconds, for the message.
    """

    at: float | None
    budget: float

    def allows(self, wait: float) -> bool:
        """Tell whether something can still be done after waiting `wait` seconds."""
        return self.at is None or asyncio.get_running_loop().time() + wait < self.at

    async def keep(self, work: Awaitable[ResultT]) -> ResultT:
        """Await `work`, and end it at the deadline.

        Raises:
            BudgetExceededError: the deadline has come.
        """
        timeout = asyncio.timeout_at(self.at)
        try:
            async with timeout:
                return await work
        except TimeoutError:
            if timeout.expired():
                raise BudgetExceededError(self.budget) from None

            raise


NO_DEADLINE = Deadline(None, float("inf"))
"""For what has all the time in the world."""

_deadline: ContextVar[Deadline] = ContextVar("connector_sdk_http_deadline", default=NO_DEADLINE)


def current_deadline() -> Deadline:
    """Return the deadline of the request that is being sent."""
    return _deadline.get()


async def send_until(deadline: Deadline, work: Awaitable[ResultT]) -> ResultT:
    """Await the sending of a request, whose every step sees the deadline, and end it then.

    Raises:
        BudgetExceededError: the deadline has come.
    """
    token = _deadline.set(deadline)
    try:
        return await deadline.keep(work)
    finally:
        _deadline.reset(token)


def deadline_of_call(budget: float | None) -> Deadline:
    """Return the deadline of the running call, having limited it to `budget` seconds.

    Outside a call, as in a script, each request has the budget to itself.

    Parameters:
        budget: the client's budget for a whole call; None sets no limit of its own.
    """
    call = current_budget()
    if call is None:
        if budget is None:
            return NO_DEADLINE

        return Deadline(asyncio.get_running_loop().time() + budget, budget)

    if budget is not None:
        call.limit(budget)

    return NO_DEADLINE if call.seconds is None else Deadline(call.deadline, call.seconds)
