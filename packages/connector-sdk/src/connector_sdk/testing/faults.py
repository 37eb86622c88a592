"""Faults of an app, and schedules of them that can be replayed.

A schedule says for each logical request (the same request, however often it is sent) which fault
meets its first attempt, its second, and so on. So what happens depends on neither time nor order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from random import Random

import httpx


class FaultKind(Enum):
    """What goes wrong with one attempt of a request."""

    LATENCY = "latency"
    """The answer comes after some seconds."""

    SLOW_BODY = "slow_body"
    """The second half of the body comes after some seconds."""

    RESET_BEFORE = "reset_before"
    """The connection is reset, and the app has not processed the request."""

    RESET_AFTER = "reset_after"
    """The app processes the request; the connection is reset before it answers."""

    RESET_IN_BODY = "reset_in_body"
    """The app processes the request; the connection is reset in the middle of the answer's body."""

    THROTTLED = "throttled"
    """429, and the app keeps refusing this request for as long as `Retry-After` says."""

    LYING_THROTTLE = "lying_throttle"
    """429 with a `Retry-After` that means nothing, such as 0, a word or a year.

    The app would answer the next attempt at once, but the header lies, and a client that believes
    it waits, or says `rate_limit` if the lie is longer than the call may take.
    """

    UNAVAILABLE = "unavailable"
    """503, and the app has not processed the request."""

    ERROR_AFTER_COMMIT = "error_after_commit"
    """500, although the app has processed the request."""

    TRUNCATED = "truncated"
    """The body ends in the middle, though HTTP says that it is complete."""

    WRONG_BODY = "wrong_body"
    """200 with a login page."""

    EXPIRED_TOKEN = "expired_token"
    """401, now and for every later request with the same credential."""


LIES = ("0", "-1", "soon", "31536000", "99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT", "")
"""Values of `Retry-After` that mean nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Parameters:
        kind: what goes wrong.
        seconds: how long, for faults that last.
        retry_after: the lie, for `LYING_THROTTLE`.
    """

    kind: FaultKind
    seconds: float = 1.0
    retry_after: str = "0"


class FaultSchedule:
    """Which faults meet which requests; without any, nothing goes wrong.

    Parameters:
        faults: for a request such as `GET /users?page=2`, or `POST /users` whatever its body, the
            faults of its attempts in order; later attempts succeed. None stands for success.
    """

    def __init__(self, faults: Mapping[str, Sequence[Fault | None]] | None = None) -> None:
        self._faults = dict(faults or {})

    def fault(self, logical: str, attempt: int) -> Fault | None:
        """Return the fault of an attempt.

        Parameters:
            logical: the request, as `logical_request` names it.
            attempt: how often it was sent, this time included.
        """
        faults = self.faults_of(logical)
        return faults[attempt - 1] if attempt <= len(faults) else None

    def faults_of(self, logical: str) -> Sequence[Fault | None]:
        """Return the faults of all attempts of a request."""
        return self._faults.get(logical) or self._faults.get(logical.partition(" #")[0], ())


class RandomFaults(FaultSchedule):
    """Faults drawn by chance, the same for the same seed.

    Parameters:
        seed: of the chance.
        rate: the probability that an attempt meets a fault.
        most: faults of one request at the most.
        kinds: the kinds to draw from; leave out what the connector cannot get over, such as
            `LYING_THROTTLE`, where all must go well in the end.
        longest: seconds that a lasting fault takes at the most.
    """

    def __init__(
        self,
        seed: int,
        *,
        rate: float = 0.3,
        most: int = 3,
        kinds: Sequence[FaultKind] = tuple(FaultKind),
        longest: float = 5.0,
    ) -> None:
        super().__init__()
        self._seed = seed
        self._rate = rate
        self._most = most
        self._kinds = kinds
        self._longest = longest

    def faults_of(self, logical: str) -> Sequence[Fault | None]:
        """Return the faults of all attempts of a request, which depend on it and the seed only."""
        chance = Random(f"{self._seed} {logical}")  # noqa: S311 # no secret
        faults: list[Fault | None] = []
        while len(faults) < self._most and chance.random() < self._rate:
            faults.append(
                Fault(
                    kind=chance.choice(self._kinds),
                    seconds=round(chance.uniform(0, self._longest), 3),
                    retry_after=chance.choice(LIES),
                )
            )

        return faults


def logical_request(request: httpx.Request) -> str:
    """Return what makes two requests one: method, path and query, and a digest of the body.

    For example `GET /users?page=2`, or `POST /users #3f2a91bc`.
    """
    name = f"{request.method} {request.url.raw_path.decode('ascii')}"
    return (
        f"{name} #{blake2b(request.content, digest_size=4).hexdigest()}"
        if request.content
        else name
    )
