"""The README and the guides say what is true: every block of code in them runs.

A page is a session, from its top to its end, in a folder of its own:

- Python runs block after block in one namespace; a block after `<!-- output -->` is what it prints.
- A block after `<!-- file: PATH -->` is written there, after `<!-- append: PATH -->` at its end.
  After `<!-- change: PATH -->` it is a diff: in that file, `-` lines go and `+` lines come.
- In a console block, what follows `$ ` is typed into one shell, and the other lines are what comes;
  `...` stands for whatever differs from run to run. A block without `$ ` is commands alone.
- What must not run here says where it does: `<!-- run by: PATH -->`, a file of the repository that
  runs these commands.
- JSON, TOML and YAML are read.

Its shell has the tests' environment, or an empty one if the page installs something; our packages
are then found as wheels, as if they had been released. The README's reader sits in a clone.

The pages of a folder, such as a tutorial's chapters, are one session, in the order of their names.
"""

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
import uuid
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
import yaml
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # pages start processes, some install and compile

REPOSITORY = Path(__file__).parent.parent
DOCS = REPOSITORY / "docs"
PACKAGES = ("connector-sdk", "connector-cli", "connector-oauth", "connector-compat")
GENERATED = {DOCS / "reference" / "capabilities.md", DOCS / "reference" / "models.md"}

PATIENCE = 900
"""Seconds. A page that takes longer is stuck: one of its commands waits for something."""

NOT_A_READERS = re.compile(r"CONNECTOR_|(CI|BUILD_NUMBER|FORCE_COLOR|PYTEST_ADDOPTS)$")
"""Variables of tests and of CI, under which commands behave in another way than for a reader."""

FENCE = re.compile(
    r"(?:^<!-- (?P<role>file|append|change|output|run by)(?:: (?P<path>\S+))? -->\n\s*)?"
    r"^(?P<ticks>`{3,})(?P<language>\S*).*\n(?P<text>(?:.*\n)*?)(?P=ticks)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Parameters:
        page: the page's file.
        line: the line of its first line.
        language: what the fence says it is.
        role: what the comment before it says it is for; empty if there is none.
        path: the file that the comment names.
        text: what it has.
    """

    page: Path
    line: int
    language: str
    role: str
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def pages() -> Iterator[list[Path]]:
    """The pages, those of one session together."""
    yield [REPOSITORY / "README.md"]
    guides = sorted(page for page in DOCS.rglob("*.md") if page not in GENERATED)
    for folder, found in groupby(guides, key=lambda page: page.parent):
        if folder == DOCS:
            yield from ([page] for page in found)
        else:
            yield list(found)


def blocks_of(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    assert not re.search("^ +```", text, re.MULTILINE), f"{page}: an indented block would not run"
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        role, path, language = (found[name] or "" for name in ("role", "path", "language"))
        yield Block(page, line, language, role, path, found["text"])


class Shell:
    """A shell that stays, so that a page may change folders and activate environments."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._watchdog = threading.Timer(PATIENCE, self._kill)
        self._watchdog.start()

    def run(self, command: str) -> tuple[str, int]:
        """Type a command; return what it printed, on both streams, and its exit status."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        mark = uuid.uuid4().hex
        # The status is given back to the shell, for a page that asks for it by `echo $?`.
        stdin.write(f"{{ {command}\n}} </dev/null\nset -- $?; echo {mark} $1; (exit $1)\n")
        stdin.flush()
        printed = ""
        for line in stdout:
            before, found, status = line.partition(mark)
            printed += before
            if found:
                return printed, int(status)

        pytest.fail(f"the shell ended with: {command}\n{printed}")

    def close(self) -> None:
        """End it, and what it left running."""
        self._watchdog.cancel()
        self._kill()
        self._process.communicate()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


class Session:
    """What a page needs while it runs.

    Parameters:
        folder: its folder.
        environment: variables of its shell.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._names: dict[str, object] = {"__name__": "page"}
        self._printed = ""
        self._shell: Shell | None = None

    def run(self, block: Block) -> None:
        """Do what a block says, and compare what comes of it."""
        if block.role == "run by":
            check_is_run_elsewhere(block)
        elif block.role in ("file", "append"):
            self._write(block)
        elif block.role == "change":
            self._change(block)
        elif block.role == "output":
            compare(block.text, self._printed, block)
        elif not block.language.startswith("{"):  # a directive shows something
            self._by_language(block)(block)

    def close(self) -> None:
        """End its shell."""
        if self._shell:
            self._shell.close()

    def _by_language(self, block: Block) -> Callable[[Block], object]:
        ways: dict[str, Callable[[Block], object]] = {
            "console": self._type,
            "diff": lambda _block: None,
            "json": lambda block: json.loads(block.text),
            "python": self._execute,
            "text": lambda _block: None,
            "toml": lambda block: tomllib.loads(block.text),
            "yaml": lambda block: yaml.safe_load(block.text),
        }
        assert block.language in ways, f"{block}: say what it is: {', '.join(ways)}"
        return ways[block.language]

    def _write(self, block: Block) -> None:
        file = self._folder / block.path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w" if block.role == "file" else "a", encoding="utf-8") as stream:
            stream.write(block.text)

    def _change(self, block: Block) -> None:
        file = self._folder / block.path
        text = file.read_text(encoding="utf-8")
        for hunk in block.text.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
            new = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
            assert text.count(old) == 1, f"{block}: {block.path} does not have once:\n{old}"
            text = text.replace(old, new)

        file.write_text(text, encoding="utf-8")

    def _execute(self, block: Block) -> None:
        source = "\n" * (block.line - 1) + block.text  # a traceback then shows the page's lines
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.chdir(self._folder):
            exec(compile(source, str(block.page), "exec"), self._names)

        self._printed = printed.getvalue()

    def _type(self, block: Block) -> None:
        self._shell = self._shell or Shell(self._folder, self._environment)
        commands = list(typed(block.text))
        for position, (command, expected) in enumerate(commands):
            printed, status = self._shell.run(command)
            told = [each for each, _ in commands[position + 1 : position + 2]] == ["echo $?"]
            assert told or status == 0, f"{block}: {command}\nexit status {status}\n{printed}"
            if expected is not None:
                compare(expected, printed, block)


def typed(text: str) -> Iterator[tuple[str, str | None]]:
    """The commands of a console block, each with what it prints; None where nothing is said."""
    lines = text.replace("\\\n", "\\\0").splitlines()
    if not any(line.startswith("$ ") for line in lines):
        yield from ((line.replace("\0", "\n"), None) for line in lines if line)
        return

    command, expected = "", ""
    for line in lines:
        if line.startswith("$ "):
            if command:
                yield command, expected

            command, expected = line.removeprefix("$ ").replace("\0", "\n"), ""
        else:
            expected += line.replace("\0", "\n") + "\n"

    yield command, expected


def compare(expected: str, printed: str, block: Block) -> None:
    """Fail if a page shows something other than what came; `...` stands for anything."""
    first, *parts = map(re.escape, re.split(r"\.\.\.|…", expected.rstrip("\n")))
    # The earliest place of a part leaves the most to those after it: no other needs to be tried.
    earliest = [f"(?>.*?{part})" for part in parts[:-1]]
    want = "".join([first, *earliest, *(f".*{part}" for part in parts[-1:])])
    got = re.sub(r"[ \t]+$", "", printed, flags=re.MULTILINE).rstrip("\n")
    assert re.fullmatch(want, got, flags=re.DOTALL), (
        f"{block} shows\n{expected}\nbut this came:\n{printed}"
    )


def check_is_run_elsewhere(block: Block) -> None:
    """Fail if the file that a block names does not know the last word of each command."""
    runner = (REPOSITORY / block.path).read_text(encoding="utf-8")
    for command, _ in typed(block.text):
        assert command.split()[-1] in runner, f"{block}: {block.path} does not run: {command}"


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our packages, as they will be in the package index."""
    folder = tmp_path_factory.mktemp("wheels")
    members = [str(REPOSITORY / "packages" / name) for name in PACKAGES]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), *members], check=True)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a session."""
    made = tmp_path / "page"
    made.mkdir()
    return made


def copy_repository(folder: Path) -> None:
    """Put the repository's files into a folder, those that are not committed yet as well."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file():  # not one that is deleted, and not committed yet
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)


def empty_environment(folder: Path) -> Path:
    """Make a virtual environment; return the folder of its programs."""
    venv.create(folder, with_pip=True)
    return folder / "bin"


SESSIONS = list(pages())


@parametrize("together", SESSIONS, ids=[str(each[0].relative_to(REPOSITORY)) for each in SESSIONS])
def test_a_page_is_true(
    together: list[Path], folder: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whoever follows the page has what it shows."""
    blocks = [block for page in together for block in blocks_of(page)]
    variables = {name: os.environ[name] for name in os.environ if not NOT_A_READERS.match(name)}
    variables |= {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    programs = Path(sys.executable).parent
    if any("pip install" in block.text for block in blocks if block.role != "run by"):
        programs = empty_environment(tmp_path / "environment")
        variables["PIP_FIND_LINKS"] = str(request.getfixturevalue("wheels"))

    if REPOSITORY / "README.md" in together:
        copy_repository(folder)

    variables["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    session = Session(folder, variables)
    try:
        for block in blocks:
            session.run(block)
    finally:
        session.close()
