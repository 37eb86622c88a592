"""How the models read and write: documents are made from the contract's data, not from them."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pytest_cases import parametrize

from connector_sdk import models

pytestmark = pytest.mark.slow  # its tests read each field of each model

DATA = json.loads((Path(__file__).parent / "contract" / "models-4.4.json").read_text())

FieldCase = tuple[str, dict[str, Any]]
"""The name of a model, and the data of one of its fields."""

MISFITS: dict[str, list[Any]] = {
    "StrictBool": [1, "true", 1.0],
    "StrictInt": ["1", True, 1.0],
    "StrictStr": [1, True, ["text"], {}],
}
"""Values that a lenient reader would take for the type, or nearly."""

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "Any": JSON_VALUES,
    "StrictBool": st.booleans(),
    "StrictInt": st.integers(-(2**63), 2**63 - 1),
    "StrictStr": st.text(max_size=8),
    "CredentialConfigInputModel": st.none(),  # a class: it has no form on the wire
}


@cache
def values(type_text: str) -> st.SearchStrategy[Any]:
    """Return JSON values of a type, as the data writes it."""
    if type_text in SCALARS:
        return SCALARS[type_text]

    if type_text in DATA["enums"]:
        return st.sampled_from(list(DATA["enums"][type_text]["members"].values()))

    if type_text.startswith("list["):
        return st.lists(values(type_text[5:-1]), max_size=2)

    if type_text.startswith("dict[str, "):
        return st.dictionaries(st.text(max_size=5), values(type_text[10:-1]), max_size=2)

    return documents(type_text)


def documents(model: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return documents that have every key of a model."""
    return st.fixed_dictionaries(
        {
            field.get("alias", field["name"]): (
                values(field["type"]) | st.none() if "nullable" in field else values(field["type"])
            )
            for field in DATA["models"][model]["fields"]
        }
    )


def least_value(type_text: str) -> Any:
    """Return one plain value of a type, as the data writes it."""
    plain = {"Any": {}, "StrictBool": True, "StrictInt": 1, "StrictStr": "text"}
    if type_text in plain:
        return plain[type_text]

    if type_text in DATA["enums"]:
        return next(iter(DATA["enums"][type_text]["members"].values()))

    if "[" in type_text:
        return [] if type_text.startswith("list[") else {}

    return least_document(type_text)


def least_document(model: str) -> dict[str, Any]:
    """Return the document of a model that has the required keys only."""
    return {
        field.get("alias", field["name"]): least_value(field["type"])
        for field in DATA["models"][model]["fields"]
        if field["required"]
    }


def keys_of(model: str) -> list[str]:
    """Return the keys of a model's documents, in the order of the data."""
    return [field.get("alias", field["name"]) for field in DATA["models"][model]["fields"]]


def model_named(name: str) -> type[BaseModel]:
    """Return a public model."""
    model: type[BaseModel] = getattr(models, name)
    return model


def fields_where(matches: Callable[[dict[str, Any]], bool]) -> list[FieldCase]:
    """Return the fields of the data that match, each with the name of its model."""
    return [
        (name, field)
        for name, model in DATA["models"].items()
        for field in model["fields"]
        if matches(field)
    ]


def place(case: FieldCase) -> str:
    """Name a case by its model and field."""
    return f"{case[0]}.{case[1]['name']}"


@parametrize("name", DATA["models"])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_document_comes_back_as_it_went_in(name: str, data: st.DataObject) -> None:
    """Whatever order the keys come in, they are written in the data's, with the same values."""
    document = data.draw(documents(name))  # hypothesis shuffles the keys

    read = model_named(name).model_validate_json(json.dumps(document))

    written = json.loads(read.model_dump_json(by_alias=True))
    assert document == written
    assert keys_of(name) == list(written)


@parametrize("name", DATA["models"])
def test_required_keys_are_enough(name: str) -> None:
    """A document without the optional keys is read, and its defaults are written."""
    document = least_document(name)

    read = model_named(name).model_validate(document)

    defaults = {
        field.get("alias", field["name"]): field["default"]
        for field in DATA["models"][name]["fields"]
        if not field["required"]
    }
    assert defaults == {
        key: value for key, value in read.model_dump(by_alias=True).items() if key in defaults
    }


@parametrize("case", fields_where(lambda field: field["type"] in MISFITS), ids=place)
def test_scalars_are_strict(case: FieldCase) -> None:
    """A value of another type is refused where it stands, not turned into the right one."""
    name, field = case
    key = field.get("alias", field["name"])
    for misfit in MISFITS[field["type"]]:
        text = json.dumps(least_document(name) | {key: misfit})
        with pytest.raises(ValidationError) as refused:
            model_named(name).model_validate_json(text)

        assert [(key,)] == [error["loc"] for error in refused.value.errors()]


@parametrize("case", fields_where(lambda field: "nullable" not in field), ids=place)
def test_null_is_refused_where_the_contract_has_none(case: FieldCase) -> None:
    """A field that the data does not call nullable takes no null."""
    name, field = case

    with pytest.raises(ValidationError, match=field["name"]):
        model_named(name).model_validate(least_document(name) | {field["name"]: None})


@parametrize("case", fields_where(lambda field: field["required"]), ids=place)
def test_required_keys_are_needed(case: FieldCase) -> None:
    """A document that lacks a required key is refused, and the key is named."""
    name, field = case
    document = least_document(name)
    del document[field["name"]]

    with pytest.raises(ValidationError) as refused:
        model_named(name).model_validate(document)

    assert [((field["name"],), "missing")] == [
        (error["loc"], error["type"]) for error in refused.value.errors()
    ]


@parametrize("name", DATA["models"])
def test_unknown_keys_are_ignored(name: str) -> None:
    """A key that the contract does not have is neither refused nor kept."""
    read = model_named(name).model_validate(least_document(name) | {"of_a_later_version": 1})

    assert "of_a_later_version" not in read.model_dump()


@parametrize("case", fields_where(lambda field: field["type"] == "StrictStr"), ids=place)
def test_assignments_are_checked(case: FieldCase) -> None:
    """A field cannot be given a value later that it would not have been read with."""
    name, field = case
    read = model_named(name).model_validate(least_document(name))

    with pytest.raises(ValidationError, match="valid string"):
        setattr(read, field["name"], 1)


def test_a_field_with_an_alias_is_also_read_by_its_name() -> None:
    """The thumbprint of a certificate has a key that is not a name; both are read."""
    by_alias = models.JWTHeaders.model_validate({"x5t#S256": "thumb"})
    by_name = models.JWTHeaders.model_validate({"x5t_s256": "thumb"})

    assert by_alias == by_name
    assert {"x5t#S256": "thumb"} == by_name.model_dump(by_alias=True, exclude_none=True)
