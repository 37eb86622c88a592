"""The parts of pages that scripts make are what the scripts make of today's facts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from made_part import with_made_part
from pytest_cases import parametrize
from write_figures import PAGES, RESULTS, SCRIPT, figures


@parametrize("path", PAGES, ids=str)
def test_a_page_has_the_figures_of_the_last_run(path: Path) -> None:
    """If not: python tasks/write_figures.py."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else None
    page = path.read_text(encoding="utf-8")
    assert with_made_part(page, script=SCRIPT, part=figures(results)) == page


@pytest.mark.slow
def test_the_table_of_connectors_tells_what_they_and_their_tests_are() -> None:
    """If not: nox -s connectors."""
    script = Path(__file__).parent.parent / "tasks" / "list_connectors.py"
    command = [sys.executable, str(script), "--collect"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 0 == ended.returncode, ended.stderr


def test_a_figure_has_its_ratio_and_its_target() -> None:
    """Whoever reads the table sees what was promised, and whether it holds."""
    row = {
        "case": "start: CPU",
        "unit": "ms",
        "medians": {"ours": 250.0, "floor": 200.0, "4.4.0": 1000.0},
        "ratios": {
            "floor": {"ratio": 1.25, "target": 1.2, "holds": False},
            "4.4.0": {"ratio": 0.25, "target": 0.4, "holds": True},
        },
        "limit": 300,
        "is_within_limit": True,
    }
    shown = figures({"system": "Linux", "cpus": 2, "python": "3.11", "rows": [row]})
    assert (
        "| start: CPU | 250 ms | 200 ms | 1,000 ms "
        "| at most 300 (met), 1.25 x floor (1.2, **missed**), 0.25 x 4.4.0 (0.4, met) |"
    ) == shown.splitlines()[-1]
