"""Each name of the predecessor's API: it can be imported, and be called as it was.

The names and signatures are those of `contract/public-api-4.4.md`; the fields of its hand-written
models and data classes those of `contract/wrappers-4.4.json`.
"""

import ast
import dataclasses
import importlib
import inspect
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector._explanations import GoneError

CONTRACT = Path(__file__).parent / "contract"
HAND_WRITTEN = json.loads((CONTRACT / "wrappers-4.4.json").read_text(encoding="utf-8"))[
    "hand_written"
]

LINE = re.compile(
    r"- `(?:(?:async|class|classmethod|dataclass|def|enum|protocol|pydantic|staticmethod) )*"
    r"(?P<name>\w+)(?P<signature>\([^`]*)?(?: = (?P<value>[^`]*))?`"
    r"(?: init `(?P<init>[^`]*)`)?(?:: (?P<members>.*))?"
)


@dataclass(frozen=True)
class Name:
    """One line of the list."""

    module: str
    path: str
    """`Integration`, or `Integration.dispatch` for a method."""

    signature: str | None = None
    value: str | None = None
    attributes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.module}.{self.path}"

    def get(self) -> Any:
        """Import what the name stands for."""
        found: Any = importlib.import_module(self.module)
        for part in self.path.split("."):
            found = getattr(found, part)

        return found


def listed() -> Iterator[Name]:
    """Yield the names of the list."""
    module = owner = ""
    for line in (CONTRACT / "public-api-4.4.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            module = line.removeprefix("## ")
        elif line.startswith(("- re-exports:", "- `ProxyToken`")):
            yield from (Name(module, name) for name in re.findall(r"`(\w+)`", line))
        elif line.startswith("  - attributes:"):
            names = tuple(re.findall(r"`(\w+):", line))
            yield Name(module, owner, attributes=names)
        elif match := LINE.match(line.strip()):
            is_member = line.startswith("  ")
            owner = owner if is_member else match["name"]
            path = f"{owner}.{match['name']}" if is_member else owner
            is_class = not is_member and not line.startswith("- `def ")
            signature = match["init"] if is_class else match["signature"]
            yield Name(module, path, signature, match["value"], _members(match["members"]))
        else:
            assert not line.startswith(("-", "  -")), f"not understood: {line}"


def _members(text: str | None) -> tuple[str, ...]:
    return tuple(re.findall(r"(\w+)='", text or ""))


def merged(names: Iterable[Name]) -> list[Name]:
    """Return each name once; what is told of it on several lines is told together."""
    found: dict[str, Name] = {}
    for each in names:
        known = found.get(str(each), each)
        found[str(each)] = Name(
            each.module,
            each.path,
            known.signature or each.signature,
            known.value or each.value,
            known.attributes + each.attributes,
        )

    return list(found.values())


NAMES = merged(listed())
CALLED = [each for each in NAMES if each.signature]
NEEDS_GQL = "HTTPXAsyncTransport"
"""The class that is there with the extra `gql`; quick tests do without."""


def all_of(names: list[Name]) -> pytest.MarkDecorator:
    """Give a test the names."""
    with_gql = [each for each in names if NEEDS_GQL in each.path]
    without = [each for each in names if each not in with_gql]
    return pytest.mark.parametrize(
        "names",
        [
            pytest.param(without, id="without gql"),
            pytest.param(with_gql, id="with gql", marks=pytest.mark.slow),
        ],
    )


def calls(signature: str, *, is_method: bool = False) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Yield ways to call what has a signature: the least, all by position, all by name."""
    text = signature.partition(" -> ")[0] if "->" in signature.rpartition(")")[2] else signature
    function = ast.parse(f"def f{text}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    positional = [each.arg for each in arguments.args]
    if is_method and positional[:1] in (["self"], ["cls"]):
        del positional[0]

    required = positional[: len(positional) - len(arguments.defaults)]
    keywords = {each.arg: None for each in arguments.kwonlyargs}
    required_keywords = {
        each.arg: None
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    }
    more = [None] if arguments.vararg else []
    yield [None for _ in required], required_keywords
    yield [None for _ in positional] + more, keywords
    yield [], {**dict.fromkeys(positional), **keywords}
    if arguments.kwarg:
        yield [None for _ in required], {**required_keywords, "headers": None}


def test_the_list_was_understood() -> None:
    """It has 28 modules, and every public name of them is among what is tested."""
    assert 28 == len({each.module for each in NAMES})
    assert {"Integration.dispatch", "OAuthFlowType", "CAPABILITY_PREFIX", "Request"} <= {
        each.path for each in NAMES
    }


def lacking(name: Name) -> set[str]:
    """Return the members and attributes that a name had and has not."""
    found = name.get()
    return set(name.attributes) - {*dir(found), *getattr(found, "__annotations__", ())}


@all_of(NAMES)
def test_a_name_can_be_imported(names: list[Name]) -> None:
    """It is at its path, with the members and attributes that it had."""
    assert {} == {str(name): lost for name in names if (lost := lacking(name))}


def refusals(name: Name) -> Iterator[str]:
    """Yield why a function cannot be called as it could."""
    signature = inspect.signature(name.get())
    is_method = "." in name.path
    is_unbound = is_method and next(iter(signature.parameters), "") == "self"
    for positional, keywords in calls(str(name.signature), is_method=is_method):
        if keywords and name.path.endswith("__"):
            continue  # Python calls these, and by position

        try:
            signature.bind(*([None] if is_unbound else []), *positional, **keywords)
        except TypeError as error:
            yield str(error)


@all_of(CALLED)
def test_a_function_can_be_called_as_it_was(names: list[Name]) -> None:
    """Every call that fitted its signature fits it now: by position and by name."""
    assert {} == {str(name): whys for name in names if (whys := list(refusals(name)))}


def literal(text: str | None) -> Any:
    """Return the value that a text is written for; None if it is a type's."""
    try:
        return ast.literal_eval(str(text))
    except (SyntaxError, ValueError):
        return None


def test_a_constant_has_its_value() -> None:
    """Texts and tuples of texts are what they were; types are there."""
    names = [each for each in NAMES if each.value]
    found = {str(name): name.get() for name in names}
    expected = {str(name): value for name in names if (value := literal(name.value)) is not None}

    assert [] == [name for name, value in found.items() if value is None]
    assert expected == {name: found[name] for name in expected}


@parametrize(path=sorted({**HAND_WRITTEN["models"], **HAND_WRITTEN["dataclasses"]}))
def test_a_class_has_its_fields(path: str) -> None:
    """Each field that it had is there, and none that could be left out is required."""
    module, _, name = path.rpartition(".")
    cls = getattr(importlib.import_module(module), name)
    required = {
        field["name"]: field["required"]
        for field in {**HAND_WRITTEN["models"], **HAND_WRITTEN["dataclasses"]}[path]["fields"]
    }
    if issubclass(cls, BaseModel):
        found = {key: field.is_required() for key, field in cls.model_fields.items()}
    else:
        found = {
            field.name: field.default is dataclasses.MISSING for field in dataclasses.fields(cls)
        }

    assert set() == required.keys() - found.keys()
    assert [] == [key for key in required if found[key] and not required[key]]


@parametrize(path=sorted(HAND_WRITTEN["enums"]))
def test_an_enum_has_its_members(path: str) -> None:
    """Each member has the value that it had."""
    module, _, name = path.rpartition(".")
    cls = getattr(importlib.import_module(module), name)
    expected = HAND_WRITTEN["enums"][path]["members"]
    assert expected == {member: cls[member].value for member in expected}


GONE = [
    "connector.cli.capability_executor",
    "connector.cli.collect_capabilities",
    "connector.cli.create_integration_hacking_parser",
    "connector.http_server.collect_integration_routes",
    "connector.http_server.create_app",
    "connector.http_server.create_req_handler",
    "connector.http_server.load_integration",
    "connector.http_server.runserver",
    "connector.scaffold.create.setup_args",
    "connector.utils.proxy_utils.get_proxy_token_async",
    "connector.utils.proxy_utils.get_proxy_token_sync",
    "connector.utils.proxy_utils.get_proxy_url",
]


@parametrize(path=GONE)
def test_what_is_gone_explains_itself(path: str) -> None:
    """Called in any way that fitted, it says which function it is and what to use instead."""
    import asyncio

    module, _, name = path.rpartition(".")
    function = getattr(importlib.import_module(module), name)
    entry = next(each for each in NAMES if path == str(each))
    positional, keywords = next(calls(entry.signature or "()"))

    async def ask() -> None:
        result = function(*positional, **keywords)
        if inspect.isawaitable(result):
            await result

    try:
        asyncio.run(ask())
    except GoneError as error:
        said = str(error)
    else:
        said = ""

    assert said.startswith(f"{path} has no counterpart here: ")
