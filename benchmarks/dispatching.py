"""Calls within one process: what the SDK itself costs, without a start and without a wire."""

import json
from functools import partial
from pathlib import Path

from environments import CALL, Environments
from measuring import FLOOR, NEWEST, OLD, OURS, Row, take_turns
from processes import HERE, run

TARGETS = {
    "smallest": {OLD: 1.0, NEWEST: 0.1},
    "list of 100,000": {OLD: 0.8},
    "info, first": {OLD: 0.6},
}
MICROSECONDS, MILLISECONDS = ("us", 1e6), ("ms", 1e3)


def measure(environments: Environments, *, rounds: int, factor: float) -> list[Row]:
    """Measure dispatch, `info()` and the memory of a long list.

    Parameters:
        environments: the sides'.
        rounds: processes of each side.
        factor: how many calls each process makes, as a multiple of the usual number.
    """
    pythons = environments.pythons(CALL)
    calls = {side: partial(_probe, python, "dispatch", factor) for side, python in pythons.items()}
    calls[FLOOR] = partial(_probe, pythons[OURS], "floor", factor)
    dispatched = take_turns(calls, rounds=rounds)
    rows = [_row("dispatch", case, samples) for case, samples in dispatched.items()]

    infos = {side: partial(_probe, python, "info", 1) for side, python in pythons.items()}
    samples = take_turns(infos, rounds=rounds)
    rows += [_row("in process", case, each) for case, each in samples.items()]
    again = {OURS: samples["info, second"][OURS], OLD: samples["info, first"].get(OLD, [])}
    case = "info, our second against 4.4.0's first"
    rows.append(Row(case, "us", _scaled(again, 1e6), {OLD: 0.05}))

    memories = {side: partial(_probe, python, "memory", 1) for side, python in pythons.items()}
    peaks = take_turns(memories, rounds=rounds, warm_up=0)["peak"]
    rows.append(Row("peak memory, list of 100,000", "MiB", _scaled(peaks, 2**-20), {OLD: 0.9}))
    return rows


def _row(group: str, case: str, samples: dict[str, list[float]]) -> Row:
    unit, scale = MILLISECONDS if "000" in case else MICROSECONDS
    return Row(f"{group}, {case}", unit, _scaled(samples, scale), TARGETS.get(case, {}))


def _scaled(samples: dict[str, list[float]], scale: float) -> dict[str, list[float]]:
    return {side: [figure * scale for figure in each] for side, each in samples.items()}


def _probe(python: Path, what: str, factor: float) -> dict[str, float]:
    figures: dict[str, float] = json.loads(
        run([python, HERE / "probe.py", what, str(factor)]).output.splitlines()[-1]
    )
    return figures
