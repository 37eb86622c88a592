"""Starting processes, and the operating system's own account of what they took."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CONNECTOR = HERE / "connector"

UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONUNBUFFERED")
"""Environment variables that would change what is measured."""

ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in UNWANTED}

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes of `ru_maxrss`'s unit."""


LONGEST_OUTPUT = 1_000_000
"""Characters of a process's output that are kept; a long list has more, which nobody reads."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended."""

    wall: float
    """Seconds from its start to its end."""

    cpu: float
    """Seconds that it computed, in user and system mode, its children included."""

    peak: float
    """Bytes of memory that it held at most."""

    output: str
    errors: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Ended:
    """Run a command to its end, in an empty folder unless one is given.

    Raises:
        RuntimeError: it failed; the text is the end of what it said.
    """
    with (
        tempfile.TemporaryDirectory() as empty,
        tempfile.NamedTemporaryFile("r") as result,
        tempfile.TemporaryFile("w+") as output,
        tempfile.TemporaryFile("w+") as errors,
    ):
        subprocess.run(
            [sys.executable, "-I", "-S", HERE / "launch.py", result.name, *command],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd=folder or empty,
            env={**ENVIRONMENT, **(environment or {})},
        )
        code, wall, cpu, peak = map(float, result.read().split())
        output.seek(0)
        errors.seek(0)
        ended = Ended(
            wall=wall,
            cpu=cpu,
            peak=peak * PEAK_UNIT,
            output=output.read(LONGEST_OUTPUT),
            errors=errors.read(LONGEST_OUTPUT),
        )

    if code != 0:
        words = " ".join(str(word) for word in command)
        raise RuntimeError(f"{words} ended with {code:g}:\n{ended.errors[-2000:]}")

    return ended


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    environment: dict[str, str] | None = None,
    stdout: int = subprocess.PIPE,
) -> Iterator[subprocess.Popen[str]]:
    """Have a command running, with pipes for stdin and stdout; it is ended afterwards.

    Parameters:
        command: the program and its words.
        environment: variables besides those of this process.
        stdout: where it prints; `DEVNULL` for what nobody reads, or it would stop at a full pipe.
    """
    with (
        tempfile.TemporaryDirectory() as empty,
        subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=empty,
            env={**ENVIRONMENT, **(environment or {})},
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def computed(process: subprocess.Popen[str]) -> float | None:
    """Seconds that a running process has computed so far; None where the system does not tell."""
    try:
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
    except OSError:
        return None

    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
