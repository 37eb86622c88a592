"""`connector migrate`: native imports in place of the predecessor's, as a diff or in the files."""

import os
import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import typer
from libcst import Module, ParserSyntaxError

from connector_cli.calls import NoReply
from connector_cli.descriptors import say
from connector_cli.migration.imports import rewrite
from connector_cli.migration.survey import OLD, Note, Survey, survey

SKIPPED = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})
"""Folders whose files are nobody's source; so are those with a dot before their name."""

REQUIREMENT = re.compile(r"connector[-_.](py|compat)\b", re.IGNORECASE)
"""A requirement on the predecessor's distribution, or on the one that has its paths."""


REQUIREMENTS_FILE = re.compile(r"pyproject\.toml|setup\.cfg|requirements.*\.(in|txt)")
"""A file with a connector's requirements."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What became of one file."""

    path: Path
    old: str
    new: str
    encoding: str
    notes: list[Note]

    @property
    def is_changed(self) -> bool:
        """Whether anything in it is to be written otherwise."""
        return self.old != self.new

    def diff(self) -> str:
        """Return the change as a unified diff; empty without one."""
        name = str(self.path)
        lines = unified_diff(
            self.old.splitlines(keepends=True), self.new.splitlines(keepends=True), name, name
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    def write(self) -> None:
        """Write the new text; the file is whole at any time.

        Raises:
            NoReply: it cannot be written; it is as it was.
        """
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            with beside.open("w", encoding=self.encoding, newline="") as file:
                file.write(self.new)

            beside.chmod(self.path.stat().st_mode)
            beside.replace(self.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise NoReply(f"cannot write {self.path}: {error.strerror or error}") from None


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as it was read."""

    path: Path
    text: str = ""
    encoding: str = "utf-8"
    code: tuple[Module, Survey] | None = None
    """Its syntax tree and what it has of the predecessor; None if there is nothing to rewrite."""

    notes: tuple[Note, ...] = ()

    def migrated(self, keep: Collection[str]) -> Migrated:
        """Return what becomes of it."""
        if self.code is None:
            return Migrated(self.path, self.text, self.text, self.encoding, list(self.notes))

        module, found = self.code
        rewritten = rewrite(module, found, keep=keep)
        return Migrated(self.path, self.text, rewritten.text, self.encoding, rewritten.notes)


def carry_out(path: Path, *, write: bool) -> None:
    """Show what becomes of a connector, as a diff on stdout and notes on stderr, and write it.

    Parameters:
        path: a file, or a folder with a connector.
        write: whether the files are written.

    Raises:
        NoReply: there is nothing at the path, or a file cannot be written.
    """
    found = migrate(path)
    changed = [each for each in found if each.is_changed]
    typer.echo("".join(each.diff() for each in changed), nl=False)
    for each in found:
        for note in each.notes:
            say(f"{each.path}:{note.line}: {note.words}")

    count = f"{len(changed)} file{'s' if len(changed) > 1 else ''}"
    if not changed:
        say("connector: nothing to change")
    elif write:
        for each in changed:
            each.write()

        say(f"connector: changed {count}; `ruff check --select I --fix` sorts imports")
    else:
        say(f"connector: {count} would change; --write makes the changes")


def migrate(path: Path) -> list[Migrated]:
    """Return what becomes of the Python files at a path, and of the requirements beside them.

    Nothing is written.

    Parameters:
        path: a file, or a folder with a connector.

    Raises:
        NoReply: there is nothing at the path.
    """
    if not path.exists():
        raise NoReply(f"there is no {path}")

    sources = [_read(each) for each in sorted(_files(path))]
    # What inherits a method that is called anywhere has to stay, wherever it is imported.
    keep = {
        method.of
        for source in sources
        if source.code
        for method in source.code[1].used_methods()
        if method.is_inherited
    }
    found = [source.migrated(keep) for source in sources]
    return [each for each in found if each.is_changed or each.notes]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return

    for folder, folders, names in os.walk(path):
        folders[:] = [
            each
            for each in folders
            if each not in SKIPPED
            and not each.startswith(".")
            and not Path(folder, each, "pyvenv.cfg").exists()
        ]
        yield from (
            Path(folder, name)
            for name in names
            if name.endswith(".py") or REQUIREMENTS_FILE.fullmatch(name)
        )


def _read(path: Path) -> _Source:
    try:
        with path.open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)

        with path.open(encoding=encoding, newline="") as file:
            text = file.read()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        return _Source(path, notes=(Note(1, f"cannot be read: {error}"),))

    if path.suffix != ".py":
        return _Source(path, text, encoding, notes=tuple(_requirements(text)))

    if OLD not in text:
        return _Source(path, text, encoding)

    try:
        return _Source(path, text, encoding, survey(text))
    except ParserSyntaxError as error:
        note = Note(error.raw_line, f"is not Python, and was left alone: {error.message}")
        return _Source(path, text, encoding, notes=(note,))


def _requirements(text: str) -> Iterator[Note]:
    """Yield where a connector's requirements have to change, once its imports have."""
    for number, line in enumerate(text.splitlines(), start=1):
        if REQUIREMENT.search(line):
            words = (
                "require connector-sdk[http] and connector-cli in its place, and connector-oauth "
                "for OAuthSettings; as long as any import stays, connector-compat"
            )
            yield Note(number, words)
