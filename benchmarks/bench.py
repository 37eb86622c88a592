"""Measures everything in one run, prints a table, and writes `results.json`.

    nox -s bench                                all of it, most of an hour
    nox -s bench -- --quick                     fewer rounds, to try a change
    nox -s bench -- --only start --only dispatch

A run without `--quick` puts what it measured into `results.json`, and leaves the other cases there.
`README.md` tells how each case is measured.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bundles
import clients
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
    "client": lambda sides, quick: clients.measure(sides, rounds=3 if quick else 15),
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
    measured: dict[str, list[Row]] = {}
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        try:
            measured[name] = CASES[name](sides, options.quick)
        except RuntimeError as error:  # a program failed: the other cases are worth having
            print(f"skipped: {name}: {error}", file=sys.stderr)

    print(table([row for rows in measured.values() for row in rows]))
    if not options.quick:
        RESULTS.write_text(json.dumps(results(measured), indent=2) + "\n", encoding="utf-8")
        print(f"\nwritten: {RESULTS.relative_to(ROOT)}")

    return 0


def results(measured: dict[str, list[Row]]) -> dict[str, Any]:
    """What is kept of a run, beside what earlier runs measured of other cases."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if RESULTS.exists() else []
    new = {name: [{"of": name, **row.as_json()} for row in rows] for name, rows in measured.items()}
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "rows": [
            row
            for name in CASES
            for row in new.get(name, [each for each in kept if each["of"] == name])
        ],
    }


def table(rows: list[Row]) -> str:
    """The medians, and our ratio to each side with its target."""
    lines = [f"{'case':48}" + "".join(f"{side:>14}" for side in SHOWN) + "  ratios (target)"]
    for row in rows:
        figures = "".join(f"{_shown(row.median(side), row.unit):>14}" for side in SHOWN)
        ratios = ", ".join(
            filter(None, (_limit(row), *(_ratio(row, side) for side in row.samples)))
        )
        lines.append(f"{row.case:48}{figures}  {ratios}")

    return "\n".join(lines)


def _shown(figure: float | None, unit: str) -> str:
    return "" if figure is None else f"{figure:,.4g} {unit.partition('/')[0][:3]}"


def _limit(row: Row) -> str:
    return "" if row.limit is None else f"at most {row.limit:g} ({_verdict(row.is_within_limit)})"


def _ratio(row: Row, side: str) -> str:
    ratio = row.ratio(side)
    if ratio is None:
        return ""

    target = row.targets.get(side)
    if target is None:
        return f"{ratio:.3g} x {side}"

    return f"{ratio:.3g} x {side} ({target:g}: {_verdict(row.holds(side))})"


def _verdict(holds: bool | None) -> str:  # noqa: FBT001 # the word for it
    return "holds" if holds else "MISSED"


if __name__ == "__main__":
    raise SystemExit(main())
