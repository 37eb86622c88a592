"""Taking hold of stdin and stdout, so that the wire carries requests and replies and nothing else.

Whatever connector code, a library, C code or a child process writes to descriptor 1 goes to
stderr; what they read from descriptor 0 is empty. The wire itself is on descriptors that only
this process has (contract, section 9).
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Wire:
    """The descriptors on which the process was called, as they were when it started."""

    def __init__(self, *, request: int | None, reply: int | None) -> None:
        self._request = request
        self._reply = reply

    def read(self) -> bytes:
        """Return all of what the caller writes to stdin, to its end; empty if it is closed."""
        if self._request is None:
            return b""

        with open(self._request, "rb", closefd=False) as stream:
            return stream.read()

    def write(self, text: str) -> None:
        """Write a line to stdout, all of it.

        Raises:
            BrokenPipeError: the reader is gone.
            OSError: stdout is closed, or cannot be written.
        """
        if self._reply is None:
            raise OSError("stdout is closed")

        data = memoryview(f"{text}\n".encode())
        while data:
            data = data[os.write(self._reply, data) :]

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Let this process print to its real stdout, for help and other text that people read."""
        if self._reply is None:
            yield
            return

        sys.stdout.flush()
        os.dup2(self._reply, 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            _point(1, 2)


def take_wire() -> Wire:
    """Move the wire away from descriptors 0 and 1, and put an empty stdin and stderr there."""
    wire = Wire(request=_duplicate(0), reply=_duplicate(1))
    _point(0, None)
    _point(1, 2)
    return wire


def _duplicate(descriptor: int) -> int | None:
    try:
        return os.dup(descriptor)
    except OSError:  # closed by whoever started the process
        return None


def _point(descriptor: int, target: int | None) -> None:
    """Make a descriptor stand for another one, or for nothing when that is closed or None."""
    try:
        if target is not None:
            os.dup2(target, descriptor)
            return
    except OSError:
        pass

    nothing = os.open(os.devnull, os.O_RDWR)
    if nothing != descriptor:
        os.dup2(nothing, descriptor)
        os.close(nothing)
