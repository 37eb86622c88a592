"""Lines that come on a descriptor, handed to the event loop as they come."""

import asyncio
import os
import select
import stat
import threading
from collections.abc import Callable, Iterator

from connector_cli.descriptors import is_ready

PIECE = 64 * 1024
"""Bytes that are read at a time. With more, the first of many lines waits for all to be parsed."""

Take = Callable[[bytes], None]
"""What is called on the event loop with each piece, and with none at the end."""


class LineSplitter:
    """Makes lines of pieces; of a line that is too long nothing is kept.

    Parameters:
        longest: bytes of the longest line, without its end.
    """

    def __init__(self, *, longest: int) -> None:
        self._longest = longest
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> Iterator[bytes | None]:
        """Yield the lines that a piece ends, without their ends; None for one that is too long."""
        *ends, rest = piece.split(b"\n")
        for end in ends:
            self._keep(end)
            yield self._line()

        self._keep(rest)

    def end(self) -> Iterator[bytes | None]:
        """Yield what follows the last end of a line, if anything does."""
        if self._size:
            yield self._line()

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._longest:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def _line(self) -> bytes | None:
        line = b"".join(self._pieces) if self._size <= self._longest else None
        self._pieces.clear()
        self._size = 0
        return line


class Feed:
    """Reads a descriptor without holding up the running event loop, and without changing it.

    Where it can be polled, the loop reads it: a thread's waking is 100 us of a call's 300. It stays
    as it is, blocking or not, because it may be shared with whoever started the process.

    Parameters:
        descriptor: what is read.
        take: called with each piece, and with no bytes at the end.
    """

    def __init__(self, descriptor: int, take: Take) -> None:
        self._descriptor = descriptor
        self._take = take
        self._loop = asyncio.get_running_loop()
        self._may_read = threading.Event()
        self._is_polled = _can_be_polled(descriptor)
        if not self._is_polled:
            threading.Thread(target=self._read_on, name="reader", daemon=True).start()

    def resume(self) -> None:
        """Start to read, or go on."""
        if not self._may_read.is_set():
            self._may_read.set()
            if self._is_polled:
                self._loop.add_reader(self._descriptor, self._read_once)

    def pause(self) -> None:
        """Read no more, until `resume`; a piece that a thread waits for may still come."""
        if self._may_read.is_set():
            self._may_read.clear()
            if self._is_polled:
                self._loop.remove_reader(self._descriptor)

    def _read_once(self) -> None:
        try:
            piece = os.read(self._descriptor, PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""

        if not piece:
            self.pause()

        self._take(piece)

    def _read_on(self) -> None:
        while True:
            self._may_read.wait()
            piece = _wait_and_read(self._descriptor)
            taken = threading.Event()
            self._loop.call_soon_threadsafe(self._take_from_thread, piece, taken)
            if not piece:
                return

            taken.wait()  # or it would read on before anybody could say `pause`

    def _take_from_thread(self, piece: bytes, taken: threading.Event) -> None:
        try:
            self._take(piece)
        finally:
            taken.set()


def _can_be_polled(descriptor: int) -> bool:
    """Whether the loop is told when it can be read: not of a file, and of nothing on Windows."""
    kind = os.fstat(descriptor).st_mode
    return hasattr(select, "poll") and (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind))


def _wait_and_read(descriptor: int) -> bytes:
    while True:
        try:
            return os.read(descriptor, PIECE)
        except BlockingIOError:  # the caller made it non-blocking
            is_ready(descriptor, writing=False, seconds=None)
        except OSError:  # a terminal that is gone
            return b""
