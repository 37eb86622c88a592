"""A connector's package, as its author wrote it: what of it goes into a bundle."""

import ast
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path

from connector_cli.calls import NoReply

MAIN = "main"
"""The module that a bundle runs."""


@dataclass(frozen=True, slots=True)
class ConnectorPackage:
    """A folder that Python imports as a package."""

    folder: Path
    """Its absolute path."""

    @property
    def name(self) -> str:
        """The name by which it is imported."""
        return self.folder.name

    @property
    def root(self) -> Path:
        """The folder that has to be on Python's path."""
        return self.folder.parent

    @property
    def main(self) -> str:
        """Dotted name of the module that a bundle runs."""
        return f"{self.name}.{MAIN}"

    @property
    def main_path(self) -> Path:
        """The file of that module, relative to `root`."""
        return Path(self.name, f"{MAIN}.py")

    def modules(self) -> list[str]:
        """The dotted names of all its modules and packages, sorted."""
        return sorted(_dotted(path) for path in self._files() if _is_module(path))

    def data_files(self) -> list[Path]:
        """The files that are no modules, relative to `root`, sorted.

        Python files in folders without `__init__.py` are among them as well: they may be modules
        of a namespace package, or text that the connector reads.
        """
        return sorted(
            path
            for path in self._files()
            if not _is_module(path) or not (self.root / path.parent / "__init__.py").is_file()
        )

    def imported_modules(self) -> set[str]:
        """The dotted names in the absolute imports of its source, wherever they stand."""
        return {
            name
            for path in self._files()
            if path.suffix == ".py"
            for name in _imports(self.root / path)
        }

    def _files(self) -> Iterator[Path]:
        """Yield its files relative to `root`, without caches and what is hidden, as `.env` is."""
        for folder, folders, files in os.walk(self.folder):
            folders[:] = [each for each in folders if not each.startswith((".", "__pycache__"))]
            yield from (
                Path(folder, each).relative_to(self.root)
                for each in files
                if not each.startswith(".")
            )


def find_package(folder: Path) -> ConnectorPackage:
    """Return the connector's package in a folder.

    Raises:
        NoReply: there is none; `str()` says what was found instead.
    """
    option = "--connector-root-module-dir"
    folder = folder.resolve()
    if not folder.is_dir():
        raise NoReply(f"{option}: there is no folder {folder}")

    if not (folder / f"{MAIN}.py").is_file():
        deeper = sorted(folder.glob(f"*/{MAIN}.py"))
        hint = f"; is it {deeper[0].parent}?" if deeper else ""
        raise NoReply(f"{option}: {folder} has no {MAIN}.py, which starts a connector{hint}")

    if not _is_name(folder.name) or folder.name in sys.stdlib_module_names:
        raise NoReply(
            f"{option}: {folder.name!r} cannot be the name of a connector's package; "
            "rename the folder, such as to acme_connector"
        )

    return ConnectorPackage(folder)


def _is_module(path: Path) -> bool:
    return path.suffix == ".py" and all(map(_is_name, path.with_suffix("").parts))


def _is_name(text: str) -> bool:
    return text.isidentifier() and not iskeyword(text)


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path) -> Iterator[str]:
    """Yield the modules that a source file imports; none if it is not Python."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return

    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
