"""The table of `connector migrate` against what this package offers."""

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

from connector import generated
from connector._generator_methods import GeneratorMethods
from connector.httpx_rewrite import AsyncClient
from connector.oai.integration import Integration
from connector.tests.type_definitions import ResponseBodyMap
from connector_cli.migration.table import CHANGED, METHODS, MOVED, advice, new_place
from connector_sdk import Integration as SdkIntegration

CONTRACT = Path(__file__).parent / "contract"
PAIRS = [
    (f"{module}:{name}", place) for module, names in MOVED.items() for name, place in names.items()
]

ADAPTED = {
    "connector.oai.integration:Integration": "a subclass with two methods more, see METHODS",
    "connector.tests.type_definitions:ResponseBodyMap": "an annotation, of dictionaries only",
    "connector.utils.pagination:NextPageTokenInterface": "a subclass that reads old tokens, too",
    "connector.cli:run_integration": "a function that takes `no_print`, too",
}
"""What stands for a little more in the old place than in the new one."""


def get(place: str) -> Any:
    """Import what `module:name` stands for."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def public_names() -> set[str]:
    """Return the names that the predecessor's modules have, as `module:name`."""
    found, module = set(), ""
    for line in (CONTRACT / "public-api-4.4.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            module = line.removeprefix("## ")
        elif line.startswith("- `"):
            quoted = line.split("`")[1::2] if "reach one" in line else [line.split("`")[1]]
            found |= {f"{module}:{name_in(each)}" for each in quoted}

    return found


def name_in(signature: str) -> str:
    """Return the name in a line such as `class Name(Base)` or `NAME = 1`."""
    words = signature.partition("(")[0].partition(" =")[0].split()
    return words[-1]


def test_each_name_has_moved_or_has_changed() -> None:
    """One of the two, and no other name is in the table."""
    moved = {old for old, _ in PAIRS}
    assert public_names() == moved | CHANGED.keys()
    assert set() == moved & CHANGED.keys()


def test_a_name_that_moved_is_the_same_thing() -> None:
    """The very object, but for those whose differences are told."""
    assert ADAPTED.keys() == {old for old, new in PAIRS if get(old) is not get(new)}


def test_models_moved_and_unions_did_not() -> None:
    """A model is the same in both places; for a union there is advice."""
    places = {name: new_place("connector.generated", name) for name in generated.__all__}
    unions = {name for name, place in places.items() if place is None}

    assert unions == {
        name
        for name in generated.__all__
        if "200Response" in name or name == "CredentialConfigInputModel"
    }
    assert set() == {
        name for name in unions if "ErrorResponse" not in advice("connector.generated", name)
    }
    assert [] == [
        name
        for name, place in places.items()
        if place and get(place) is not getattr(generated, name)
    ]


def test_the_methods_are_those_that_this_package_adds() -> None:
    """To models, to the client and to integrations."""
    of_models = {name for name in vars(GeneratorMethods) if not name.startswith("_")}
    of_integrations = {name for name in vars(Integration) if not name.startswith("_")}
    assert of_models | of_integrations | {"will_rewrite_request"} == METHODS.keys()
    assert hasattr(AsyncClient, "will_rewrite_request")


def test_the_old_integration_adds_methods_and_changes_none() -> None:
    """So that it can take the SDK's place, and the SDK's can take its own."""
    assert issubclass(Integration, SdkIntegration)
    old, new = inspect.signature(Integration), inspect.signature(SdkIntegration)
    assert new == old
    assert set() == vars(Integration).keys() & vars(SdkIntegration).keys() - {
        "__doc__",
        "__module__",
    }


def test_the_old_map_of_responses_fits_where_the_new_one_is_wanted() -> None:
    """It is one of dictionaries."""
    assert "dict[str, dict[str, " in str(ResponseBodyMap)


def test_the_guide_has_the_table() -> None:
    """A row for each old module and new package, with the names that moved."""
    guide = (CONTRACT.parents[3] / "docs/migrating.md").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in guide.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`connector.") and "generated" not in cells[0]:
            old, names, new = cells[0].strip("`"), cells[1], cells[2].strip("`")
            for name, now in re.findall(r"`(\w+)`(?:, now `(\w+)`)?", names):
                found[f"{old}:{name}"] = f"{new}:{now or name}"

    assert dict(PAIRS) == found
