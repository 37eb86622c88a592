"""What `connector_sdk` offers by name, and how cheaply."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
import typing

import pytest

import connector_sdk

MODULES = {module.name for module in pkgutil.iter_modules(connector_sdk.__path__)}


def test_all_is_sorted_and_has_no_name_twice() -> None:
    """So that a missing one is seen."""
    assert sorted(set(connector_sdk.__all__)) == connector_sdk.__all__


def test_all_is_what_can_be_imported() -> None:
    """The names of the lazy table, and no other."""
    assert set(connector_sdk.__all__) == set(connector_sdk._MODULE_OF)
    assert set(connector_sdk.__all__) <= set(dir(connector_sdk))


def test_type_checkers_see_the_same_names() -> None:
    """The imports under TYPE_CHECKING are those of the lazy table, from the same modules."""
    source = inspect.getsource(connector_sdk)
    block = source.partition("if TYPE_CHECKING:\n")[2].partition("\n\n_MODULE_OF")[0]
    seen = {}
    for statement in block.replace("(\n", "").replace(")", "").split("from connector_sdk.")[1:]:
        module, _, names = statement.partition(" import ")
        seen.update({name.strip(" \n"): module for name in names.split(",") if name.strip(" \n")})

    assert connector_sdk._MODULE_OF == seen


def test_a_public_name_is_documented() -> None:
    """It says what it is for."""
    values = {name: getattr(connector_sdk, name) for name in connector_sdk.__all__}

    assert [] == [name for name, value in values.items() if not (value.__doc__ or "").strip()]


def test_what_a_public_name_offers_is_documented() -> None:
    """Methods and properties too."""
    classes = {
        name: value
        for name in connector_sdk.__all__
        if inspect.isclass(value := getattr(connector_sdk, name))
    }

    assert [] == [
        f"{name}.{attribute}"
        for name, value in classes.items()
        for attribute, member in vars(value).items()
        if not attribute.startswith("_")
        if callable(member) or isinstance(member, property)
        if not inspect.getdoc(getattr(value, attribute))
    ]


def test_a_public_name_is_the_same_object_each_time() -> None:
    """The first import finds it, the second has it."""
    first = {name: connector_sdk.__getattr__(name) for name in connector_sdk.__all__}
    modules = {
        name: importlib.import_module(f"connector_sdk.{module}")
        for name, module in connector_sdk._MODULE_OF.items()
    }

    assert [] == [
        name
        for name, value in first.items()
        if value is not getattr(connector_sdk, name) or value is not getattr(modules[name], name)
    ]


def test_no_module_bears_a_public_name() -> None:
    """The package would hand out the module instead."""
    assert set() == MODULES & set(connector_sdk.__all__)


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    """With the words that Python has for it."""
    with pytest.raises(
        AttributeError, match="module 'connector_sdk' has no attribute 'Integratoin'"
    ):
        connector_sdk.Integratoin  # type: ignore[attr-defined] # noqa: B018 # it is the mistake


def test_the_package_says_that_it_is_typed() -> None:
    """A type checker reads its annotations."""
    assert importlib.resources.files(connector_sdk).joinpath("py.typed").is_file()
    assert typing.get_type_hints(connector_sdk.Integration.dispatch)["return"] is str


def imported_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has after some code."""
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys; sys.path[:0] = {sys.path!r}; {code}; print(*sys.modules)",
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_next_to_nothing() -> None:
    """No httpx, no pydantic, and no module of ours but the package."""
    modules = imported_by("import connector_sdk")

    assert {"connector_sdk"} == {name for name in modules if name.startswith("connector_sdk")}
    assert set() == modules & {"httpx", "pydantic", "asyncio", "logging", "json", "inspect"}


HEAVY = {
    "anyio", "argparse", "httpx", "importlib.metadata", "jinja2", "rich", "shutil", "tempfile",
    "typer", "yaml",
}  # fmt: skip
"""What a call does not need, and what would make its start slow."""


def test_declaring_an_integration_imports_nothing_heavy() -> None:
    """All that a connector names on its way to a call."""
    modules = imported_by(
        "from connector_sdk import Integration, ConnectorError, HTTPHandler, NextPageToken, "
        "PaginationBase, SecretField, get_settings, get_page, get_basic_auth; "
        "from connector_sdk.models import ListAccountsRequest, BasicCredential"
    )
    without = imported_by(
        "import pydantic, asyncio; pydantic.create_model('Model', field=(int, 0))"
    )

    assert set() == (modules - without) & HEAVY
