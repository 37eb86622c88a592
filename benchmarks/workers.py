"""A call through a worker, against a process for each call."""

import json
import time
from pathlib import Path

from calling import CONSTANT
from environments import CALL, Environments
from measuring import OURS, Row
from processes import CONNECTOR, computed, run, running

CALLS = 500
"""Calls that a worker answers, one after another, in a round."""

START = "a process per call"


def measure(environments: Environments, *, rounds: int) -> list[Row]:
    """Measure both in turn."""
    python = environments.pythons(CALL)[OURS]
    script = CONNECTOR / "run_constant.py"
    walls: dict[str, list[float]] = {OURS: [], START: []}
    cpus: dict[str, list[float]] = {OURS: [], START: []}
    line = json.dumps(
        {"id": 1, "capability": "list_accounts", "request": json.loads(CONSTANT)},
        separators=(",", ":"),
    )
    with running([python, script, "worker"]) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        for number in range(-1, rounds):
            answer = ""
            cpu, started = computed(worker) or 0.0, time.perf_counter()
            for _ in range(CALLS):
                worker.stdin.write(f"{line}\n")
                worker.stdin.flush()
                answer = worker.stdout.readline()

            wall, cpu = time.perf_counter() - started, (computed(worker) or 0.0) - cpu
            if '"reply":{"response":[]' not in answer:
                raise RuntimeError(f"the worker answered {answer!r}")

            ended = _start(python, script)
            if number >= 0:
                walls[OURS].append(wall / CALLS * 1e3)
                walls[START].append(ended[0] * 1e3)
                cpus[OURS].append(cpu / CALLS * 1e3)
                cpus[START].append(ended[1] * 1e3)

    targets = {START: 0.005}
    return [
        Row("worker, a call: CPU", "ms", cpus, targets),
        Row("worker, a call: wall", "ms", walls, targets),
    ]


def _start(python: Path, script: Path) -> tuple[float, float]:
    ended = run([python, script, "list_accounts", "--json", CONSTANT])
    return ended.wall, ended.cpu
