"""How long a call may take: one budget, kept by dispatch and known to whatever waits in between."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from connector_sdk.errors import ConnectorError
from connector_sdk.models.errors import ErrorCode


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

    It works as `asyncio.timeout` does, but costs little until there is a limit: most calls make
    no request to an app, and are over in microseconds. `with` begins and ends the call, and raises
    `BudgetExceededError` if it was the budget that ended it.

    Parameters:
        granted: seconds that the call's caller grants; None leaves the limit to the integration.
    """

    __slots__ = (
        "_cancelling",
        "_granted",
        "_is_over",
        "_loop",
        "_task",
        "_timer",
        "_token",
        "seconds",
        "started",
    )

    def __init__(self, granted: float | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._granted = granted
        self._task = asyncio.current_task(self._loop)
        self._cancelling = 0 if self._task is None else self._task.cancelling()
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False
        self.started = self._loop.time()
        self.seconds: float | None = None

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
            self._set_timer()
            return

        with suppress(RuntimeError):  # the loop is closed: the call is over already
            self._loop.call_soon_threadsafe(self._set_timer)

    def __enter__(self) -> None:
        self._token = _current.set(self)
        if self._granted is not None:
            self.seconds = self._granted
            self._set_timer()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _current.reset(self._token)
        if self._timer is not None:
            self._timer.cancel()

        is_used_up = kind is not None and self._was_used_up(kind)
        self._task = None
        if is_used_up and self.seconds is not None:
            raise BudgetExceededError(self.seconds) from None

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

        if self._task is not None and self.deadline is not None:
            self._timer = self._loop.call_at(self.deadline, self._end)

    def _end(self) -> None:
        if self._task is not None:
            self._is_over = True
            self._task.cancel()

    def _was_used_up(self, kind: type[BaseException]) -> bool:
        """Tell whether what ended the call is this budget's own cancellation, and no other."""
        if not self._is_over or self._task is None or not issubclass(kind, asyncio.CancelledError):
            return False

        return self._task.uncancel() <= self._cancelling


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


def begin_budget() -> CallBudget:
    """Return the budget of a call that begins now, in the current task; use it with `with`."""
    return CallBudget(_granted.get())


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
