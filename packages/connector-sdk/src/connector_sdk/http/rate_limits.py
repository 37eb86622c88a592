"""Rate limits: what an integration declares or an app says, kept for all calls to one tenant.

Each tenant has its own account of requests, in the whole process: calls of one tenant queue up
behind each other, and never behind another tenant's.
"""

import asyncio
import math
import threading
from bisect import insort
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from connector_sdk.errors import ConnectorError
from connector_sdk.http.limits import Deadline
from connector_sdk.http.rate_headers import RateState
from connector_sdk.models.errors import ErrorCode

LONGEST_LEARNT = 3600.0
"""Seconds. What an app says about a longer time is not believed for other calls."""

SAME_WINDOW = 2.0
"""Seconds. Windows that end this close to each other are one, reckoned from different responses."""

MOST_LIMITS = 4096
"""Tenants whose limits a process keeps before it drops those that constrain nothing any more."""

NEVER = -math.inf
"""A moment before all others."""


class RateLimitedError(ConnectorError):
    """The app's rate limit leaves no request within the call's budget; the reply is `rate_limit`.

    Parameters:
        retry_after: seconds until a request may be made.
        status_code: 429, when the app has just said so.
    """

    def __init__(self, retry_after: float, *, status_code: int | None = None) -> None:
        wait = math.ceil(retry_after)
        super().__init__(
            message=f"the app's rate limit allows the next request in {wait} s, later than this "
            f"call's time budget allows; call again in {wait} s",
            error_code=ErrorCode.RATE_LIMIT,
            status_code=status_code,
        )
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit that an integration declares.

    Parameters:
        requests: how many a tenant may make,
        seconds: in any span of so many seconds.
    """

    requests: int
    seconds: float

    def __post_init__(self) -> None:
        if self.requests < 1 or not self.seconds > 0:
            raise ValueError(f"{self!r}: both must be positive")


class TenantLimit:
    """When one tenant's next request to one host may be made; usable from all threads."""

    __slots__ = ("_allowance", "_blocked_until", "_lock", "_reset_at", "_slots", "_span")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: deque[float] = deque()
        self._span = 0.0
        self._blocked_until = NEVER
        self._allowance = 0
        self._reset_at = NEVER

    def reserve(self, declared: RateLimit | None, *, now: float) -> float:
        """Take the next place in the queue, and return the moment at which its turn comes."""
        with self._lock:
            slot = now if declared is None else self._next_slot(declared, now)
            return max(slot, self._learnt_moment(now))

    def confirm(self, slot: float, declared: RateLimit, *, now: float) -> bool:
        """Tell whether a request may go now whose turn came at `slot`, and was used late.

        If not, its place in the queue is given back.
        """
        with self._lock:
            if slot in self._slots:
                self._slots.remove(slot)

            begin = now - declared.seconds
            if sum(begin < other <= now for other in self._slots) >= declared.requests:
                return False

            insort(self._slots, now)
            return True

    def give_back(self, slot: float) -> None:
        """Leave the queue: what was reserved is not used."""
        with self._lock:
            if slot in self._slots:
                self._slots.remove(slot)

    def block(self, seconds: float, *, now: float) -> None:
        """Hold all requests back for so many seconds, because the app refused one."""
        if seconds > LONGEST_LEARNT:
            return

        with self._lock:
            self._blocked_until = max(self._blocked_until, now + seconds)

    def learn(self, state: RateState, *, now: float) -> None:
        """Keep to what the app says is left of its window."""
        if not 0 < state.reset <= LONGEST_LEARNT:
            return

        reset_at = now + state.reset
        with self._lock:
            # Responses come out of order: within a window the smallest number is the true one.
            is_same_window = abs(reset_at - self._reset_at) <= SAME_WINDOW
            if is_same_window or reset_at < self._reset_at:
                self._allowance = min(self._allowance, state.remaining)
            else:
                self._allowance = state.remaining
                self._reset_at = reset_at

    def blocked_until(self) -> float:
        """Return the moment until which the app refuses requests."""
        return self._blocked_until

    def constrains(self, now: float) -> bool:
        """Tell whether anything is kept here that a later request would have to respect."""
        last = self._slots[-1] if self._slots else NEVER
        return max(self._blocked_until, self._reset_at, last + self._span) > now

    def _next_slot(self, declared: RateLimit, now: float) -> float:
        self._span = declared.seconds
        slots = self._slots
        while slots and slots[0] <= now - declared.seconds:
            slots.popleft()

        slot = max(now, slots[-1]) if slots else now
        if len(slots) >= declared.requests:
            slot = max(slot, slots[-declared.requests] + declared.seconds)

        slots.append(slot)
        return slot

    def _learnt_moment(self, now: float) -> float:
        if now >= self._reset_at:
            return self._blocked_until

        if self._allowance > 0:
            self._allowance -= 1
            return self._blocked_until

        return max(self._blocked_until, self._reset_at)


_limits: dict[tuple[str, str], TenantLimit] = {}
_limits_lock = threading.Lock()


def limit_of(tenant: str, host: str, *, now: float) -> TenantLimit:
    """Return the limit that all calls to a tenant at a host share in this process."""
    with _limits_lock:
        found = _limits.get((tenant, host))
        if found is None:
            if len(_limits) >= MOST_LIMITS:
                for key in [key for key, each in _limits.items() if not each.constrains(now)]:
                    del _limits[key]

            found = _limits[tenant, host] = TenantLimit()

        return found


@contextmanager
def limits_apart() -> Iterator[None]:
    """Begin without any limits kept, and go back to those of before when the block ends.

    For tests: a clock that jumps is no measure for what comes after it.
    """
    with _limits_lock:
        kept = dict(_limits)
        _limits.clear()

    try:
        yield
    finally:
        with _limits_lock:
            _limits.clear()
            _limits.update(kept)


async def wait_for_turn(
    limit: TenantLimit, declared: RateLimit | None, *, deadline: Deadline
) -> float:
    """Wait until a tenant's next request may be made.

    Returns:
        The place in the queue that was taken.

    Raises:
        RateLimitedError: that is after the deadline; it is said at once.
    """
    loop = asyncio.get_running_loop()
    now = loop.time()
    turn = slot = limit.reserve(declared, now=now)
    try:
        while turn > now:
            await _sleep_within(deadline, turn - now)
            waited_for, now = turn, loop.time()
            turn = limit.blocked_until()
            if turn <= waited_for:
                break
    except BaseException:
        limit.give_back(slot)
        raise

    return slot


async def _sleep_within(deadline: Deadline, seconds: float) -> None:
    if not deadline.allows(seconds):
        raise RateLimitedError(seconds)

    await asyncio.sleep(seconds)
