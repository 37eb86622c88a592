"""The models against the contract's data, both ways: what is in the one is in the other."""

import json
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr
from pytest_cases import parametrize

from connector_sdk import models
from connector_sdk.models import CREDENTIAL_MODELS, AuthCredential, AuthModel

CONTRACT = Path(__file__).parent / "contract"
DATA = json.loads((CONTRACT / "models-4.4.json").read_text())
CAPABILITIES = json.loads((CONTRACT / "capabilities-4.4.json").read_text())["capabilities"]

STANDARD_CONFIG = {
    "populate_by_name": True,
    "validate_assignment": True,
    "protected_namespaces": (),
}
"""The data's `standard_config`; that building is deferred is not visible on the wire."""

FIELD_EXCEPTIONS: dict[tuple[str, str], dict[str, Any]] = {
    # Behaviour, section 6: the key is as secret as a password.
    ("JWTCredential", "secret"): {"json_schema_extra": {"x-field_type": "SECRET"}},
    # Behaviour, section 6: the form that a credential is entered with is a class, not a value.
    ("CredentialConfig", "input_model"): {"type": "type[BaseModel]"},
}
"""Fields that are meant to differ from the data, with the keys that do."""

NAMES_BEYOND_THE_DATA = {
    "AuthenticatedRequest",  # the envelope that custom capabilities derive theirs from
    "CREDENTIAL_MODELS",  # which model belongs to which kind: the data has it as a union
    "RequestEnvelope",  # as AuthenticatedRequest
    "ResponseEnvelope",  # as AuthenticatedRequest
    "WireModel",  # behaviour, section 2: one base class
}
"""Public names that the data does not have."""

TYPE_NAMES: dict[Any, str] = {
    Any: "Any",
    StrictBool: "StrictBool",
    StrictInt: "StrictInt",
    StrictStr: "StrictStr",
    str: "str",
}
"""How the data writes the types that are not classes of ours."""


def model_named(name: str) -> type[BaseModel]:
    """Return a public model."""
    model: type[BaseModel] = getattr(models, name)
    return model


def without_none(annotation: Any) -> Any:
    """Return what an annotation takes beside None."""
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation

    member, none = get_args(annotation)
    assert none is type(None), f"the data has no union of types, so {annotation} cannot be right"
    return member


def type_text(annotation: Any) -> str:
    """Return an annotation as the data writes types."""
    if annotation in TYPE_NAMES:
        return TYPE_NAMES[annotation]

    if get_origin(annotation) is not None:
        inner = ", ".join(type_text(each) for each in get_args(annotation))
        return f"{get_origin(annotation).__name__}[{inner}]"

    name: str = annotation.__name__
    return name


def fields_as_data(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return the fields of a model in the form of the data."""
    hints = get_type_hints(model, include_extras=True)
    return [field_as_data(name, hints[name], model) for name in model.model_fields]


def field_as_data(name: str, annotation: Any, model: type[BaseModel]) -> dict[str, Any]:
    """Return one field of a model in the form of the data."""
    field = model.model_fields[name]
    data = {
        "name": name,
        "type": type_text(without_none(annotation)),
        "required": field.is_required(),
    }
    if annotation is Any or without_none(annotation) is not annotation:
        data["nullable"] = True
    if not field.is_required():
        data["default"] = field.get_default()
    if field.alias is not None:
        data["alias"] = field.alias
    if field.json_schema_extra:
        data["json_schema_extra"] = field.json_schema_extra

    return data


def fields_of_the_contract(name: str) -> list[dict[str, Any]]:
    """Return the data of a model's fields as it is meant to be here."""
    return [
        {key: value for key, value in field.items() if not key.startswith("oas_")}
        | FIELD_EXCEPTIONS.get((name, field["name"]), {})
        for field in DATA["models"][name]["fields"]
    ]


def test_a_model_has_the_fields_of_the_contract() -> None:
    """Names, order, types, nullability, defaults, aliases and marks are the data's, and no more."""
    names = DATA["models"]

    assert [(name, field) for name in names for field in fields_of_the_contract(name)] == [
        (name, field) for name in names for field in fields_as_data(model_named(name))
    ]


def test_a_model_is_configured_as_the_contract_says() -> None:
    """A model reads, checks and describes itself as the data says, beyond that it builds late."""
    late = {"defer_build": True}
    expected = {
        name: STANDARD_CONFIG | model.get("config_extra", {}) | late
        for name, model in DATA["models"].items()
    }

    assert expected == {name: dict(model_named(name).model_config) for name in expected}


@parametrize("name", DATA["enums"])
def test_an_enum_has_the_members_of_the_contract(name: str) -> None:
    """Names, values and order of an enum's members are the data's, and each is a text itself."""
    enum: type[Enum] = getattr(models, name)

    assert list(DATA["enums"][name]["members"].items()) == [
        (member.name, member.value) for member in enum
    ]
    assert (str, Enum) == enum.__bases__


def test_there_is_no_model_or_enum_beyond_the_contract() -> None:
    """Every public name is a model or enum of the data, or stands in the list of others."""
    assert {*DATA["models"], *DATA["enums"], *NAMES_BEYOND_THE_DATA} == set(models.__all__)


@parametrize("place", FIELD_EXCEPTIONS)
def test_an_exception_is_one(place: tuple[str, str]) -> None:
    """A field in the list of exceptions does differ from the data in the keys given there."""
    model, field = place
    (data,) = (each for each in DATA["models"][model]["fields"] if each["name"] == field)

    assert FIELD_EXCEPTIONS[place] != {key: data.get(key) for key in FIELD_EXCEPTIONS[place]}


@parametrize("name", CAPABILITIES)
def test_a_standard_capability_has_its_envelopes(name: str) -> None:
    """The envelopes of a capability have the fields and the payloads that the data names."""
    capability = CAPABILITIES[name]
    for side, payload in (("request", "request"), ("response", "response")):
        if f"{side}_model" not in capability:
            continue

        envelope = model_named(capability[f"{side}_model"])
        hints = get_type_hints(envelope, include_extras=True)
        assert capability[f"{side}_payload"] == type_text(hints[payload])
        assert capability[f"{side}_fields"] == list(envelope.model_fields)


def test_the_standard_names_are_the_capabilities_of_the_contract() -> None:
    """Every capability of the data has its member of the enum, and no other has one."""
    assert {(capability["enum_member"], name) for name, capability in CAPABILITIES.items()} == {
        (member.name, member.value) for member in models.StandardCapabilityName
    }


def test_each_kind_of_credential_has_its_model_and_its_field() -> None:
    """The kinds' models are those of the data, and `AuthCredential` has a field for each kind."""
    kinds = DATA["unions"]["CredentialConfigInputModel"]["any_of"]

    assert kinds == [model.__name__ for model in CREDENTIAL_MODELS.values()]
    assert list(AuthModel) == list(CREDENTIAL_MODELS)
    for kind, model in CREDENTIAL_MODELS.items():
        assert model | None == AuthCredential.model_fields[kind.value].annotation
