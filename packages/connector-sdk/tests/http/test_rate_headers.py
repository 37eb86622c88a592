"""What apps say about their rate limits, in all spellings."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk.http.rate_headers import (
    LONGEST_WAIT,
    RateState,
    plain_headers,
    rate_state,
    retry_after,
    seconds_until,
)

DATE = "Sat, 01 Nov 2025 08:00:00 GMT"
"""When the responses are made, by the apps' clocks."""

EPOCH = 1_761_984_000
"""The same moment, in seconds since 1970."""

WAITS = {
    "seconds": ({"retry-after": "7"}, 7.0),
    "zero": ({"retry-after": "0"}, 0.0),
    "a fraction": ({"retry-after": "1.5"}, 1.5),
    "more than a day, still seconds": ({"retry-after": "90000"}, 90000.0),
    "a date": ({"retry-after": "Sat, 01 Nov 2025 08:00:30 GMT"}, 30.0),
    "a date of RFC 850": ({"retry-after": "Saturday, 01-Nov-25 08:00:30 GMT"}, 30.0),
    "a date that is past": ({"retry-after": "Sat, 01 Nov 2025 07:00:00 GMT"}, 0.0),
    "a moment since 1970": ({"retry-after": str(EPOCH + 60)}, 60.0),
    "milliseconds since 1970": ({"retry-after": str((EPOCH + 60) * 1000)}, 60.0),
    "a header of milliseconds": ({"retry-after-ms": "250"}, 0.25),
    "the more exact of two": ({"x-ms-retry-after-ms": "1500", "retry-after": "2"}, 1.5),
    "the one that can be read": ({"retry-after-ms": "soon", "retry-after": "2"}, 2.0),
    "negative": ({"retry-after": "-1"}, None),
    "a word": ({"retry-after": "soon"}, None),
    "empty": ({"retry-after": ""}, None),
    "beyond numbers": ({"retry-after": "1e400"}, None),
    "digits of another script": ({"retry-after": "\u0661\u0662"}, None),
    "thousands of digits": ({"retry-after": "9" * 5000}, LONGEST_WAIT),
    "thirty digits": ({"retry-after": "9" * 30}, LONGEST_WAIT),
    "seventeen digits": ({"retry-after": "9" * 17}, LONGEST_WAIT),
    "the last date": ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, LONGEST_WAIT),
    "thirty digits of milliseconds": ({"retry-after-ms": "9" * 30}, LONGEST_WAIT),
    "a year": ({"retry-after": "31536000"}, LONGEST_WAIT),
    "no number": ({"retry-after": "nan"}, None),
    "nothing": ({}, None),
}

STATES = {
    "draft 8": ({"ratelimit": '"default";r=50;t=30'}, RateState(50, 30)),
    "draft 8, two policies": ({"ratelimit": '"hour";r=0;t=900, "day";r=9;t=9'}, RateState(0, 900)),
    "draft 7": ({"ratelimit": "limit=100, remaining=5, reset=30"}, RateState(5, 30)),
    "draft 3": ({"ratelimit-remaining": "4", "ratelimit-reset": "20"}, RateState(4, 20)),
    "seconds": ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}, RateState(0, 60)),
    "epoch": ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": str(EPOCH + 9)}, RateState(1, 9)),
    "epoch in milliseconds": (
        {"x-rate-limit-remaining": "1", "x-rate-limit-reset": str((EPOCH + 9) * 1000)},
        RateState(1, 9),
    ),
    "milliseconds by size": (
        {"x-ratelimit-remaining": "1", "x-ratelimit-reset": "120000"},
        RateState(1, 120),
    ),
    "milliseconds by name": (
        {"x-ratelimit-remaining": "1", "x-ratelimit-reset-ms": "500"},
        RateState(1, 0.5),
    ),
    "seconds beside an epoch": (
        {
            "x-ratelimit-remaining": "1",
            "x-ratelimit-reset-after": "1.25",
            "x-ratelimit-reset": str(EPOCH + 1),
        },
        RateState(1, 1.25),
    ),
    "a duration": (
        {"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "6m0s"},
        RateState(1, 360),
    ),
    "a duration of milliseconds": (
        {"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "20ms"},
        RateState(1, 0.02),
    ),
    "an ISO date": (
        {"x-ratelimit-remaining": "1", "x-ratelimit-reset": "2025-11-01T08:00:05Z"},
        RateState(1, 5),
    ),
    "no reset": ({"x-ratelimit-remaining": "1"}, None),
    "an unreadable reset": ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "1.2.3s"}, None),
    "an unreadable rest": ({"x-ratelimit-remaining": "many", "x-ratelimit-reset": "5"}, None),
    "an unreadable draft": ({"ratelimit": "unlimited"}, None),
    "nothing": ({}, None),
}


@parametrize("headers, expected", WAITS.values(), ids=WAITS)
def test_a_wait_is_read_in_all_its_spellings(
    headers: dict[str, str], expected: float | None
) -> None:
    """`Retry-After` and its relatives become seconds, or nothing."""
    assert expected == retry_after({**headers, "date": DATE})


@parametrize("headers, expected", STATES.values(), ids=STATES)
def test_the_state_of_a_limit_is_read_in_all_its_spellings(
    headers: dict[str, str], expected: RateState | None
) -> None:
    """What is left of a window, and when it ends, from the drafts' and the vendors' headers."""
    assert expected == rate_state({**headers, "date": DATE})


def test_without_a_date_of_the_app_our_own_clock_counts() -> None:
    """A moment is reckoned from now."""
    assert 0.0 == retry_after({"retry-after": "Sat, 01 Nov 2025 08:00:30 GMT"})


def test_of_a_repeated_header_the_first_counts() -> None:
    """Names are compared without regard to capitals."""
    raw = [(b"Retry-After", b" 5 "), (b"retry-after", b"9")]
    assert {"retry-after": "5"} == plain_headers(raw)


@settings(deadline=None)
@given(value=st.text(), now=st.floats(0, 2e9), unit=st.sampled_from([None, 1.0, 0.001]))
def test_no_value_is_more_than_unreadable(value: str, now: float, unit: float | None) -> None:
    """Whatever an app sends, it becomes no error and no negative time."""
    seconds = seconds_until(value, now=now, unit=unit)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


@settings(deadline=None)
@given(seconds=st.integers(0, 86_400))
def test_seconds_mean_themselves(seconds: int) -> None:
    """A plain number up to a day is of seconds."""
    assert seconds == seconds_until(str(seconds), now=EPOCH)


@settings(deadline=None)
@given(value=st.text(alphabet='rt;=,"0123456789 remainingst'))
def test_no_draft_header_is_more_than_unreadable(value: str) -> None:
    """A `RateLimit` header of any form becomes no error."""
    state = rate_state({"ratelimit": value})
    assert state is None or state.reset >= 0
