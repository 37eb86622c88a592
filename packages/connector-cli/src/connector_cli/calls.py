"""One call as a command line asks for it, and how it is answered."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from connector_cli.descriptors import CannotWrite, Wire, flush
from connector_sdk import Integration

REPLIED, NO_REPLY, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes (contract, section 9)."""

LONGEST_PATH = 255
"""Characters of a path that messages show."""

Job = Callable[[Integration, Wire], int]
"""What a command line asks for: carried out with the integration, it returns the exit code."""


class WrongUse(Exception):
    """The command line cannot be carried out; `str()` says what to do instead."""


class NoReply(Exception):
    """What was asked for could not be done; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """A capability call, as the command line gives it."""

    name: str
    """The capability, with underscores."""

    json: str | None = None
    """The request; `-` stands for stdin."""

    json_file: str | None = None
    """Path of a file that holds the request."""

    result_file_path: str | None = None
    """Path of the file that the reply is written to, gzip, in place of stdout."""

    fail: bool = False
    """Whether an error reply makes the exit code 1."""


def answer(integration: Integration, wire: Wire, *, call: Call) -> int:
    """Carry out a call, write its reply, and return the exit code.

    Raises:
        WrongUse: the request cannot be read, or the reply's file cannot be written.
        CannotWrite: the reply cannot be written.
        ReaderGone: nobody reads the reply.
        SystemExit: connector code ended the process.
    """
    request = read_request(call, wire)
    if call.result_file_path is not None:
        check_writable(call.result_file_path)

    with asyncio.Runner() as runner:
        reply = runner.run(integration.dispatch(call.name, request))
        # Before the runner ends: it waits for threads that connector code may have left behind.
        _deliver(reply, call, wire)

    return NO_REPLY if call.fail and is_error(reply) else REPLIED


def is_error(reply: str) -> bool:
    """Tell whether a reply is an error reply, from its first field."""
    return reply.startswith('{"is_error":true,')


def read_request(call: Call, wire: Wire) -> str | bytes:
    """Return the request's JSON text from the command line, a file or stdin."""
    if call.json is not None and call.json_file is not None:
        raise WrongUse("give the request with --json or with --json-file, not both")

    if call.json == "-":
        return _without_mark(wire.read())

    if call.json is not None:
        return call.json

    if call.json_file is not None:
        return _without_mark(_read_file(call.json_file))

    if call.name == "info":
        return "{}"

    raise WrongUse("give the request: --json TEXT, --json - to read stdin, or --json-file PATH")


def check_writable(path: str) -> None:
    """Find out before the call whether its reply can be written: make a file, and remove it."""
    probe = _beside(path)
    if os.path.exists(path) and not os.path.isfile(path):
        # A folder, a device or a pipe: a file that takes its place would destroy it.
        raise WrongUse(f"--result-file-path: {_shown(path)} is there, and is not a file")

    try:
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        os.unlink(probe)
    except OSError as error:
        raise WrongUse(
            f"--result-file-path: cannot write {_shown(path)}: {_reason(error)}"
        ) from None


def write_result(path: str, reply: str) -> None:
    """Write a reply as a gzip file that appears whole or not at all, readable by its owner only."""
    import gzip

    data = gzip.compress(f"{reply}\n".encode(), mtime=0)
    beside = _beside(path)
    with _uninterrupted():
        try:
            descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(descriptor)

            os.replace(beside, path)
        except OSError:
            if os.path.exists(beside):
                os.unlink(beside)

            raise


def end(code: int) -> NoReturn:
    """End the process; if threads are at work that Python would wait for, wait for them too."""
    import threading

    others = [each for each in threading.enumerate() if each is not threading.main_thread()]
    if not all(each.daemon for each in others):
        sys.exit(code)

    leave(code)


def leave(code: int) -> NoReturn:
    """End the process now, with what it wrote flushed: the interpreter is not taken apart (30 ms).

    Functions that connector code registered with `atexit` run; threads are abandoned.
    """
    import atexit

    atexit._run_exitfuncs()  # noqa: SLF001 - os._exit skips them, and there is no public way
    flush(sys.stdout)
    flush(sys.stderr)
    os._exit(code)


def _deliver(reply: str, call: Call, wire: Wire) -> None:
    if call.result_file_path is None:
        wire.write(reply)
        return

    try:
        write_result(call.result_file_path, reply)
    except OSError as error:
        raise CannotWrite(error) from None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold off Ctrl-C and SIGTERM for the moment in which they would leave half a file."""
    held = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in held.items():
            signal.signal(each, handler)


def _read_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise WrongUse(f"--json-file: cannot read {_shown(path)}: {_reason(error)}") from None


def _without_mark(data: bytes) -> bytes:
    """Drop the byte-order mark that some editors and shells put before UTF-8 text."""
    return data.removeprefix(b"\xef\xbb\xbf")


def _beside(path: str) -> str:
    return f"{path}.{os.getpid()}.part"


def _shown(path: str) -> str:
    """Return a path to show, unless a request was given in its place."""
    return repr(path) if len(path) <= LONGEST_PATH and "{" not in path else "what was given"


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
