"""The whole way of an author who has no repository: from built wheels to a connector that runs.

The steps are those that the connector's README gives, word for word. Our packages come from the
wheels built here, theirs from wherever pip has them.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
PACKAGES = ("connector-sdk", "connector-cli", "connector-oauth")

pytestmark = pytest.mark.slow


class Shell:
    """Runs command lines in a folder, with the commands of a virtual environment."""

    def __init__(self, folder: Path, environment: Path, wheels: Path) -> None:
        venv.create(environment, with_pip=True)
        scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
        self._folder = folder
        self._environment = {
            **{key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "PIP_FIND_LINKS": str(wheels),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def run(self, *words: str) -> str:
        """Run a command line, and return its stdout; a failure shows what it said."""
        ended = subprocess.run(
            words,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            check=False,
            text=True,
        )
        assert 0 == ended.returncode, f"{words}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheels of our packages."""
    folder = tmp_path_factory.mktemp("dist")
    members = [str(REPOSITORY / "packages" / name) for name in PACKAGES]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), *members], check=True)
    return folder


def test_a_connector_is_made_tested_and_called_without_the_repository(
    tmp_path: Path, wheels: Path
) -> None:
    """Each command of the README works as written, in environments that were empty."""
    author = Shell(tmp_path, tmp_path / "author", wheels)
    author.run("pip", "install", "--quiet", "connector-cli[all]")
    author.run("connector", "scaffold", "demo-connector", "demo_connector")

    connector = Shell(tmp_path / "demo_connector", tmp_path / "demo_connector/.venv", wheels)
    connector.run("pip", "install", "--quiet", ".[all]")
    assert "All checks passed!" in connector.run("ruff", "check")
    assert "already formatted" in connector.run("ruff", "format", "--check")
    assert "Success: no issues found" in connector.run("mypy", ".")
    assert " passed in " in connector.run("pytest").splitlines()[-1]
    info = json.loads(connector.run("demo-connector", "info"))["response"]
    assert ("demo", "0.1.0") == (info["app_id"], info["version"])

    author.run("connector", "scaffold", "demo", "demo_connector", "--update")
    assert "Success: no issues found" in connector.run("mypy", ".")
