"""A new version for all packages, as `nox -s version` sets it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests start processes

ROOT = Path(__file__).parent.parent
PYPROJECT = """\
dependencies = [
  "connector-cli[server]==0.1.9",
  "connector-sdk==0.1.9",
  "typer>=0.26",
]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace of one package at version 0.1.9, with the script in it."""
    shutil.copytree(ROOT / "tasks", tmp_path / "tasks")
    (tmp_path / "VERSION").write_text("0.1.9\n", encoding="utf-8")
    pyproject = tmp_path / "packages/connector-compat/pyproject.toml"
    pyproject.parent.mkdir(parents=True)
    pyproject.write_text(PYPROJECT, encoding="utf-8")
    return tmp_path


def set_version(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script with the words of a command line."""
    command = [sys.executable, str(workspace / "tasks/set_version.py"), *words]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


def state(workspace: Path) -> tuple[str, str]:
    """The two files that carry the version."""
    pyproject = workspace / "packages/connector-compat/pyproject.toml"
    version = (workspace / "VERSION").read_text(encoding="utf-8")
    return version, pyproject.read_text(encoding="utf-8")


@parametrize(
    "word, version",
    [("patch", "0.1.10"), ("minor", "0.2.0"), ("major", "1.0.0"), ("2.3.4", "2.3.4")],
)
def test_the_version_and_the_sibling_pins_change_together(
    workspace: Path, word: str, version: str
) -> None:
    """One word sets VERSION and each sibling pin, and leaves other requirements alone."""
    assert 0 == set_version(workspace, word).returncode
    assert (f"{version}\n", PYPROJECT.replace("0.1.9", version)) == state(workspace)


@parametrize(words=[(), ("huge",), ("1.2",), ("patch", "minor")], ids=" ".join)
def test_a_wrong_command_line_changes_nothing(workspace: Path, words: tuple[str, ...]) -> None:
    """What cannot be a version is refused in one line, and no file is touched."""
    before = state(workspace)
    result = set_version(workspace, *words)
    assert 1 == result.returncode
    assert 1 == len(result.stderr.splitlines())
    assert before == state(workspace)
