"""Command lines of the odd connector, as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
