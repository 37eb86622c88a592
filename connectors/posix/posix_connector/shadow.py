"""Which accounts are locked or at their end: shadow(5), which only root may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from posix_connector.log import log
from posix_connector.passwords import Password, parse_password
from posix_connector.records import parse_number, parse_records
from posix_connector.root import Root, reason

SHADOW = "/etc/shadow"
"""The file of password hashes and ages, shadow(5)."""

EPOCH = date(1970, 1, 1)
"""The day from which shadow(5) counts."""


@dataclass(frozen=True)
class ShadowEntry:
    """A record of shadow(5), without the hash."""

    password: Password
    unusable_from: date | None
    """The day from which nobody can sign in: the account, or its password for good, has expired."""


@dataclass(frozen=True)
class Shadow:
    """What shadow(5) says of a machine's accounts."""

    entries: Mapping[str, ShadowEntry]
    """By the account's name."""

    unreadable: str | None = None
    """Why nothing is known, such as ``/etc/shadow: permission denied``."""


def read_shadow(root: Root) -> Shadow:
    """What shadow(5) says; with a warning if the file cannot be read."""
    try:
        contents = root.read(SHADOW)
    except OSError as error:
        unreadable = f"{SHADOW}: {reason(error)}"
        log.warning("%s; which accounts are locked or expired is unknown", unreadable)
        return Shadow({}, unreadable)
    return Shadow(parse_shadow(contents))


def parse_shadow(contents: bytes) -> dict[str, ShadowEntry]:
    """The entries of a file of shadow(5), by name; the first of each name counts."""
    entries: dict[str, ShadowEntry] = {}
    for record in parse_records(contents, path=SHADOW, fewest=2, most=9):
        name, password, changed, _minimum, longest, _warning, grace, expires, _reserved = (
            record.fields
        )
        last_days = (_day(expires), _day_after(changed, longest, grace))
        entry = ShadowEntry(
            password=parse_password(password),
            unusable_from=min((day for day in last_days if day is not None), default=None),
        )
        entries.setdefault(name, entry)
    return entries


def _day_after(*spans: str) -> date | None:
    """The day after several spans of days from the epoch on; None if one is not set."""
    lengths = [parse_number(span) for span in spans]
    return _date(1 + sum(length or 0 for length in lengths)) if None not in lengths else None


def _day(field: str) -> date | None:
    days = parse_number(field)
    return None if days is None else _date(days)


def _date(days: int) -> date | None:
    """A day counted from the epoch; None if the calendar ends before."""
    try:
        return EPOCH + timedelta(days=days)
    except OverflowError:
        return None
