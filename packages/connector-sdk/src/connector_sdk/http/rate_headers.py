"""What an app says about its rate limit: `Retry-After`, `RateLimit` and the vendors' own headers.

They come in every spelling: seconds, milliseconds, a moment since the epoch, a date, `6m0s`. Here
each becomes seconds from now. What cannot be read counts as not said.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

EPOCH_SECONDS = 10**9
"""A larger number is a moment in seconds since 1970, not a duration: it would be of 31 years."""

EPOCH_MILLISECONDS = 10**11
"""A larger number is a moment in milliseconds since 1970."""

LONGEST_WAIT = 31_536_000.0
"""Seconds. A longer time, such as to the year 9999 or a number of thirty digits, is cut to this."""

LONGEST_SECONDS = 86_400
"""A window of more is in milliseconds: no app's window is longer than a day."""

REMAINING_AND_RESET = (
    ("ratelimit-remaining", "ratelimit-reset"),
    ("x-ratelimit-remaining", "x-ratelimit-reset-after"),
    ("x-ratelimit-remaining", "x-ratelimit-reset-ms"),
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-rate-limit-remaining", "x-rate-limit-reset-ms"),
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-requests-remaining", "x-ratelimit-requests-reset"),
)
"""Pairs of headers: requests that are left, and when the window ends. The first pair counts."""

RETRY_AFTER = ("retry-after-ms", "x-ms-retry-after-ms", "retry-after", "x-retry-after")
"""Headers that say when to come again. The first one that can be read counts."""

_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?", re.ASCII)
_ENDLESS = re.compile(r"[0-9]{19,}(\.[0-9]*)?(ms|[hms])?", re.ASCII)
_DURATION = re.compile(r"(?:([0-9.]{1,9})h)?(?:([0-9.]{1,9})m)?(?:([0-9.]{1,9})s)?", re.ASCII)
_MILLISECONDS = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)ms", re.ASCII)
_DRAFT_ITEM = re.compile(r"\b(r|t|remaining|reset) *= *([0-9]{1,15})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RateState:
    """How a window stands.

    Parameters:
        remaining: requests that are left in it.
        reset: seconds until it ends.
    """

    remaining: int
    reset: float


def plain_headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by their names in small letters; of a repeated one, the first."""
    headers: dict[str, str] = {}
    for name, value in raw:
        headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1").strip())

    return headers


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds the app asks to wait; None when it does not say (RFC 9110, 10.2.3).

    Parameters:
        headers: the response's, as `plain_headers` returns them.

    Returns:
        Zero for a moment that is past, and `LONGEST_WAIT` for what is absurd, be it a date or a
        number: then the app refuses, and the caller need not wait to know it.
    """
    for name in RETRY_AFTER:
        value = headers.get(name)
        if value:
            unit = 0.001 if name.endswith("-ms") else 1.0
            seconds = seconds_until(value, now=_app_time(headers), unit=unit)
            if seconds is not None:
                return seconds

    return None


def rate_state(headers: Mapping[str, str]) -> RateState | None:
    """Return how the app's rate limit stands; None when it does not say.

    Parameters:
        headers: the response's, as `plain_headers` returns them.
    """
    draft = headers.get("ratelimit")
    if draft:
        return _draft_state(draft)

    for remaining_name, reset_name in REMAINING_AND_RESET:
        remaining, reset = headers.get(remaining_name), headers.get(reset_name)
        if not remaining or not reset or not _NUMBER.fullmatch(remaining):
            continue

        unit = 0.001 if reset_name.endswith("-ms") else None
        seconds = seconds_until(reset, now=_app_time(headers), unit=unit)
        if seconds is not None:
            return RateState(int(float(remaining)), seconds)

    return None


def seconds_until(value: str, *, now: float, unit: float | None = None) -> float | None:
    """Return the seconds to a moment or of a duration; None for what is neither.

    Parameters:
        value: a number, a duration such as `6m0s` or `20ms`, or a date (RFC 9110 or ISO 8601).
        now: the app's time, in seconds since 1970, for moments.
        unit: seconds that a number counts; None where it must be guessed, since vendors differ.

    Returns:
        At most `LONGEST_WAIT`.
    """
    seconds = _seconds_until(value, now=now, unit=unit)
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def _seconds_until(value: str, *, now: float, unit: float | None) -> float | None:
    if _ENDLESS.fullmatch(value):
        return LONGEST_WAIT

    if _NUMBER.fullmatch(value):
        return _seconds_of_number(float(value), now=now, unit=unit)

    milliseconds = _MILLISECONDS.fullmatch(value)
    if milliseconds:
        return float(milliseconds[1]) / 1000

    moment = _moment(value)
    return _seconds_of_duration(value) if moment is None else max(0.0, moment - now)


def _seconds_of_number(number: float, *, now: float, unit: float | None) -> float:
    if number >= EPOCH_MILLISECONDS:
        return max(0.0, number / 1000 - now)

    if number >= EPOCH_SECONDS:
        return max(0.0, number - now)

    if unit is None:
        unit = 0.001 if number > LONGEST_SECONDS else 1.0

    return number * unit


def _seconds_of_duration(value: str) -> float | None:
    duration = _DURATION.fullmatch(value)
    if not duration or not any(duration.groups()):
        return None

    try:
        hours, minutes, seconds = (float(part or 0) for part in duration.groups())
    except ValueError:  # as in 1.2.3s
        return None

    return 3600 * hours + 60 * minutes + seconds


def _moment(value: str) -> float | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            date = read(value)
            return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError):
            continue

    return None


def _app_time(headers: Mapping[str, str]) -> float:
    """Return the app's time, by its own clock if it tells: the two may be minutes apart."""
    date = _moment(headers.get("date", ""))
    return time.time() if date is None else date


def _draft_state(value: str) -> RateState | None:
    """Read `RateLimit` of the drafts: `"default";r=50;t=30`, or `remaining=50, reset=30`.

    Of several policies that `value` lists, the one that allows least counts.
    """
    states = []
    policies = value.split(",") if ";" in value else [value]
    for policy in policies:
        found = {name.lower()[:3]: int(number) for name, number in _DRAFT_ITEM.findall(policy)}
        remaining = found.get("r", found.get("rem"))
        reset = found.get("t", found.get("res"))
        if remaining is not None and reset is not None:
            states.append(RateState(remaining, float(reset)))

    return min(states, key=lambda state: (state.remaining, -state.reset), default=None)
