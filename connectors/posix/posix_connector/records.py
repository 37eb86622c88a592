"""The form that passwd(5), group(5) and shadow(5) share: a record a line, fields between colons.

It is read as the GNU C library reads it, also where that is lenient: an account that one can sign
in with must not be hidden by a line that looks malformed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from posix_connector.log import log
from posix_connector.text import c_string

LARGEST_ID = 2**32 - 1
"""Largest number that a user id or group id can be."""

_NUMBER = re.compile(r"[ \t\r\v\f]*\+?(-?[0-9]{1,20})", re.ASCII)
"""A number as strtoul(3) reads it, but for those that nobody could mean."""


@dataclass(frozen=True)
class Record:
    """A line of such a file."""

    place: str
    """File and line, such as ``/etc/passwd, line 3``."""

    fields: tuple[str, ...]


def parse_records(contents: bytes, *, path: str, fewest: int, most: int) -> Iterator[Record]:
    """The records of a file, without blank lines, comments and NIS compat lines.

    A line with too few fields, or without a name, is left out with a warning. So is a compat
    line (``+::``, ``+@netgroup``, ``-name``): it stands for records of another source, which
    nothing here can ask.

    Parameters:
        contents: the file.
        path: its path, for warnings.
        fewest: number of fields that a record has at least.
        most: number of fields of each result: those missing at the end are empty, and the last
            one holds whatever is left of the line.
    """
    for number, raw_line in enumerate(contents.split(b"\n"), start=1):
        line = c_string(raw_line.lstrip())
        if not line or line.startswith("#"):
            continue

        place = f"{path}, line {number}"
        fields = line.split(":", most - 1)
        if is_compat_entry(line):
            log.warning("%s: NIS compat entry, not followed", place)
        elif len(fields) < fewest or not fields[0]:
            log.warning("%s: malformed, left out", place)
        else:
            yield Record(place, (*fields, *[""] * (most - len(fields))))


def is_compat_entry(name: str) -> bool:
    """Whether it stands for users or groups of NIS, and is no name of one."""
    return name.startswith(("+", "-"))


def parse_number(field: str) -> int | None:
    """A number that is not negative; None if the field is none."""
    found = _NUMBER.fullmatch(field)
    if found is None or int(found[1]) < 0:
        return None
    return int(found[1])


def parse_id(field: str) -> int | None:
    """A user id or group id; None if the field is none."""
    number = parse_number(field)
    return number if number is not None and number <= LARGEST_ID else None
