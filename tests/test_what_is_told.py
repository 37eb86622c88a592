"""What our packages offer by name is told; the site is made from these words."""

import ast
import inspect
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from connector_sdk.errors import CODE_BY_HTTPX_ERROR, CODE_BY_STATUS
from connector_sdk.models import ErrorCode

PUBLIC = (
    "connector_cli",
    "connector_oauth",
    "connector_sdk",
    "connector_sdk.http",
    "connector_sdk.models",
    "connector_sdk.testing",
)
"""The modules whose `__all__` is public."""

ERRORS = Path(__file__).parent.parent / "docs" / "errors.md"


def values_told_in(module: ModuleType) -> set[str]:
    """Names of a module's values that have a text below them."""
    statements = ast.parse(inspect.getsource(module)).body
    told = set()
    for statement, following in pairwise(statements):
        match statement, following:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str())),
            ):
                told.add(name)

    return told


def is_told(module: ModuleType, name: str) -> bool:
    """Whether a class or function has a docstring of its own, or a value a text below it."""
    value = getattr(module, name)
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        home = import_module(f"{module.__name__}.{vars(module)['_MODULE_OF'][name]}")
        return name in values_told_in(home)

    words = value.__doc__ or ""
    return bool(words.strip()) and not words.startswith(f"{name}(")  # what a dataclass has itself


def test_every_public_name_is_told() -> None:
    """It says what it is for, in words of its own."""
    modules = [import_module(name) for name in PUBLIC]

    assert [] == [
        f"{module.__name__}.{name}"
        for module in modules
        for name in module.__all__
        if not is_told(module, name)
    ]


def test_the_guide_to_errors_has_every_code() -> None:
    """Each says what a platform does with it."""
    table = ERRORS.read_text(encoding="utf-8").partition("## Codes")[2].partition("\n## ")[0]

    assert [] == [code.value for code in ErrorCode if f"`{code.value}`" not in table]


def test_the_guide_to_errors_has_the_codes_that_nobody_gives() -> None:
    """By exception of httpx, and by status."""
    rows = [line.split("|") for line in ERRORS.read_text(encoding="utf-8").splitlines()]
    told = [(cells[1], cells[2].strip()) for cells in rows if len(cells) == 4]
    expected = [
        *((f"`httpx.{name}`", code) for name, code in CODE_BY_HTTPX_ERROR.items()),
        *((f" {status} ", code) for status, code in CODE_BY_STATUS.items()),
    ]

    assert [] == [
        (what, code.value)
        for what, code in expected
        if not any(what in cell and words == f"`{code.value}`" for cell, words in told)
    ]
