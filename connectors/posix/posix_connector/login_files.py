"""The binary files lastlog(8), wtmp(5) and utmp(5): C structures, one after another."""

import os
from collections.abc import Iterator, Sequence
from errno import EINVAL
from struct import Struct
from typing import BinaryIO

from posix_connector.root import MOST_BYTES, Root
from posix_connector.text import c_string
from posix_connector.users import User

LASTLOG = "/var/log/lastlog"
"""The last login of each user id, at the place that the id says."""

LOGIN_FILES = ("/var/log/wtmp", "/run/utmp", "/var/run/utmp")
"""Logins and logouts in turn: those of the past, and those of now."""

LASTLOG_RECORDS = (Struct("=i32x256x"), Struct("=q32x256x"))
"""Time; then line and host. Of 32 bits on most machines, of 64 on those of `WIDE_MACHINES`."""

LOGIN_RECORDS = (
    Struct("=h2x4x32x4x32s256x4x4xi4x16x20x"),
    Struct("=h2x4x32x4x32s256x4x8xq8x16x20x4x"),
)
"""Type; process, line and id; user; host, exit status and session; time; address. As above."""

WIDE_MACHINES = frozenset({"aarch64", "alpha", "ia64", "loongarch64"})
"""Where the GNU C library keeps these times in 64 bits (bits/wordsize.h)."""

USER_PROCESS = 7
"""Type of a record of a login (utmp.h)."""


def read_lastlog(root: Root, users: Sequence[User]) -> Iterator[tuple[str, int]]:
    """Users and their last logins, in seconds after the epoch, 0 for never.

    `OSError` if the file cannot be read. Only the users' records are: the file seems huge where
    a user id is.
    """
    with root.open(LASTLOG) as file:
        record = _record(file, LASTLOG_RECORDS)
        for user in users:
            file.seek(user.uid * record.size)
            found = file.read(record.size)
            if len(found) == record.size:
                (seconds,) = record.unpack(found)
                yield user.name, seconds


def read_logins(root: Root, path: str) -> Iterator[tuple[str, int]]:
    """Users and their logins, in seconds after the epoch; `OSError` if they cannot be read.

    Of a file that is larger than what is read at once, these are the newest.
    """
    with root.open(path) as file:
        record = _record(file, LOGIN_RECORDS)
        most = MOST_BYTES // record.size * record.size
        file.seek(max(0, _size(file) - most))
        found = file.read(most)

    for kind, name, seconds in record.iter_unpack(found):
        if kind == USER_PROCESS:
            yield c_string(name), seconds


def _record(file: BinaryIO, layouts: Sequence[Struct]) -> Struct:
    """The layout whose size divides the file's; if both do, the one of this machine."""
    ordered = layouts[::-1] if os.uname().machine in WIDE_MACHINES else layouts
    for layout in ordered:
        if _size(file) % layout.size == 0:
            return layout
    raise OSError(EINVAL, "not in a form that is known")


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size
