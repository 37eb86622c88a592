"""`connector_sdk.models` finds its names on their first use."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from pytest_cases import parametrize

from connector_sdk import models

SUBMODULES = sorted(path.stem for path in Path(models.__path__[0]).glob("[a-z]*.py"))


def names_defined_in(submodule: str) -> set[str]:
    """Return the public classes and constants that a submodule's source defines."""
    source = import_module(f"connector_sdk.models.{submodule}").__file__
    assert source is not None
    body = ast.parse(Path(source).read_text()).body
    classes = {node.name for node in body if isinstance(node, ast.ClassDef)}
    constants = {
        node.target.id
        for node in body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return {name for name in classes | constants if not name.startswith("_")}


def output_of(code: str) -> str:
    """Run code in a fresh interpreter, and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_name_is_the_same_object_each_time() -> None:
    """The first use and the later ones give the object of the submodule, never a module."""
    first = {name: getattr(models, name) for name in models.__all__}
    submodules = {
        name: import_module(f"connector_sdk.models.{submodule}")
        for name, submodule in models._MODULE_OF.items()
    }

    assert [] == [
        name
        for name, value in first.items()
        if value is not getattr(models, name) or value is not getattr(submodules[name], name)
    ]


def test_all_is_complete() -> None:
    """`__all__` has every public name of the submodules, and the table says whose it is."""
    defined = {name: submodule for submodule in SUBMODULES for name in names_defined_in(submodule)}

    assert defined == models._MODULE_OF
    assert list(models._MODULE_OF) == models.__all__


def test_all_is_sorted() -> None:
    """`__all__` is in alphabetical order, constants before classes."""
    assert sorted(models.__all__, key=lambda name: (not name.isupper(), name)) == models.__all__


def test_a_type_checker_sees_the_same_names() -> None:
    """The imports that only type checkers read are those that the table describes."""
    assert models.__file__ is not None
    imports = {
        (alias.name, node.module)
        for node in ast.walk(ast.parse(Path(models.__file__).read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("connector_sdk.")
        for alias in node.names
    }

    assert {
        (name, f"connector_sdk.models.{submodule}") for name, submodule in models._MODULE_OF.items()
    } == imports


def test_no_submodule_bears_a_public_name() -> None:
    """A submodule of a public name would take its place once imported."""
    assert set() == {*models.__all__} & {*SUBMODULES}


def test_dir_lists_what_was_not_used_yet() -> None:
    """A prompt completes the public names in a process that has used none of them."""
    code = "from connector_sdk import models; print({*models.__all__} - {*dir(models)})"

    assert "set()\n" == output_of(code)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A typing mistake is reported like that of any module."""
    with pytest.raises(AttributeError, match=r"'connector_sdk\.models' has no attribute 'Acount'"):
        models.Acount  # type: ignore[attr-defined]  # noqa: B018 - the access is the test


@parametrize("module", ["models", "models.capabilities", "models.categories"])
def test_names_alone_cost_no_pydantic(module: str) -> None:
    """The package, and the enums that a connector's declaration needs, come without pydantic."""
    code = f"import sys, connector_sdk.{module}; print('pydantic' in sys.modules)"

    assert "False\n" == output_of(code)
