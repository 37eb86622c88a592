"""Write `connector.generated`, the predecessor's paths of the models: a module for each of them.

    python tasks/generate_compat_models.py [--check]

The names and modules are those of the contract's data. They are files, and not made by an import
hook, because whoever reads code without running it has to find them: type checkers, editors and
PyInstaller. A test runs this script with `--check`.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CONTRACT = (
    ROOT / "packages/connector-sdk/tests/contract/models-4.4.json",
    ROOT / "packages/connector-compat/tests/contract/wrappers-4.4.json",
)
TARGET = ROOT / "packages/connector-compat/src/connector/generated"

WIDTH = 100
"""Characters of the longest line."""

WRITTEN_BY_HAND = {"__init__.py", "models/list_connector_app_ids200_response.py"}
"""The package, and the one model that is no union and that the SDK does not have."""

REEXPORT = '''\
"""{name}, at its path in the predecessor's API."""

from connector_sdk.models import {name}

__all__ = ["{name}"]
'''

UNION = '''\
"""{name}, at its path in the predecessor's API."""

from typing import TYPE_CHECKING

from connector._any_of import AnyOf
{import_line}

Member = {union}


class {name}(AnyOf):
    """{words}"""

    actual_instance: Member | None = None

    if TYPE_CHECKING:  # a checker would have it that fields are given by name

        def __init__(self, actual_instance: Member = ...) -> None: ...
'''

PACKAGE = '''\
"""The models and enums of the contract, at their paths in the predecessor's API.

Names are imported on their first use. Made by tasks/generate_compat_models.py.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{imports}

_MODULE_OF = {{
{table}
}}
"""The submodule of `connector.generated.models` that has each name."""

__all__ = [
{names}
]

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is a mistake

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")

        value = getattr(import_module(f"connector.generated.models.{{module}}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({{*globals(), *__all__}})
'''


def generated() -> Mapping[str, str]:
    """Return the text of each file, by its path below `connector/generated`."""
    contract: dict[str, Any] = {}
    for path in CONTRACT:
        contract |= json.loads(path.read_text(encoding="utf-8"))

    modules = dict(sorted(_modules(contract)))
    unions = dict(_unions(contract))
    return {
        "models/__init__.py": _package(modules),
        **{
            f"models/{module}.py": _union(name, unions[name])
            if name in unions
            else REEXPORT.format(name=name)
            for name, module in modules.items()
        },
    }


def _modules(contract: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name of each model, enum and union, and its module."""
    for group in ("models", "enums", "unions"):
        yield from ((name, entry["module"]) for name, entry in contract[group].items())

    yield from ((entry["name"], entry["module"]) for entry in contract["response_wrappers"])


def _unions(contract: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each union, and its members in the order in which they are tried."""
    yield from ((name, entry["any_of"]) for name, entry in contract["unions"].items())
    for entry in contract["response_wrappers"]:
        if "any_of" in entry:
            yield entry["name"], entry["any_of"]


def _union(name: str, members: list[str]) -> str:
    import_line = f"from connector_sdk.models import {', '.join(sorted(members, key=_isort))}"
    if len(import_line) > WIDTH:
        lines = "".join(f"    {member},\n" for member in sorted(members, key=_isort))
        import_line = f"from connector_sdk.models import (\n{lines})"

    union = " | ".join(members)
    if len(f"Member = {union}") > WIDTH:
        union = "(\n    " + "\n    | ".join(members) + "\n)"

    return UNION.format(name=name, import_line=import_line, union=union, words=_words(members))


def _words(members: list[str]) -> str:
    first, *others = members
    article = "An" if first[0] in "AEIOU" else "A"
    if len(others) == 1:
        return f"{article} {first}, or an {others[0]}."

    return "One of the kinds of credential."


def _isort(name: str) -> tuple[bool, str]:
    """Order names as ruff does: constants, then classes."""
    return (not name.isupper(), name)


def _package(modules: Mapping[str, str]) -> str:
    by_module = sorted((module, name) for name, module in modules.items())
    imports = "".join(
        _import(f"connector.generated.models.{module}", name) for module, name in by_module
    )
    return PACKAGE.format(
        imports=imports.removesuffix("\n"),
        table="\n".join(f'    "{name}": "{module}",' for name, module in sorted(modules.items())),
        names="\n".join(f'    "{name}",' for name in sorted(modules)),
    )


def _import(module: str, name: str) -> str:
    line = f"    from {module} import {name}\n"
    if len(line) <= WIDTH + 1:
        return line

    return f"    from {module} import (\n        {name},\n    )\n"


def main(words: list[str]) -> str | None:
    """Write the files, or with `--check` say which are not as they would be written."""
    files = {path: text for path, text in generated().items() if path not in WRITTEN_BY_HAND}
    if words == ["--check"]:
        there = {str(path.relative_to(TARGET)) for path in TARGET.rglob("*.py")}
        wrong = [
            path
            for path, text in files.items()
            if path not in there or (TARGET / path).read_text(encoding="utf-8") != text
        ]
        stray = sorted(there - files.keys() - WRITTEN_BY_HAND)
        if wrong or stray:
            return f"run {Path(__file__).name} again; not as it writes them: {[*wrong, *stray]}"

        return None

    if words:
        return f"Usage: {Path(__file__).name} [--check]"

    for path, text in files.items():
        (TARGET / path).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / path).write_text(text, encoding="utf-8", newline="\n")

    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
