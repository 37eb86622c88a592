"""Retries: which failed requests may be sent once more, and after what time.

Sent again is only what does no harm twice: requests whose method says so (RFC 9110, 9.2.2), those
that never reached the app, and those that their author vouches for, by an idempotency key or the
extension `idempotent`.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import httpx

from connector_sdk.http.limits import Deadline

if TYPE_CHECKING:
    from tenacity import RetryCallState

IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Methods that have the same effect however often they are sent (RFC 9110, 9.2.2)."""

PASSING_STATUSES = frozenset({429, 502, 503, 504})
"""Statuses of an app that may well answer a little later."""

NEVER_REACHED = (httpx.ConnectError, httpx.ConnectTimeout)
"""Failures before anything of the request was sent."""

DROPPED = (
    httpx.ReadError,
    httpx.ReadTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.RemoteProtocolError,
)
"""Failures that leave open whether the app has seen the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often, and how soon, a request is sent again.

    Parameters:
        attempts: how often it is sent at the most, the first time included.
        first_wait: seconds; the first wait is of a random length up to this, each further one of
            up to twice the one before.
        longest_wait: seconds; no wait is longer, unless the app asks for it.
        idempotency_header: the header in which a request's author gives an idempotency key.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 20.0
    idempotency_header: str = "Idempotency-Key"


NO_RETRIES = Retries(attempts=1)
"""Every request is sent once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of sending a request once: a response or an error.

    Parameters:
        attempt: how often it was sent so far.
        response: the app's response.
        error: why there is none.
        asked_wait: seconds that the app asks to wait; None when it does not say.
        is_repeatable: whether the request may be sent again, and that may help.
    """

    attempt: int
    response: httpx.Response | None = None
    error: httpx.TransportError | None = None
    asked_wait: float | None = None
    is_repeatable: bool = False


def may_repeat(
    request: httpx.Request, failure: httpx.TransportError | int, retries: Retries
) -> bool:
    """Tell whether a request may be sent again after a failure, and that may help.

    Parameters:
        request: the request.
        failure: what happened to it: httpx's error, or the response's status.
        retries: the client's policy.
    """
    if isinstance(failure, int):
        return failure in PASSING_STATUSES and _is_idempotent(request, retries)

    if isinstance(failure, NEVER_REACHED):
        return not is_certificate_fault(failure)

    if isinstance(failure, httpx.ProxyError):
        return any(str(failure).startswith(str(status)) for status in PASSING_STATUSES)

    return isinstance(failure, DROPPED) and _is_idempotent(request, retries)


def is_certificate_fault(error: BaseException) -> bool:
    """Tell whether a connection failed because a certificate is not trusted."""
    from ssl import SSLCertVerificationError

    return any(isinstance(cause, SSLCertVerificationError) for cause in causes_of(error))


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, what caused it, what caused that, and so on."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_idempotent(request: httpx.Request, retries: Retries) -> bool:
    return (
        request.method in IDEMPOTENT_METHODS
        or bool(request.extensions.get("idempotent"))
        or retries.idempotency_header in request.headers
    )


async def repeat(
    first: Outcome,
    send: Callable[[int], Awaitable[Outcome]],
    *,
    retries: Retries,
    deadline: Deadline,
) -> Outcome:
    """Send a request again until it succeeds, may not be repeated, or no attempt or time is left.

    Parameters:
        first: what came of the first attempt.
        send: sends it once more; its argument is the attempt's number, from 2.
        retries: how often and how soon.
        deadline: no wait goes beyond it.

    Returns:
        What came of the last attempt.
    """
    # Loading it takes 20 ms, which only a call pays that has to repeat something.
    from tenacity import AsyncRetrying, retry_if_result

    numbers = count(1)

    async def attempt() -> Outcome:
        number = next(numbers)
        return first if number == 1 else await send(number)

    def wait(state: "RetryCallState") -> float:
        return wait_before_next(_outcome(state), state.attempt_number, retries)

    def is_over(state: "RetryCallState") -> bool:
        return state.attempt_number >= retries.attempts or not deadline.allows(state.upcoming_sleep)

    retrying = AsyncRetrying(
        retry=retry_if_result(lambda outcome: outcome.is_repeatable),
        wait=wait,
        stop=is_over,
        sleep=asyncio.sleep,
        retry_error_callback=_outcome,
    )
    return await retrying(attempt)


def _outcome(state: "RetryCallState") -> Outcome:
    assert state.outcome is not None
    outcome: Outcome = state.outcome.result()
    return outcome


def wait_before_next(outcome: Outcome, attempts: int, retries: Retries) -> float:
    """Return how many seconds to wait after an outcome, of so many attempts so far.

    The wait is of a random length, so that clients who failed together do not come back together.
    """
    ceiling = min(retries.longest_wait, retries.first_wait * 2 ** (attempts - 1))
    if outcome.asked_wait:
        return outcome.asked_wait + random.uniform(0, retries.first_wait)  # noqa: S311 # no secret

    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 # no secret
