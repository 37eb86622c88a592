"""How long a call may take: one budget, kept by dispatch and known to whatever waits in between."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TypeVar

from connector_sdk.errors import ConnectorError
from connector_sdk.models.errors import ErrorCode

ResultT = TypeVar("ResultT")


class BudgetExceededError(ConnectorError):
    """A call was ended because its time budget was used up; the reply is `request_timeout`.

    Parameters:
        seconds: the budget.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(
            message=f"the call was ended when its time budget of {seconds:g} s was used up",
            error_code=ErrorCode.REQUEST_TIMEOUT,
        )
        self.seconds = seconds


class CallBudget:
    """The time budget of one running call, which may be of any length until somebody limits it.

    Parameters:
        granted: seconds that the call's caller grants; None leaves the limit to the integration.
    """

    __slots__ = ("_granted", "_loop", "_timeout", "seconds", "started")

    def __init__(self, granted: float | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._granted = granted
        self._timeout = asyncio.timeout(granted)
        self.started = self._loop.time()
        self.seconds = granted

    @property
    def deadline(self) -> float | None:
        """When the call ends, by the clock of the event loop; None while nothing limits it."""
        return None if self.seconds is None else self.started + self.seconds

    def limit(self, seconds: float) -> None:
        """End the call `seconds` after its start, unless its caller granted it another budget.

        Of several limits the nearest holds. May be called from any thread.
        """
        if self._granted is not None or (self.seconds is not None and self.seconds <= seconds):
            return

        self.seconds = seconds
        if _running_loop() is self._loop:
            self._reschedule()
            return

        with suppress(RuntimeError):  # the loop is closed: the call is over already
            self._loop.call_soon_threadsafe(self._reschedule)

    async def keep(self, work: Awaitable[ResultT]) -> ResultT:
        """Await `work`, and end it when the budget is used up.

        Raises:
            BudgetExceededError: the budget was used up.
        """
        try:
            async with self._timeout:
                return await work
        except TimeoutError:
            if self._timeout.expired() and self.seconds is not None:
                raise BudgetExceededError(self.seconds) from None

            raise

    def _reschedule(self) -> None:
        with suppress(RuntimeError):  # the call is over already
            self._timeout.reschedule(self.deadline)


_granted: ContextVar[float | None] = ContextVar("connector_sdk_granted_budget", default=None)
_current: ContextVar[CallBudget | None] = ContextVar("connector_sdk_call_budget", default=None)


@contextmanager
def call_budget(seconds: float) -> Iterator[None]:
    """Grant each call that is dispatched inside a time budget of its own.

    It takes the place of the integration's own budget, be it longer or shorter:

    ```python
    with call_budget(600):
        reply = await integration.dispatch("list_accounts", request)
    ```

    Parameters:
        seconds: how long a call may take, from the moment its capability is started.

    Raises:
        ValueError: `seconds` is not a positive number.
    """
    if not seconds > 0:
        raise ValueError(f"a budget is a positive number of seconds, not {seconds!r}")

    token = _granted.set(seconds)
    try:
        yield
    finally:
        _granted.reset(token)


def current_budget() -> CallBudget | None:
    """Return the budget of the running call; None outside a call."""
    return _current.get()


async def within_budget(work: Awaitable[ResultT]) -> ResultT:
    """Await `work` as a call with a budget of its own.

    Raises:
        BudgetExceededError: the budget was used up.
    """
    budget = CallBudget(_granted.get())
    token = _current.set(budget)
    try:
        return await budget.keep(work)
    finally:
        _current.reset(token)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
