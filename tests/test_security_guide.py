"""The guide to security names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = [*ROOT.glob("packages/*/tests/**/test_*.py"), *ROOT.glob("tests/test_*.py")]


def test_each_threat_is_met_by_tests_that_exist() -> None:
    """What a row promises is held by the tests that it names, and no row is without one."""
    guide = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    threats = guide.split("## Threats")[1].split("## What is not protected")[0]
    rows = [line for line in threats.splitlines() if re.match(r"\| (?!threat )\S", line)]
    assert [] == [row for row in rows if "::test_" not in row]

    there = {
        (path.stem, test)
        for path in TESTS
        for test in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    assert set() == set(re.findall(r"`(test_\w+)::(test_\w+)`", threats)) - there
