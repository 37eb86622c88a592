"""Command lines and servers of the odd connector, as processes."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

HERE = Path(__file__).parent
PATIENCE = 60
"""Seconds. A process that takes longer is stuck."""


@dataclass(frozen=True)
class Ended:
    """What a process left behind."""

    code: int
    stdout: str
    stderr: str


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
def fork_server() -> Iterator[Callable[[dict[str, Any]], int]]:
    """A function that runs one command line in a forked process and returns its exit code."""
    with subprocess.Popen(
        [sys.executable, str(HERE / "fork_server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment_of({}),
        encoding="utf-8",
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        requests, codes = server.stdin, server.stdout

        def run_forked(wanted: dict[str, Any]) -> int:
            requests.write(json.dumps(wanted) + "\n")
            requests.flush()
            return int(codes.readline())

        yield run_forked
        requests.close()


@pytest.fixture
def forked(fork_server: Callable[[dict[str, Any]], int], tmp_path: Path) -> Run:
    """Run a command line of the odd connector in a process that has imported everything already."""

    def run(
        *words: str,
        stdin: bytes = b"",
        environment: dict[str, str] | None = None,
        directory: Path = tmp_path,
        typer_only: bool = False,
    ) -> Ended:
        files = {name: tmp_path / f".{name}" for name in ("stdin", "stdout", "stderr")}
        files["stdin"].write_bytes(stdin)
        code = fork_server(
            {
                "arguments": words,
                "environment": environment or {},
                "directory": str(directory),
                "typer_only": typer_only,
                **{name: str(path) for name, path in files.items()},
            }
        )
        stdout, stderr = (files[name].read_bytes().decode() for name in ("stdout", "stderr"))
        return Ended(code, stdout, stderr)

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

    process: subprocess.Popen[str]
    client: httpx.Client
    log: Log

    def end(self) -> str:
        """Tell it to end, wait for that, and return what it logged."""
        self.process.send_signal(signal.SIGTERM)
        assert 0 == self.process.wait(PATIENCE)
        return self.log.wait_for_end()


@contextmanager
def start_server(
    folder: Path, *words: str, environment: dict[str, str] | None = None
) -> Iterator[Running]:
    """Start a server on a free port, and wait until it listens."""
    process = subprocess.Popen(
        [sys.executable, str(HERE / "odd_main.py"), "dev", "http-server", "--port", "0", *words],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
        cwd=folder,
    )
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    with process:
        assert process.stderr is not None
        log = Log(process.stderr)
        try:
            url = log.wait_for(r"listening on (http://\S+)")[1]
            with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as client:
                yield Running(process, client, log)
        finally:
            process.terminate()
            process.wait(PATIENCE)
            log.wait_for_end()
            watchdog.cancel()


@pytest.fixture(scope="session")
def start() -> Callable[..., AbstractContextManager[Running]]:
    """Start a server of the odd connector in a folder; its options follow, and an environment."""
    return start_server
