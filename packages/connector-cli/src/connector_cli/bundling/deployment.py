"""A bundle as an on-premises agent runs it: unpacked, checked, and started once per call."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connector_cli.bundling.metadata import Metadata, executable_name, read_digest, read_metadata
from connector_cli.bundling.unpacking import unpack
from connector_cli.calls import INTERRUPTED, WRONG_USE, NoReply

MEANINGS = {WRONG_USE: "it does not know this capability", INTERRUPTED: "it was interrupted"}
"""What exit codes mean that come instead of a reply (contract, section 9)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a call."""

    line: str
    """The reply, one line of JSON."""

    data: dict[str, Any]
    seconds: float
    """How long the process took."""

    cpu_seconds: float
    """How long it computed; 0 where the system does not tell."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A bundle that is unpacked, and that says who it is."""

    folder: Path
    metadata: Metadata

    def call(self, capability: str, request: bytes, *, timeout: float) -> Reply:
        """Start the connector for one call, and return its reply.

        Parameters:
            capability: name of the capability, or `info`.
            request: the request as JSON text; written to the connector's stdin, where nobody sees
                its secrets.
            timeout: seconds that the process may take. It is killed then; children that it left
                behind are killed in any case.

        Raises:
            NoReply: there is no reply; `str()` says why.
        """
        command = [str(self.folder / executable_name()), capability, "--json", "-"]
        started, computed = time.monotonic(), _computed()
        with _started(command, self.folder) as process:
            try:
                stdout, _ = process.communicate(request, timeout)
            except subprocess.TimeoutExpired:
                raise NoReply(f"{capability}: no reply within {timeout:g} seconds") from None

        took, cpu = time.monotonic() - started, _computed() - computed
        if process.returncode != 0:
            raise NoReply(f"{capability}: no reply, but {_meaning(process.returncode)}")

        line, data = _one_line(capability, stdout)
        return Reply(line, data, took, cpu)


@contextmanager
def deployed(archive: Path) -> Iterator[Deployment]:
    """Check a bundle and unpack it into a private folder, which is removed in the end.

    Parameters:
        archive: the bundle's archive; its digest lies beside it.

    Raises:
        NoReply: the bundle is not what its digest and its metadata say; `str()` says why.
    """
    with _opened(archive) as file, TemporaryDirectory(prefix="connector-agent-") as folder:
        expected = read_digest(archive)
        # The bytes that are checked are the ones that are unpacked: the file stays open.
        if file_digest(file, "sha256").hexdigest() != expected:
            raise NoReply("it is not the archive that its digest is of; copy both again")

        file.seek(0)
        unpack(file, Path(folder), is_zip=archive.suffix == ".zip")
        deployment = Deployment(Path(folder), read_metadata(Path(folder)))
        if not os.access(Path(folder, executable_name()), os.X_OK):
            raise NoReply(f"the bundle has no program {executable_name()}")

        yield deployment


def _opened(archive: Path) -> BufferedReader:
    try:
        return archive.open("rb")
    except IsADirectoryError:
        raise NoReply("it is a folder; name the archive that it was unpacked from") from None
    except OSError as error:
        raise NoReply(f"cannot be read: {error.strerror or error}") from None


@contextmanager
def _started(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process in a group of its own; who is left of it in the end is killed."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the bundle that the user names
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise NoReply(f"its program does not start: {error.strerror or error}") from None

    with process:
        try:
            yield process
        finally:
            _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, and its children, which may be there still when it has ended itself."""
    if not hasattr(os, "killpg"):
        process.kill()
        return

    with suppress(
        ProcessLookupError, PermissionError
    ):  # nobody is left, in words of Linux and macOS
        os.killpg(process.pid, signal.SIGKILL)


def _meaning(code: int) -> str:
    """Return what an exit code says that comes instead of a reply."""
    if code < 0:
        names = {each.value: each.name for each in signal.Signals}
        return f"it was killed by {names.get(-code, f'signal {-code}')}"

    return f"the exit code {code}: {MEANINGS.get(code, 'what it wrote to stderr says why')}"


def _computed() -> float:
    """Return the seconds that all children have computed so far, in user and system mode."""
    times = os.times()
    return times.children_user + times.children_system


def _one_line(capability: str, stdout: bytes) -> tuple[str, dict[str, Any]]:
    """Return the reply, which is all that a connector may print."""
    try:
        text = stdout.decode("utf-8")
        data = json.loads(text)
    except ValueError as error:
        raise NoReply(f"{capability}: stdout is not a line of JSON: {error}") from None

    if not isinstance(data, dict) or not text.endswith("\n") or "\n" in text[:-1]:
        raise NoReply(f"{capability}: stdout is not one line with a JSON object")

    return text[:-1], data
