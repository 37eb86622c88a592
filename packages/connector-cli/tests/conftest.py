"""Command lines, workers and servers of the odd connector, and compiled ones, as processes."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import pytest

HERE = Path(__file__).parent
PATIENCE = 60
"""Seconds. A process that takes longer is stuck."""

LONG_PATIENCE = 900
"""Seconds. A build that takes longer is stuck."""


@dataclass(frozen=True)
class Ended:
    """What a process left behind."""

    code: int
    stdout: str
    stderr: str


class Process:
    """A running process, and the other ends of its streams.

    Parameters:
        door: the fork server's socket.
        pid: the process.
        stdin, stdout, stderr: our descriptors of its streams.
    """

    def __init__(self, door: socket.socket, pid: int, stdin: int, stdout: int, stderr: int) -> None:
        self.pid = pid
        self.stdin = os.fdopen(stdin, "wb")
        self.stdout = os.fdopen(stdout, encoding="utf-8", newline="\n")
        self.stderr = os.fdopen(stderr, encoding="utf-8", newline="\n")
        self._door = door
        self._code: int | None = None
        self._watchdog = threading.Timer(PATIENCE, self.send_signal, [signal.SIGKILL])
        self._watchdog.start()

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not been waited for."""
        if self._code is None:
            os.kill(self.pid, number)

    def wait(self) -> int:
        """Wait for its end, and return its exit code."""
        if self._code is None:
            self._door.send(json.dumps({"wait": self.pid}).encode())
            self._code = int(self._door.recv(64))
            self._watchdog.cancel()

        return self._code

    def communicate(self, stdin: bytes = b"") -> Ended:
        """Give it this input and wait for its end."""
        sender = threading.Thread(target=self._send, args=[stdin])
        stderr: list[str] = []
        listener = threading.Thread(target=lambda: stderr.append(self.stderr.read()))
        sender.start()
        listener.start()
        stdout = self.stdout.read()
        sender.join()
        listener.join()
        return Ended(self.wait(), stdout, stderr[0])

    def close(self) -> None:
        """End it if it still runs, and let go of its streams."""
        self.send_signal(signal.SIGKILL)
        self.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            with suppress(BrokenPipeError):
                stream.close()

    def _send(self, stdin: bytes) -> None:
        with suppress(BrokenPipeError):  # it did not want it all
            self.stdin.write(stdin)

        with suppress(BrokenPipeError):
            self.stdin.close()


Spawn = Callable[..., Process]
Run = Callable[..., Ended]


def environment_of(changes: dict[str, str]) -> dict[str, str]:
    """An environment without this machine's own settings for terminals and logs."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CONNECTOR_", "ODD_", "FORCE_", "NO_COLOR", "_ODD_"))
    }
    return {**kept, "COLUMNS": "80", "TERM": "dumb", **changes}


@pytest.fixture(scope="session")
def door() -> Iterator[socket.socket]:
    """The socket of a fork server."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork; slow tests start the processes from nothing")

    ours, theirs = socket.socketpair()
    with subprocess.Popen(
        [sys.executable, str(HERE / "fork_server.py")],
        stdin=theirs.fileno(),
        env=environment_of({}),
    ):
        theirs.close()
        with ours:
            yield ours


@pytest.fixture
def spawn(door: socket.socket, tmp_path: Path) -> Iterator[Spawn]:
    """Start a command line in a process that has imported everything already."""
    processes: list[Process] = []

    def start(
        *words: str,
        program: str = "odd-connector",
        environment: dict[str, str] | None = None,
        directory: Path = tmp_path,
        path: Path | None = None,
        typer_only: bool = False,
        frozen: bool = False,
        place: str | None = None,
        closed: Sequence[int] = (),
        unread: bool = False,
    ) -> Process:
        """Start one.

        Parameters:
            words: the command line, without the program's name.
            program: that name; `connector` stands for the command of that name.
            environment: variables besides those of the tests.
            directory: the working directory.
            path: folder in which modules are looked for before all others.
            typer_only: whether no command line is taken for a plain call.
            frozen: whether it takes itself for a compiled connector.
            place: `module:attribute` of another integration than the odd connector's.
            closed: descriptors that are closed when it starts.
            unread: whether the pipe that is its stdout has no reader.
        """
        message = {
            "program": program,
            "words": words,
            "environment": environment or {},
            "directory": str(directory),
            "path": [] if path is None else [str(path)],
            "typer_only": typer_only,
            "frozen": frozen,
            "place": place,
            "closed": closed,
        }
        (stdin, our_in), (our_out, stdout), (our_err, stderr) = (os.pipe() for _ in range(3))
        theirs = [stdin, stdout, stderr]
        if unread:
            os.close(our_out)
            our_out = os.open(os.devnull, os.O_RDONLY)

        socket.send_fds(door, [json.dumps(message).encode()], theirs)
        for each in theirs:
            os.close(each)

        processes.append(Process(door, int(door.recv(64)), our_in, our_out, our_err))
        return processes[-1]

    yield start
    for process in processes:
        process.close()


@pytest.fixture
def forked(spawn: Spawn) -> Run:
    """Run a command line in a process that has imported everything already."""

    def run(*words: str, stdin: bytes = b"", **how: object) -> Ended:
        return spawn(*words, **how).communicate(stdin)

    return run


@pytest.fixture
def started(tmp_path: Path) -> Run:
    """Run a command line of the odd connector in a process started from nothing."""

    def run(
        *words: str,
        stdin: bytes = b"",
        environment: dict[str, str] | None = None,
        directory: Path = tmp_path,
    ) -> Ended:
        ended = subprocess.run(
            [sys.executable, str(HERE / "odd_main.py"), *words],
            check=False,
            input=stdin,
            capture_output=True,
            env=environment_of(environment or {}),
            cwd=directory,
            timeout=PATIENCE,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run


class Log:
    """What a process writes to stderr, gathered while it runs."""

    def __init__(self, stream: IO[str]) -> None:
        self.text = ""
        self._more = threading.Condition()
        self._stream = stream
        self._thread = threading.Thread(target=self._gather)
        self._thread.start()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until something is there that fits a pattern."""
        with self._more:
            assert self._more.wait_for(lambda: re.search(pattern, self.text), PATIENCE), self.text

        found = re.search(pattern, self.text)
        assert found
        return found

    def wait_for_end(self) -> str:
        """Wait until no more comes, and return all of it."""
        self._thread.join()
        return self.text

    def _gather(self) -> None:
        for line in self._stream:
            with self._more:
                self.text += line
                self._more.notify_all()


@dataclass
class Running:
    """A running server."""

    process: Process
    client: httpx.Client
    log: Log

    def dial(self) -> socket.socket:
        """Open a connection to say half a request on."""
        url = self.client.base_url
        return socket.create_connection((url.host, url.port or 0), PATIENCE)

    def end(self) -> str:
        """Tell it to end, wait for that, and return what it logged."""
        self.process.send_signal(signal.SIGTERM)
        assert 0 == self.process.wait()
        return self.log.wait_for_end()


@pytest.fixture
def start(spawn: Spawn) -> Callable[..., AbstractContextManager[Running]]:
    """Start a server on a free port; its options follow, and what `spawn` takes."""

    @contextmanager
    def start_server(*words: str, **how: object) -> Iterator[Running]:
        process = spawn("dev", "http-server", "--port", "0", *words, **how)
        log = Log(process.stderr)
        url = log.wait_for(r"listening on (http://\S+)")[1]
        with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, verify=False) as client:
            yield Running(process, client, log)

        process.send_signal(signal.SIGKILL)
        log.wait_for_end()

    return start_server


@dataclass(frozen=True)
class Bundle:
    """A connector that was compiled, and what its archive holds."""

    archive: Path
    folder: Path
    said: str
    """What the build wrote to stderr."""

    def run(self, *words: str, stdin: str = "", **environment: str) -> Ended:
        """Run the program, with an environment that has no Python in it."""
        ended = subprocess.run(
            [str(self.folder / "main"), *words],
            check=False,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env={"COLUMNS": "80", **environment},
            cwd="/",
            timeout=PATIENCE,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)


@dataclass(frozen=True)
class Build:
    """A connector that is being compiled."""

    process: subprocess.Popen[str]
    place: Path

    def finish(self) -> Bundle:
        """Wait for its end, and return the bundle; nothing else was left."""
        stdout, stderr = self.process.communicate(timeout=LONG_PATIENCE)
        assert 0 == self.process.returncode, stderr
        assert [] == list((self.place / "temporary").iterdir())
        archive = Path(stdout.removesuffix("\n"))
        shutil.unpack_archive(archive, self.place / "unpacked")
        return Bundle(archive, self.place / "unpacked", stderr)


@pytest.fixture(scope="session")
def compiling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Build]]:
    """Start to compile a connector; what is started together is built at the same time."""
    builds: list[Build] = []

    def start_build(source: Path, app_id: str, *, umask: int = 0o022, **changes: str) -> Build:
        """Start it.

        Parameters:
            source: the folder of the connector's package.
            app_id: its app id.
            umask: the rights that new files lack.
            changes: variables of the environment.
        """
        place = tmp_path_factory.mktemp(app_id)
        for name in ("temporary", "output", "unpacked"):
            (place / name).mkdir(parents=True)

        command = [sys.executable, "-m", "connector_cli.app", "compile-on-prem"]
        command += ["--connector-root-module-dir", str(source), "--app-id", app_id]
        command += ["--output-directory", str(place / "output")]
        process = subprocess.Popen(
            command,
            cwd=place,
            env={**os.environ, "TMPDIR": str(place / "temporary"), **changes},
            umask=umask,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        builds.append(Build(process, place))
        return builds[-1]

    yield start_build
    for build in builds:
        build.process.kill()
