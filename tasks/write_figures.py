"""Put the figures of the last benchmark into the pages that show them.

`nox -s bench` runs it, after it has written `benchmarks/results.json`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from made_part import rewrite

ROOT = Path(__file__).parent.parent
SCRIPT = "tasks/write_figures.py"
PAGES = (ROOT / "docs" / "performance.md", ROOT / "benchmarks" / "README.md")
RESULTS = ROOT / "benchmarks" / "results.json"

VERDICTS = {True: "met", False: "**missed**"}
NONE_YET = "There are no figures yet: `nox -s bench` makes them."


def figures(results: dict[str, Any] | None) -> str:
    """Return the part of a page, from what a run left; None if there was no run."""
    if results is None:
        return NONE_YET

    rows = results["rows"]
    # In the order in which they first appear: the project's own side is the first.
    sides = list(dict.fromkeys(side for row in rows for side in row["medians"]))
    system = f"{results['system']}, {results['cpus']} CPUs, Python {results['python']}"
    return "\n".join(
        (
            f"Medians of a run on {system}:",
            "",
            "| case | " + " | ".join(sides) + " | times the others' (target) |",
            "|---|" + "---:|" * len(sides) + "---|",
            *(_line(row, sides) for row in rows),
        )
    )


def _line(row: dict[str, Any], sides: list[str]) -> str:
    cells = [_figure(row["medians"].get(side), row["unit"]) for side in sides]
    return f"| {row['case']} | " + " | ".join(cells) + f" | {', '.join(_ratios(row))} |"


def _figure(figure: float | None, unit: str) -> str:
    return "" if figure is None else f"{figure:,g} {unit}".strip()


def _ratios(row: dict[str, Any]) -> Iterator[str]:
    if row.get("limit") is not None:
        yield f"at most {row['limit']:g} ({VERDICTS[row['is_within_limit']]})"

    for side, compared in row["ratios"].items():
        if compared["ratio"] is not None:
            yield f"{compared['ratio']:g} x {side}{_verdict(compared)}"


def _verdict(compared: dict[str, Any]) -> str:
    if compared["holds"] is None:
        return ""

    return f" ({compared['target']:g}, {VERDICTS[compared['holds']]})"


if __name__ == "__main__":
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else None
    for page in PAGES:
        rewrite(page, script=SCRIPT, part=figures(found))
