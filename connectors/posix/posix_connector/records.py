"""The form that passwd(5), group(5) and shadow(5) share: a record a line, fields between colons."""

from collections.abc import Iterator
from dataclasses import dataclass

from posix_connector.log import log
from posix_connector.text import text_of

LARGEST_ID = 2**32 - 1
"""Largest number that a user id or group id can be."""


@dataclass(frozen=True)
class Record:
    """A line of such a file."""

    place: str
    """File and line, such as ``/etc/passwd, line 3``."""

    fields: tuple[str, ...]


def parse_records(contents: bytes, *, path: str, fields: range) -> Iterator[Record]:
    """The records of a file, without blank lines, comments and NIS compat lines.

    A line with another number of fields than allowed, or without a name, is left out with a
    warning. So is a compat line (``+::``, ``+@netgroup``, ``-name``): it stands for records of
    another source, which nothing here can ask.
    """
    for number, line in enumerate(contents.split(b"\n"), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith(b"#"):
            continue

        record = Record(f"{path}, line {number}", tuple(text_of(line).split(":")))
        if stripped.startswith((b"+", b"-")):
            log.warning("%s: NIS compat entry, not followed", record.place)
        elif len(record.fields) not in fields or not record.fields[0].strip():
            log.warning("%s: malformed, left out", record.place)
        else:
            yield record


def parse_number(field: str) -> int | None:
    """A number as these files write it, in decimal digits; None if it is none."""
    if not field.isascii() or not field.isdigit() or len(field) > len(str(LARGEST_ID)):
        return None
    return int(field)


def parse_id(field: str) -> int | None:
    """A user id or group id; None if it is none."""
    number = parse_number(field)
    return number if number is not None and number <= LARGEST_ID else None
