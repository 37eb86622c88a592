"""The HTTP server of a connector under load."""

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app import certificates, serving
from calling import CONSTANT, calling_app
from environments import SERVER, Environments
from load import load
from measuring import OLD, OURS, Row, take_turns
from processes import CONNECTOR, computed, run, running

CONNECTIONS = (1, 8, 32)
TARGET_CONNECTIONS = 8

FEWEST = 300
"""Answers after which a server is warm."""


def measure(environments: Environments, *, rounds: int, seconds: float) -> list[Row]:
    """Measure a constant capability, and one that makes an HTTPS request per call.

    Parameters:
        environments: the sides'.
        rounds: loads of each server and number of connections.
        seconds: how long a load lasts.
    """
    pythons = environments.pythons(SERVER)
    constant = _Served("run_constant.py", CONSTANT, target=3)
    rows = _rows("constant", pythons, constant, rounds=rounds, seconds=seconds)
    with certificates() as folder, serving(tls=folder) as url:
        trusting = {"SSL_CERT_FILE": str(_authorities(pythons[OURS], Path(folder)))}
        remote = _Served("run_remote.py", calling_app(url), target=15, environment=trusting)
        rows += _rows("one HTTPS call", pythons, remote, rounds=rounds, seconds=seconds)

    return rows


def _authorities(python: Path, folder: Path) -> Path:
    """A file with the app's authority and all that a connector trusts where it is deployed."""
    usual = Path(run([python, "-m", "certifi"]).output.strip())
    file = folder / "all.pem"
    file.write_bytes(usual.read_bytes() + (folder / "ca.pem").read_bytes())
    return file


@dataclass(frozen=True, slots=True)
class _Served:
    script: str
    body: str
    target: float
    environment: dict[str, str] = field(default_factory=dict)


def _rows(
    what: str, pythons: dict[str, Path], served: _Served, *, rounds: int, seconds: float
) -> list[Row]:
    rows = []
    with ExitStack() as stack:
        servers = {
            side: stack.enter_context(_listening(python, served))
            for side, python in pythons.items()
        }
        for connections in CONNECTIONS:
            ways = {
                side: partial(
                    _load, process, port, served.body, connections=connections, seconds=seconds
                )
                for side, (process, port) in servers.items()
            }
            samples = take_turns(ways, rounds=rounds)
            case = f"server, {what}, {connections} connections"
            targets = {OLD: served.target} if connections == TARGET_CONNECTIONS else {}
            rows.append(Row(case, "requests/s", samples["rate"], targets))
            rows.append(Row(f"{case}: p50", "ms", samples["p50"]))
            rows.append(Row(f"{case}: p99", "ms", samples["p99"]))
            rows.append(Row(f"{case}: requests by CPU", "requests/CPU s/s", samples["by_cpu"]))

    return rows


def _load(
    process: subprocess.Popen[str], port: int, body: str, *, connections: int, seconds: float
) -> dict[str, float]:
    before = computed(process)
    figures = asyncio.run(
        load(port, "/list_accounts", body, connections=connections, seconds=seconds)
    )
    after = computed(process)
    if before is not None and after is not None and after > before:
        figures["by_cpu"] = figures["answered"] / (after - before)

    return figures


@contextmanager
def _listening(python: Path, served: _Served) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = _free_port()
    words = ["hacking", "http-server", "--port", str(port)]
    command: list[str | Path] = [python, CONNECTOR / served.script, *words]
    with running(command, environment=served.environment, stdout=subprocess.DEVNULL) as process:
        _wait_for(port)
        yield process, port


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return

    raise RuntimeError(f"nothing listens on {port}")
