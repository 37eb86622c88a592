"""From the start of a process to its reply: what an agent pays that starts a connector per call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app import serving
from calling import CONSTANT, LONGEST, accounts, calling_app
from environments import CALL, Environments
from measuring import FLOOR, NEWEST, OLD, OURS, Row, Way, take_turns
from processes import CONNECTOR, HERE, run

AGAINST_OTHERS = {OLD: 0.33, NEWEST: 0.16}
AGAINST_ALL = {FLOOR: 1.1, **AGAINST_OTHERS}

PYTHON_ALONE = "python"
"""The interpreter without anything: what no script can go below."""


def measure(environments: Environments, *, rounds: int) -> list[Row]:
    """Measure calls without HTTP, with one HTTP request, and `info`."""
    pythons = environments.pythons(CALL)
    constant, remote = "run_constant.py", "run_remote.py"
    asked = _Asked(constant, CONSTANT, floor="constant.py")
    rows = _rows("constant", pythons, asked, AGAINST_ALL, rounds=rounds)
    with serving(tls=None) as url:
        asked = _Asked(remote, calling_app(url), floor="remote.py")
        rows += _rows("one HTTP call", pythons, asked, AGAINST_ALL, rounds=rounds)

    long = _Asked(constant, accounts(LONGEST), peak_targets={OLD: 0.9})
    rows += _rows("100,000 accounts", pythons, long, {OLD: 0.8}, rounds=rounds)
    return rows + _rows("info", pythons, _Asked(constant, None), AGAINST_OTHERS, rounds=rounds)


@dataclass(frozen=True, slots=True)
class _Asked:
    script: str
    request: str | None
    """The request to list accounts; None asks for `info`."""

    floor: str | None = None
    """The script that does the same, if there is one."""

    peak_targets: dict[str, float] = field(default_factory=dict)


def _rows(
    what: str,
    pythons: dict[str, Path],
    asked: _Asked,
    targets: dict[str, float],
    *,
    rounds: int,
) -> list[Row]:
    request = asked.request
    words = ["info"] if request is None else ["list_accounts", "--json", request]
    ways: dict[str, Way] = {
        side: partial(_start, [python, CONNECTOR / asked.script, *words], _is_reply)
        for side, python in pythons.items()
    }
    if asked.floor is not None and request is not None:
        floor = HERE / "floor" / asked.floor
        ways[FLOOR] = partial(_start, [pythons[OURS], floor, request], _is_reply)

    ways[PYTHON_ALONE] = partial(_start, [pythons[OURS], "-c", "pass"], lambda _text: True)
    samples = take_turns(ways, rounds=rounds)
    return [
        Row(f"start, {what}: CPU", "ms", samples["cpu"], targets),
        Row(f"start, {what}: wall", "ms", samples["wall"]),
        Row(f"start, {what}: peak memory", "MiB", samples["peak"], asked.peak_targets),
    ]


def _start(command: list[str | Path], is_right: Callable[[str], bool]) -> dict[str, float]:
    ended = run(command)
    if not is_right(ended.output):
        raise RuntimeError(f"{command} answered {ended.output[:500]!r}")

    return {"cpu": ended.cpu * 1e3, "wall": ended.wall * 1e3, "peak": ended.peak / 2**20}


def _is_reply(text: str) -> bool:
    """Whether a success reply begins so; the predecessor's `info` has other keys first."""
    return '"response":' in text and '"is_error":true' not in text
