"""What a frozen connector is made of besides itself, and whose it is."""

import platform
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path, PurePath

from packageurl import PackageURL
from packaging.utils import NormalizedName, canonicalize_name

from connector_cli.bundling.freezing import LAZY_HOOKS, Frozen
from connector_cli.bundling.installed import Installed
from connector_cli.bundling.metadata import CONTENTS, sha256
from connector_cli.bundling.package import ConnectorPackage
from connector_cli.bundling.system_packages import SystemPackage, owners_on_this_system

PYTHON = "python"
"""Name of the interpreter among the components."""

METADATA_SUFFIXES = (".dist-info", ".egg-info")
"""What the names of folders with a distribution's metadata end in."""

LICENCE_FILES = ("licen", "copying", "notice", "authors", "copyright")
"""How the names of files with a licence start, in lower case."""


@dataclass(frozen=True, slots=True)
class Component:
    """Software of others in a bundle."""

    name: str
    version: str | None
    purl: PackageURL | None
    """Its package URL, where it came from a place that has such addresses."""

    licence: str | None
    """As its own metadata says: an SPDX expression or words."""

    licence_files: Mapping[PurePath, Path]
    """The texts, by the name under which they are kept in the bundle."""

    requires: frozenset[str] = frozenset()
    """Names of what it requires; not all of that needs to be in the bundle."""

    digest: str | None = None
    """SHA-256 of the file, for a component that is one file."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a frozen connector has besides itself."""

    components: Sequence[Component]
    """Sorted by name."""

    required: frozenset[str]
    """Names of those that the connector itself requires, or of which no other says it does."""

    strangers: Sequence[str]
    """Modules and folders of which nothing tells whose they are."""


def find_components(package: ConnectorPackage, frozen: Frozen, installed: Installed) -> Contents:
    """Return what a frozen connector has besides itself.

    Parameters:
        package: the connector.
        frozen: what PyInstaller made of it.
        installed: where that came from.
    """
    contents = frozen.folder / CONTENTS
    owners = {
        path: installed.owner(path.relative_to(contents))
        for path in contents.rglob("*")
        # Metadata alone is there for a package that may be missing, to ask for its version.
        if path.is_file() and not path.relative_to(contents).parts[0].endswith(METADATA_SUFFIXES)
    }
    own = installed.owner(package.main_path)
    # The program itself is PyInstaller's, with the connector's code attached.
    names = {canonicalize_name("pyinstaller"), *filter(None, owners.values())} - {own}
    libraries = {
        contents / each.name: each.source
        for each in frozen.binaries
        if owners.get(contents / each.name) is None and not each.is_of_python
    }
    extras = installed.closure(names if own is None else {own})
    found = [
        _python(),
        *(
            _of_distribution(installed[name], installed.requirements(name, extras.get(name, ())))
            for name in names
        ),
        *_of_system(libraries),
    ]
    components = sorted(found, key=lambda each: each.name)
    indirect = {name for each in components for name in each.requires}
    direct = set() if own is None else set(installed.requirements(own))
    binaries = {contents / each.name for each in frozen.binaries}
    strangers = {
        path.relative_to(contents).parts[0].partition(".")[0]
        for path, owner in owners.items()
        if owner is None and path not in binaries
    }
    return Contents(
        components=components,
        required=frozenset({each.name for each in components} - indirect | direct),
        strangers=sorted(
            each
            for each in strangers - sys.stdlib_module_names - {package.name, *LAZY_HOOKS}
            if not each.startswith("_sysconfigdata")
        ),
    )


def _of_distribution(distribution: Distribution, required: Iterable[NormalizedName]) -> Component:
    name = canonicalize_name(distribution.name)
    return Component(
        name=name,
        version=distribution.version,
        purl=PackageURL("pypi", None, name, distribution.version),
        licence=_licence(distribution),
        licence_files=dict(_licence_files(distribution)),
        requires=frozenset(required),
    )


def _python() -> Component:
    version = platform.python_version()
    folders = (sysconfig.get_path("stdlib"), sys.base_prefix)
    texts = [Path(folder, name) for folder in folders for name in ("LICENSE.txt", "LICENSE")]
    return Component(
        name=PYTHON,
        version=version,
        purl=PackageURL("generic", None, PYTHON, version),
        licence="PSF-2.0",
        licence_files={PurePath(each.name): each for each in texts if each.is_file()},
    )


def _of_system(libraries: Mapping[Path, Path]) -> Iterator[Component]:
    """Yield the packages of this system that shared libraries were copied from.

    Parameters:
        libraries: the file in the bundle, and the one that it was copied from.
    """
    packages = owners_on_this_system(libraries.values())
    yield from {
        each.name: _of_system_package(each)
        for source in libraries.values()
        if (each := packages.get(source)) is not None
    }.values()
    yield from (
        Component(path.name, None, None, None, {}, digest=sha256(path))
        for path, source in libraries.items()
        if source not in packages
    )


def _of_system_package(package: SystemPackage) -> Component:
    texts = {PurePath(package.licence_file.name): package.licence_file}
    return Component(
        name=package.name,
        version=package.version,
        purl=package.purl,
        licence=None,
        licence_files={name: path for name, path in texts.items() if path.is_file()},
    )


def _licence(distribution: Distribution) -> str | None:
    """Return what a distribution says of its licence, the most exact first (PEP 639)."""
    about = distribution.metadata
    if "License-Expression" in about:
        return about["License-Expression"]

    if "License" in about and "\n" not in about["License"].strip():  # some have the text there
        return about["License"].strip() or None

    classifiers = about.get_all("Classifier") or ()
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    return " AND ".join(named) or None


def _licence_files(distribution: Distribution) -> Iterator[tuple[PurePath, Path]]:
    """Yield the texts in a distribution's metadata, by the part of their path that is theirs."""
    for file in distribution.files or ():
        folder, *inside = file.parts
        if not folder.endswith(METADATA_SUFFIXES) or not inside:
            continue

        if inside[0] == "licenses" or inside[-1].lower().startswith(LICENCE_FILES):
            path = Path(str(file.locate()))
            if path.is_file():
                yield PurePath(*(inside[1:] if inside[0] == "licenses" else inside)), path
