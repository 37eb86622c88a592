"""Taking hold of stdin and stdout, so that the wire carries requests and replies and nothing else.

Whatever connector code, a library, C code or a child process writes to descriptor 1 goes to
stderr; what they read from descriptor 0 is empty. The wire itself is on descriptors that only
this process has (contract, section 9).
"""

import os
import select
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LOWEST = 100
"""The wire's descriptors have this number or a higher one: code that confuses the numbers of its
own, or goes on to use one that is closed, has small ones."""

AT_ONCE = getattr(select, "PIPE_BUF", 0)
"""Bytes that a pipe takes without waiting when it is ready for writing; none on Windows."""


class ReaderGone(Exception):
    """Whoever was reading stdout has what it wanted, as `head` has after its lines."""


class CannotWrite(Exception):
    """A reply cannot be written; `str()` says why."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"the reply cannot be written: {error.strerror or error}")


class Wire:
    """The descriptors on which the process was called, as they were when it started."""

    def __init__(self, *, request: int | None, reply: int | None) -> None:
        self.request = request
        """Where requests come from; None if whoever started the process closed stdin."""

        self._reply = reply
        self._is_pipe = reply is not None and stat.S_ISFIFO(os.fstat(reply).st_mode)

    def read(self) -> bytes:
        """Return all of what the caller writes to stdin, to its end; empty if it is closed."""
        if self.request is None:
            return b""

        with open(self.request, "rb", closefd=False) as stream:
            return stream.read()

    def takes_at_once(self, text: str) -> bool:
        """Tell whether a line can be written now without waiting for its reader."""
        if self._reply is None or not self._is_pipe or len(text) >= AT_ONCE:
            return False

        return is_ready(self._reply, writing=True) and len(text.encode()) < AT_ONCE

    def write(self, text: str) -> None:
        """Write a line to stdout, all of it.

        Raises:
            ReaderGone: nobody reads it any more.
            CannotWrite: stdout is closed, or cannot be written.
        """
        if self._reply is None:
            raise CannotWrite(OSError("stdout is closed"))

        data = memoryview(f"{text}\n".encode())
        while data:
            try:
                data = data[os.write(self._reply, data) :]
            except BlockingIOError:  # the caller made the pipe non-blocking, and it is full
                is_ready(self._reply, writing=True, seconds=None)
            except BrokenPipeError:
                raise ReaderGone from None
            except OSError as error:
                raise CannotWrite(error) from None

    def is_terminal(self) -> bool:
        """Tell whether a person sees what is written to stdout."""
        return self._reply is not None and os.isatty(self._reply)

    def close(self) -> None:
        """Let go of the wire: a forked child must not answer, nor keep the reader waiting."""
        for descriptor in (self.request, self._reply):
            if descriptor is not None:
                os.close(descriptor)

        self.request = self._reply = None

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Let the process use its real stdin and stdout, for help and other things for people."""
        flush(sys.stdout)
        if self.request is not None:
            os.dup2(self.request, 0)

        if self._reply is not None:
            os.dup2(self._reply, 1)

        try:
            yield
        finally:
            flush(sys.stdout)
            _point_away()


def take_wire() -> Wire:
    """Move the wire away from descriptors 0 and 1, and put an empty stdin and stderr there."""
    closed = [descriptor for descriptor in (0, 1, 2) if not _is_open(descriptor)]
    for _ in closed:  # or a descriptor of ours could become the one on which C code prints
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003 - no keyword

    wire = Wire(
        request=None if 0 in closed else _move(0),
        reply=None if 1 in closed else _move(1),
    )
    _point_away()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=wire.close)

    return wire


def say(text: str, end: str = "\n") -> None:
    """Write a line for a person to stderr, whatever connector code did to `sys.stderr`."""
    data = f"{text}{end}".encode(errors="backslashreplace")
    try:
        while data:
            data = data[os.write(2, data) :]
    except OSError:  # nobody reads it, and there is no other place to say it
        return


def flush(stream: object) -> None:
    """Write out what a stream holds, if it still is one."""
    try:
        stream.flush()  # type: ignore[attr-defined] # whatever connector code put in its place
    except (AttributeError, OSError, ValueError):  # None, its reader is gone, or closed
        return


def _point_away() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)


def _move(descriptor: int) -> int:
    """Return another descriptor of the same file, which no child process inherits."""
    try:
        import fcntl

        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, LOWEST)
    except (ImportError, OSError):  # on Windows; or so many are not allowed (ulimit -n)
        return os.dup(descriptor)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False

    return True


def is_ready(descriptor: int, *, writing: bool, seconds: float | None = 0.0) -> bool:
    """Tell whether a descriptor can be written, or else read, without waiting.

    Parameters:
        descriptor: any but a file's; on Windows, a socket's.
        writing: whether it is to be written.
        seconds: how long it may take to become so; None for any time.
    """
    if not hasattr(select, "poll"):
        wanted = [descriptor]
        reading, to_write = ([], wanted) if writing else (wanted, [])
        return any(select.select(reading, to_write, [], seconds))

    poll = select.poll()  # `select` takes no descriptor above 1023
    poll.register(descriptor, select.POLLOUT if writing else select.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))
