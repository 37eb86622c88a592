"""What is installed beside this package: which distribution owns a file, and what it requires."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

NEVER_USED = {("typer", "rich")}
"""Requirements that a compiled connector has no use for: its help is plain."""


class Installed:
    """The distributions on this interpreter's path."""

    def __init__(self) -> None:
        self._distributions: dict[NormalizedName, Distribution] = {}
        for each in distributions():
            if each.name:  # what a broken uninstallation leaves behind has none
                self._distributions.setdefault(canonicalize_name(each.name), each)

    def __getitem__(self, name: NormalizedName) -> Distribution:
        return self._distributions[name]

    def owner(self, path: PurePath) -> NormalizedName | None:
        """Return the distribution that a file belongs to.

        Parameters:
            path: the file, relative to where distributions are installed, such as
                `acme/client.py`; a compiled `acme/client.pyc` belongs to whom its source does.
        """
        if path.suffix == ".pyc":
            path = path.with_suffix(".py")

        owner = self._owners.get(path.as_posix())
        if owner is not None:
            return owner

        for name, folders in self._editable.items():
            if any((folder / path).is_file() for folder in folders):
                return name

        return None

    def owners_of_module(self, top_level: str) -> set[NormalizedName]:
        """Return the distributions that bring modules under a top-level name."""
        owners = set(self._top_levels.get(top_level, ()))
        for name, folders in self._editable.items():
            if any(top_level in _modules_in(folder) for folder in folders):
                owners.add(name)

        return owners

    def requirements(
        self, name: NormalizedName, extras: Iterable[str] = ()
    ) -> dict[NormalizedName, frozenset[str]]:
        """Return what a distribution requires of those installed, with the extras it asks for.

        Parameters:
            name: an installed distribution.
            extras: its extras that are wanted.
        """
        found: dict[NormalizedName, frozenset[str]] = {}
        for requirement in _parsed(self[name].requires or ()):
            required = canonicalize_name(requirement.name)
            applies = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
            )
            if applies and required in self._distributions and (name, required) not in NEVER_USED:
                found[required] = found.get(required, frozenset()) | requirement.extras

        return found

    def closure(self, names: Iterable[NormalizedName]) -> dict[NormalizedName, frozenset[str]]:
        """Return distributions and all that they require, as pip would install them.

        The values are the extras that are asked for.
        """
        found: dict[NormalizedName, frozenset[str]] = {}
        ahead = [(name, frozenset[str]()) for name in names]
        while ahead:
            name, extras = ahead.pop()
            if name not in found or not extras <= found[name]:
                found[name] = found.get(name, frozenset()) | extras
                ahead.extend(self.requirements(name, found[name]).items())

        return found

    def modules(self) -> set[str]:
        """Return the top-level names that installed distributions bring, without editable ones."""
        return set(self._top_levels) - sys.stdlib_module_names

    def modules_of(self, names: Iterable[NormalizedName]) -> set[str]:
        """Return those of `modules()` that one of these distributions brings."""
        wanted = set(names)
        return {each for each, owners in self._top_levels.items() if owners & wanted}

    @cached_property
    def _owners(self) -> dict[str, NormalizedName]:
        return {
            file.as_posix(): name
            for name, each in self._distributions.items()
            for file in each.files or ()
        }

    @cached_property
    def _top_levels(self) -> dict[str, set[NormalizedName]]:
        found: dict[str, set[NormalizedName]] = {}
        for path, name in self._owners.items():
            top_level = path.partition("/")[0].partition(".")[0]
            is_code = path.endswith((".py", ".so", ".pyd"))
            if is_code and top_level.isidentifier() and top_level != "__pycache__":
                found.setdefault(top_level, set()).add(name)

        return found

    @cached_property
    def _editable(self) -> dict[NormalizedName, list[Path]]:
        """Where the source is of each distribution that was installed editable."""
        return {
            name: [folder, folder / "src"]
            for name, each in self._distributions.items()
            if (folder := _editable_folder(each)) is not None
        }


def _parsed(lines: Iterable[str]) -> Iterator[Requirement]:
    """Yield requirements; old distributions may have some that no rule allows any more."""
    for line in lines:
        with suppress(InvalidRequirement):
            yield Requirement(line)


def _editable_folder(distribution: Distribution) -> Path | None:
    """Return the project's folder if a distribution is installed editable (PEP 610)."""
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    if not origin.get("dir_info", {}).get("editable"):
        return None

    return Path(url2pathname(urlsplit(origin["url"]).path))


def _modules_in(folder: Path) -> Iterator[str]:
    return (each.stem for each in folder.glob("*") if each.is_dir() or each.suffix == ".py")
