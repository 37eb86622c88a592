"""Who may import whom: the arrows of this house, read from the import statements.

A room is a package of ours; inside the SDK, each module or subpackage is a room of its own.
The tables say what each room may import. A room that no table names fails, too.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent

PACKAGES: Mapping[str, AbstractSet[str]] = {
    "connector_sdk": set(),
    "connector_oauth": {"connector_sdk"},
    "connector_cli": {"connector_sdk"},
    "connector": {"connector_sdk", "connector_oauth", "connector_cli"},
}
"""What each package may import; nobody imports `connector`, the compat package."""

CONNECTOR: AbstractSet[str] = {"connector_sdk", "connector_oauth", "connector_cli"}
"""What a connector may import; never another connector."""

SDK: Mapping[str, AbstractSet[str]] = {
    "": set(),
    "_pyinstaller": set(),
    "budget": {"errors", "models"},
    "capability": {"models", "standard"},
    "connection": {"declaration", "models", "validation"},
    "declaration": {"capability", "errors", "models", "modules"},
    "dispatch": {
        "budget",
        "capability",
        "connection",
        "declaration",
        "errors",
        "info",
        "models",
        "redaction",
        "request",
        "standard",
        "threads",
        "validation",
    },
    "errors": {"models", "redaction", "validation"},
    "examples": set(),
    "extras": set(),
    "fields": set(),
    "http": {
        "budget",
        "errors",
        "extras",
        "models",
        "pagination",
        "redaction",
        "request",
        "validation",
    },
    "info": {"capability", "declaration", "models", "modules"},
    "integration": {
        "capability",
        "declaration",
        "dispatch",
        "errors",
        "info",
        "models",
        "modules",
    },
    "models": {"fields"},
    "modules": set(),
    "names": set(),
    "pagination": {"errors", "models"},
    "forms": set(),
    "redaction": {"fields", "forms"},
    "request": {"errors", "models", "validation"},
    "signing": {"errors", "extras", "models", "redaction"},
    "spec": {"capability", "declaration", "examples", "info", "models", "standard"},
    "standard": {"models"},
    "testing": {"", "examples", "extras", "fields", "http", "models", "redaction", "standard"},
    "threads": set(),
    "validation": {"forms"},
}
"""What each room of the SDK may import; '' is the package itself, which hands out the names.

Nothing imports `testing`, and only `testing`, a user of the SDK, imports '' and `http`.
"""

SDK_FOR_TYPES: Mapping[str, AbstractSet[str]] = {
    "": SDK.keys() - {"http", "testing"},
    "modules": {"integration", "models"},
}
"""What a room may import under TYPE_CHECKING besides.

The package names for type checkers what it hands out lazily, and a protocol what it is handed.
"""

HTTPX_ROOMS = {"connector_sdk.http", "connector_sdk.testing"}
"""Where httpx may be imported, so that a move to its successor is one change."""


def package_names(pattern: str) -> set[str]:
    """The import packages in the folders that a glob pattern names."""
    return {path.parent.name for path in ROOT.glob(f"{pattern}/__init__.py")}


CONNECTORS = package_names("connectors/*/*") - {"tests"}
EVERYTHING = sorted(package_names("packages/*/src/*") | CONNECTORS)


def package_of(module: str) -> str:
    """The room of a module among the packages."""
    return module.partition(".")[0]


def sdk_room_of(module: str) -> str:
    """The room of a module of the SDK."""
    return module.removeprefix("connector_sdk").lstrip(".").partition(".")[0]


@cache
def arrows(*, for_types: bool) -> list[tuple[str, str]]:
    """Each import statement as importer and imported, with those under TYPE_CHECKING or without."""
    graph = grimp.build_graph(
        *EVERYTHING,
        include_external_packages=True,
        exclude_type_checking_imports=not for_types,
        cache_dir=None,
    )
    return sorted(
        (importer, imported)
        for importer in graph.modules
        if package_of(importer) in EVERYTHING
        for imported in graph.find_modules_directly_imported_by(importer)
    )


def forbidden(
    imports: Iterable[tuple[str, str]],
    *,
    allowed: Mapping[str, AbstractSet[str]],
    room_of: Callable[[str], str],
) -> list[str]:
    """The imports from one room into another that a table does not allow."""
    return [
        f"{importer} -> {imported}"
        for importer, imported in imports
        if room_of(importer) != room_of(imported)
        if room_of(imported) not in allowed.get(room_of(importer), ())
    ]


def within_sdk(imports: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The imports that stay inside the SDK."""
    return [pair for pair in imports if {"connector_sdk"} == set(map(package_of, pair))]


def test_every_package_has_a_rule() -> None:
    """The table names all packages, and no package that is gone."""
    assert set(PACKAGES) == set(EVERYTHING) - CONNECTORS


def test_packages_and_connectors_import_only_what_they_may() -> None:
    """The arrows between packages are those of the table, also for types."""
    between = [pair for pair in arrows(for_types=True) if package_of(pair[1]) in EVERYTHING]
    rules = {**PACKAGES, **dict.fromkeys(CONNECTORS, CONNECTOR)}
    assert [] == forbidden(between, allowed=rules, room_of=package_of)


def test_every_room_of_the_sdk_has_a_rule() -> None:
    """The table names all rooms of the SDK, and no room that is gone."""
    modules = {path.stem for path in ROOT.glob("packages/connector-sdk/src/connector_sdk/*.py")}
    packages = {
        path.parent.name
        for path in ROOT.glob("packages/connector-sdk/src/connector_sdk/*/__init__.py")
    }
    assert set(SDK) == modules - {"__init__"} | packages | {""}


def test_the_rooms_of_the_sdk_import_only_what_they_may() -> None:
    """The arrows at run time inside the SDK are those of the table."""
    inside = within_sdk(arrows(for_types=False))
    assert [] == forbidden(inside, allowed=SDK, room_of=sdk_room_of)


def test_the_sdk_imports_for_types_only_what_it_may() -> None:
    """The arrows for types add nothing but what their own table allows."""
    inside = within_sdk(arrows(for_types=True))
    rules = {room: allowed | SDK_FOR_TYPES.get(room, set()) for room, allowed in SDK.items()}
    assert [] == forbidden(inside, allowed=rules, room_of=sdk_room_of)


def test_the_rules_of_the_sdk_run_in_one_direction() -> None:
    """The table has no cycle."""
    TopologicalSorter(SDK).prepare()


def test_httpx_is_imported_in_its_rooms_only() -> None:
    """No other module of a package names httpx, not even for types."""
    users = {
        importer
        for importer, imported in arrows(for_types=True)
        if package_of(imported) == "httpx" and package_of(importer) in PACKAGES
    }
    assert [] == sorted(user for user in users if not user.startswith(tuple(HTTPX_ROOMS)))
