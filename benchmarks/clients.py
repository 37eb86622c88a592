"""What a connector's HTTP client costs: calls that make one HTTPS request each."""

import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from app import USER, certificates, serving
from calling import request
from environments import CALL, Environments
from measuring import FLOOR, OURS, Row, take_turns
from processes import HERE, computed, running

CALLS = 200
"""Calls of a turn, one after another. With few, a turn would measure how a processor forgets: the
first calls are slow after another process has had it."""

AT_ONCE = 10
"""Requests that the floor makes at a time where the worker is given all its calls at once: as many
as a client lets through to one host."""

TARGETS = {FLOOR: 1.3}

IN_PROCESS, IN_WORKER, AT_ONCE_IN_WORKER = "in process", "in one worker", "at once in one worker"
FLOOR_AT_ONCE = "floor at once"
FLOORS = {IN_PROCESS: FLOOR, IN_WORKER: FLOOR, AT_ONCE_IN_WORKER: FLOOR_AT_ONCE}
"""What each way is compared with."""


def measure(environments: Environments, *, rounds: int) -> list[Row]:
    """Measure calls in a process and through a worker, against bare httpx with one client."""
    python = environments.pythons(CALL)[OURS]
    program = HERE / "http_client.py"
    with ExitStack() as stack:
        folder = stack.enter_context(certificates())
        url = stack.enter_context(serving(tls=folder))
        ca_file = f"{folder}/ca.pem"
        asked = request(settings={"url": url, "ca_file": ca_file})

        def start(script: Path, *words: str) -> subprocess.Popen[str]:
            return stack.enter_context(running([python, script, *words]))

        # Two, for httpx asks all connections that are idle, and one at a time leaves but one.
        floor, floor_at_once = (
            start(HERE / "floor" / "calls.py", url, ca_file, str(CALLS)) for _ in range(2)
        )
        dispatch = start(program, "dispatch", asked, str(CALLS))
        worker = start(program, "worker")
        ways = {
            FLOOR: partial(_turn, floor, lambda: _ask(floor, "1")),
            FLOOR_AT_ONCE: partial(_turn, floor_at_once, lambda: _ask(floor_at_once, f"{AT_ONCE}")),
            IN_PROCESS: partial(_turn, dispatch, lambda: _ask(dispatch, "go")),
            IN_WORKER: partial(_turn, worker, lambda: _call(worker, asked)),
            AT_ONCE_IN_WORKER: partial(_turn, worker, lambda: _call_at_once(worker, asked)),
        }
        samples = take_turns(ways, rounds=rounds)

    return [
        Row(
            f"{CALLS} calls {where}, an HTTPS request each: {what}",
            "us a call",
            {OURS: sides[where], FLOOR: sides[floor]},
            TARGETS,
        )
        for where, floor in FLOORS.items()
        for what, sides in samples.items()
    ]


def _turn(process: subprocess.Popen[str], make_calls: Callable[[], Any]) -> Mapping[str, float]:
    cpu, started = computed(process) or 0.0, time.perf_counter()
    make_calls()
    wall, cpu = time.perf_counter() - started, (computed(process) or 0.0) - cpu
    return {"CPU": cpu / CALLS * 1e6, "wall": wall / CALLS * 1e6}


def _call(worker: subprocess.Popen[str], asked: str) -> None:
    for number in range(CALLS):
        _check(_ask(worker, _line(number, asked)))


def _call_at_once(worker: subprocess.Popen[str], asked: str) -> None:
    """Give the worker all its lines, and read the answers meanwhile, as both pipes get full."""
    lines = "".join(f"{_line(number, asked)}\n" for number in range(CALLS))
    sending = Thread(target=_send, args=[worker, lines])
    sending.start()
    for _ in range(CALLS):
        _check(_hear(worker))

    sending.join()


def _line(number: int, asked: str) -> str:
    return f'{{"id":{number},"capability":"list_accounts","request":{asked}}}'


def _check(answer: str) -> None:
    if USER not in answer:
        raise RuntimeError(f"the worker answered {answer!r}")


def _ask(process: subprocess.Popen[str], line: str) -> str:
    _send(process, f"{line}\n")
    return _hear(process)


def _send(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError("a program of the case has ended")

    return answer
