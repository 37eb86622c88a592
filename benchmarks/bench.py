"""Measures everything in one run, prints a table, and writes `results.json`.

    nox -s bench                                all of it, most of an hour
    nox -s bench -- --quick                     fewer rounds, to try a change
    nox -s bench -- --only start --only dispatch

`README.md` tells how each case is measured.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

import bundles
import dispatching
import imports
import servers
import starts
import suite
import workers
from environments import ROOT, Environments
from measuring import FLOOR, NEWEST, OLD, OURS, Row

RESULTS = Path(__file__).with_name("results.json")
SHOWN = (OURS, FLOOR, OLD, NEWEST)

Case = Callable[[Environments, bool], list[Row]]

CASES: dict[str, Case] = {
    "start": lambda sides, quick: starts.measure(sides, rounds=3 if quick else 15),
    "imports": lambda sides, quick: imports.measure(sides, rounds=1 if quick else 5),
    "dispatch": lambda sides, quick: dispatching.measure(
        sides, rounds=2 if quick else 7, factor=0.1 if quick else 1
    ),
    "worker": lambda sides, quick: workers.measure(sides, rounds=3 if quick else 15),
    "server": lambda sides, quick: servers.measure(
        sides, rounds=1 if quick else 5, seconds=1 if quick else 2
    ),
    "bundle": lambda sides, quick: bundles.measure(
        sides, rounds=3 if quick else 15, builds=1 if quick else 3
    ),
    "tests": lambda _sides, _quick: suite.measure(),
}
"""By name, what is measured; a quick run makes fewer rounds."""

NOT_QUICK = {"bundle", "tests"}
"""Cases that take minutes; a quick run has them only when they are named."""


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and no slow cases")
    parser.add_argument("--only", action="append", choices=sorted(CASES), help="cases to measure")
    options = parser.parse_args()
    chosen = options.only or [name for name in CASES if not (options.quick and name in NOT_QUICK)]

    sides = Environments(Path(sys.prefix) / "sides")
    sides.build_wheels()
    rows: list[Row] = []
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        try:
            rows += CASES[name](sides, options.quick)
        except RuntimeError as error:  # a program failed: the other cases are worth having
            print(f"skipped: {name}: {error}", file=sys.stderr)

    print(table(rows))
    if not options.quick and not options.only:
        RESULTS.write_text(json.dumps(results(rows), indent=2) + "\n", encoding="utf-8")
        print(f"\nwritten: {RESULTS.relative_to(ROOT)}")

    return 0


def results(rows: list[Row]) -> dict[str, object]:
    """What is kept of a run."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "rows": [row.as_json() for row in rows],
    }


def table(rows: list[Row]) -> str:
    """The medians, and our ratio to each side with its target."""
    lines = [f"{'case':48}" + "".join(f"{side:>14}" for side in SHOWN) + "  ratios (target)"]
    for row in rows:
        figures = "".join(f"{_shown(row.median(side), row.unit):>14}" for side in SHOWN)
        ratios = ", ".join(filter(None, (_ratio(row, side) for side in row.samples)))
        lines.append(f"{row.case:48}{figures}  {ratios}")

    return "\n".join(lines)


def _shown(figure: float | None, unit: str) -> str:
    return "" if figure is None else f"{figure:,.4g} {unit.partition('/')[0][:3]}"


def _ratio(row: Row, side: str) -> str:
    ratio = row.ratio(side)
    if ratio is None:
        return ""

    target = row.targets.get(side)
    if target is None:
        return f"{ratio:.3g} x {side}"

    return f"{ratio:.3g} x {side} ({target:g}: {'holds' if row.holds(side) else 'MISSED'})"


if __name__ == "__main__":
    raise SystemExit(main())
