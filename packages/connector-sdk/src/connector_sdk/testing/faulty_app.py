"""An app that fails by schedule, and remembers what reached it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

import httpx

from connector_sdk.testing.faults import Fault, FaultKind, FaultSchedule, logical_request

Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]
"""The app itself: takes a request, and returns the response."""

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Log in</title></head><body>Log in</body></html>"
"""What a portal puts in the place of an app's answer."""


class Ending(Enum):
    """How an answer ends."""

    COMPLETE = "complete"
    SLOW = "slow"
    RESET_BEFORE_HEAD = "reset_before_head"
    RESET_IN_BODY = "reset_in_body"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the app gives back.

    Parameters:
        response: the response; None when the connection is reset before it.
        ending: how it ends.
        seconds: how long the second half of a slow body takes.
    """

    response: httpx.Response | None
    ending: Ending = Ending.COMPLETE
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One attempt of a request that reached the app.

    Parameters:
        logical: the request, as `logical_request` names it.
        attempt: how often it has come, this time included.
        fault: the fault that met it, if any.
        was_processed: whether the app's handler was called.
    """

    logical: str
    attempt: int
    fault: Fault | None
    was_processed: bool


class FaultyApp:
    """Answers requests with a handler, except where a schedule says what goes wrong.

    Parameters:
        handler: the app.
        schedule: the faults.
    """

    def __init__(self, handler: Handler, schedule: FaultSchedule) -> None:
        self._handler = handler
        self._schedule = schedule
        self._attempts: Counter[str] = Counter()
        self._closed_until: dict[str, float] = {}
        self._expired: set[str] = set()
        self.arrivals: list[Arrival] = []

    async def answer(self, request: httpx.Request) -> Reply:
        """Answer a request, whose body has been read."""
        logical = logical_request(request)
        self._attempts[logical] += 1
        attempt = self._attempts[logical]
        fault = self._schedule.fault(logical, attempt)
        reply = self._refusal(request, logical) or await self._failure(request, logical, fault)
        was_processed = reply is None
        if reply is None:
            reply = _spoiled(await self._process(request), fault)

        self.arrivals.append(
            Arrival(logical=logical, attempt=attempt, fault=fault, was_processed=was_processed)
        )
        return reply

    def _refusal(self, request: httpx.Request, logical: str) -> Reply | None:
        """Return the reply that an earlier fault still causes."""
        if request.headers.get("authorization", "") in self._expired:
            return Reply(_expired())

        wait = self._closed_until.get(logical, 0) - asyncio.get_running_loop().time()
        return Reply(_throttled(f"{wait:.3f}")) if wait > 0 else None

    async def _failure(
        self, request: httpx.Request, logical: str, fault: Fault | None
    ) -> Reply | None:
        """Return the reply of a fault that keeps the request from being processed."""
        if fault is None:
            return None

        match fault.kind:
            case FaultKind.LATENCY:
                await asyncio.sleep(fault.seconds)
            case FaultKind.RESET_BEFORE:
                return Reply(None, Ending.RESET_BEFORE_HEAD)
            case FaultKind.THROTTLED:
                now = asyncio.get_running_loop().time()
                self._closed_until[logical] = now + fault.seconds
                return Reply(_throttled(f"{fault.seconds:.3f}"))
            case FaultKind.LYING_THROTTLE:
                return Reply(_throttled(fault.retry_after))
            case FaultKind.UNAVAILABLE:
                return Reply(httpx.Response(503, text="try later"))
            case FaultKind.EXPIRED_TOKEN:
                self._expired.add(request.headers.get("authorization", ""))
                return Reply(_expired())
            case _:
                return None

        return None

    async def _process(self, request: httpx.Request) -> httpx.Response:
        response = self._handler(request)
        return response if isinstance(response, httpx.Response) else await response


def _spoiled(response: httpx.Response, fault: Fault | None) -> Reply:
    """Return the reply to a request that was processed, with what a fault makes of the response."""
    match None if fault is None else fault.kind:
        case FaultKind.RESET_AFTER:
            return Reply(None, Ending.RESET_BEFORE_HEAD)
        case FaultKind.RESET_IN_BODY:
            return Reply(response, Ending.RESET_IN_BODY)
        case FaultKind.SLOW_BODY:
            assert fault is not None
            return Reply(response, Ending.SLOW, fault.seconds)
        case FaultKind.ERROR_AFTER_COMMIT:
            return Reply(httpx.Response(500, text="something went wrong"))
        case FaultKind.WRONG_BODY:
            return Reply(httpx.Response(200, html=LOGIN_PAGE))
        case FaultKind.TRUNCATED:
            half = response.content[: len(response.content) // 2]
            content_type = response.headers.get("content-type", "text/plain")
            headers = {"Content-Type": content_type}
            return Reply(httpx.Response(response.status_code, content=half, headers=headers))
        case _:
            return Reply(response)


def _throttled(retry_after: str) -> httpx.Response:
    return httpx.Response(429, text="too many requests", headers={"Retry-After": retry_after})


def _expired() -> httpx.Response:
    challenge = 'Bearer error="invalid_token"'
    return httpx.Response(401, text="expired", headers={"WWW-Authenticate": challenge})
