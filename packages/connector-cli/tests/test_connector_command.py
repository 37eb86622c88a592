"""The `connector` command: what it prints, and what it says is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_cases import parametrize

from connector_sdk.spec import standard_document

pytestmark = pytest.mark.slow  # its tests start processes

Run = Callable[..., Any]
COMMAND = [sys.executable, "-m", "connector_cli.app"]


@pytest.fixture
def connector(forked: Run, tmp_path: Path) -> Run:
    """Run the command in an empty folder; `path` is searched before all others for modules."""
    folder = tmp_path / "empty"
    folder.mkdir()

    def run(*words: str, path: Path | None = None) -> Any:
        return forked(*words, program="connector", path=path, directory=folder)

    return run


def install(folder: Path, name: str, *files: str, entry_points: str = "") -> None:
    """Make a folder look as if pip had installed a distribution into it."""
    about = folder / f"{name.replace('-', '_')}-4.4.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 4.4.0\n")
    (about / "RECORD").write_text("".join(f"{each},,\n" for each in files))
    (about / "entry_points.txt").write_text(entry_points)
    for each in files:
        (folder / each).parent.mkdir(exist_ok=True)
        (folder / each).write_text("")


def hide(folder: Path, *modules: str) -> None:
    """Make modules look as if they were not installed."""
    for name in modules:
        (folder / f"{name}.py").write_text(
            f"raise ModuleNotFoundError('No module named {name}', name={name!r})\n"
        )


def test_the_version_is_that_of_the_packages(connector: Run) -> None:
    """One line on stdout."""
    assert f"connector {version('connector-cli')}\n" == connector("--version").stdout


def test_without_words_it_shows_its_help(connector: Run) -> None:
    """It lists the commands, and the exit code is that of a mistake."""
    ended = connector()
    assert 2 == ended.code
    for command in ("spec", "scaffold", "compile-on-prem", "migrate", "doctor"):
        assert f" {command} " in ended.stdout + ended.stderr


class TestSpec:
    """`connector spec`."""

    @parametrize(words=[(), ("--format", "json")], ids=str)
    def test_it_prints_the_document_as_json(self, connector: Run, words: tuple[str, ...]) -> None:
        """It is the document that the SDK makes from the models."""
        assert standard_document() == json.loads(connector("spec", *words).stdout)

    def test_it_prints_the_document_as_yaml(self, connector: Run) -> None:
        """The same document, without anchors."""
        text = connector("spec", "--format", "yaml").stdout
        assert standard_document() == yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        assert "&id" not in text

    def test_yaml_needs_an_extra_and_json_does_not(self, connector: Run, tmp_path: Path) -> None:
        """Without PyYAML the message says what to install."""
        hide(tmp_path, "yaml")
        ended = connector("spec", "--format", "yaml", path=tmp_path)
        assert (1, "") == (ended.code, ended.stdout)
        assert "pip install 'connector-cli[yaml]'" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert 0 == connector("spec", path=tmp_path).code

    def test_a_reader_that_is_gone_is_no_error(self, forked: Run) -> None:
        """`connector spec | head` ends without a complaint."""
        ended = forked("spec", program="connector", unread=True)
        assert (0, "") == (ended.code, ended.stderr)


@parametrize(
    "words, module, extra",
    [
        (("scaffold", "acme", "there"), "copier", "scaffold"),
        (
            ("compile-on-prem", "--connector-root-module-dir", "x", "--app-id", "acme"),
            "PyInstaller",
            "compile",
        ),
        (("migrate", "."), "libcst", "migrate"),
    ],
    ids=["scaffold", "compile-on-prem", "migrate"],
)
def test_a_command_says_which_extra_it_needs(
    connector: Run, tmp_path: Path, words: tuple[str, ...], module: str, extra: str
) -> None:
    """What is missing, and the command that installs it; nothing is written."""
    hide(tmp_path, module)
    ended = connector(*words, path=tmp_path)
    assert (1, "") == (ended.code, ended.stdout)
    assert module in ended.stderr
    assert f"pip install 'connector-cli[{extra}]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_help_is_there_without_the_extra(connector: Run, tmp_path: Path) -> None:
    """It says what the questions need that it would list."""
    hide(tmp_path, "copier")
    ended = connector("scaffold", "--help", path=tmp_path)
    assert (0, "") == (ended.code, ended.stderr)
    assert "--data" in ended.stdout
    assert "pip install 'connector-cli[scaffold]'" in ended.stdout


@parametrize(
    words=[
        ("scaffold",),
        ("scaffold", "acme"),
        ("compile-on-prem", "--app-id", "acme"),
        ("spec", "--format", "xml"),
        ("no-such-command",),
        ("doctor", "now"),
    ],
    ids=" ".join,
)
def test_wrong_words_are_a_mistake(connector: Run, words: tuple[str, ...]) -> None:
    """The exit code is 2, and stdout stays empty."""
    ended = connector(*words)
    assert (2, "") == (ended.code, ended.stdout)


class TestDoctor:
    """`connector doctor`."""

    def test_a_good_installation_is_good(self, connector: Run) -> None:
        """Each finding is a line; nothing is wrong, and the exit code is 0."""
        ended = connector("doctor")
        assert 0 == ended.code, ended.stdout
        assert "!!" not in ended.stdout
        assert f"ok  connector-sdk {version('connector-sdk')}\n" in ended.stdout

    def test_a_missing_extra_is_told_and_not_wrong(self, connector: Run, tmp_path: Path) -> None:
        """It says which command lacks what, and how to install it."""
        (tmp_path / "sitecustomize.py").write_text(
            "import importlib.util as util\n"
            "find = util.find_spec\n"
            "util.find_spec = lambda name: None if name == 'uvicorn' else find(name)\n"
        )
        ended = subprocess.run(
            [*COMMAND, "doctor"],
            check=False,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            timeout=60,
        )
        assert 0 == ended.returncode
        assert (
            "-   dev http-server needs uvicorn: python -m pip install 'connector-cli[server]'\n"
        ) in ended.stdout

    def test_another_version_of_a_sibling_is_wrong(self, connector: Run, tmp_path: Path) -> None:
        """The packages work in the same version only."""
        install(tmp_path, "connector-oauth")
        ended = connector("doctor", path=tmp_path)
        assert 1 == ended.code
        wanted = version("connector-cli")
        assert f"!!  connector-oauth 4.4.0 does not fit connector-cli {wanted}" in ended.stdout
        assert f"pip install 'connector-oauth=={wanted}'" in ended.stdout

    def test_a_predecessors_files_over_ours_are_wrong(self, connector: Run, tmp_path: Path) -> None:
        """A distribution that installs into the same package is named, with how to mend it."""
        install(tmp_path, "connector-compat", "connector/__init__.py")
        install(tmp_path, "connector-py", "connector/__init__.py", "connector/old.py")
        ended = connector("doctor", path=tmp_path)
        assert 1 == ended.code
        assert "!!  connector-py installs files into the package `connector`" in ended.stdout
        assert "pip uninstall -y connector-py" in ended.stdout
        assert "--force-reinstall --no-deps connector-compat" in ended.stdout

    def test_files_that_were_changed_are_wrong(self, connector: Run, tmp_path: Path) -> None:
        """What another distribution overwrote stays wrong after it was uninstalled."""
        install(tmp_path, "connector-compat", "connector/__init__.py")
        (record,) = tmp_path.glob("*.dist-info/RECORD")
        record.write_text("connector/__init__.py,sha256=somethingelse,5\n")
        ended = connector("doctor", path=tmp_path)
        assert 1 == ended.code
        assert "connector-compat were changed after it was installed (connector/__init__.py)" in (
            ended.stdout
        )

    def test_another_command_of_the_same_name_is_wrong(
        self, connector: Run, tmp_path: Path
    ) -> None:
        """Whichever was installed last would answer."""
        scripts = "[console_scripts]\nconnector = connector.cli:main\n"
        install(tmp_path, "connector-py", entry_points=scripts)
        ended = connector("doctor", path=tmp_path)
        assert 1 == ended.code
        assert "!!  connector-py offers the command `connector` too" in ended.stdout
