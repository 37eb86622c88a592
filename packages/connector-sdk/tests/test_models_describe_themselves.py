"""What people and forms read of the models: docstrings, descriptions, JSON Schemas."""

from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector_sdk import models
from connector_sdk.examples import example

pytestmark = pytest.mark.slow  # its tests make 200 schemas

PUBLIC = {name: getattr(models, name) for name in models.__all__}
MODELS = [
    each for each in PUBLIC.values() if isinstance(each, type) and issubclass(each, BaseModel)
]
ENUMS = [each for each in PUBLIC.values() if isinstance(each, type) and issubclass(each, Enum)]


def class_name(each: Any) -> str:
    """Name a case by its class."""
    return str(each.__name__)


@parametrize(
    "model",
    [models.OAuthClientCredential, models.GetAuthorizationUrl, models.HandleClientCredentials],
    ids=class_name,
)
def test_an_example_asks_for_the_scopes_of_the_settings(model: type[BaseModel]) -> None:
    """It can be sent as it is: no app has a scope that somebody made up."""
    assert [] == example(model.model_json_schema())["scopes"]


@parametrize("model", MODELS + ENUMS, ids=class_name)
def test_a_model_says_what_it_is(model: type[Any]) -> None:
    """Every model and enum has a docstring of its own, in sentences."""
    docstring = vars(model)["__doc__"]

    assert docstring
    assert docstring.strip().endswith(".")


@parametrize("mode", ["validation", "serialization"])
@parametrize("model", MODELS, ids=class_name)
def test_the_schema_describes_every_field(
    model: type[BaseModel], mode: Literal["validation", "serialization"]
) -> None:
    """A JSON Schema can be made of every model; each property is described in sentences."""
    properties = model.model_json_schema(mode=mode).get("properties", {})

    assert [field.alias or name for name, field in model.model_fields.items()] == list(properties)
    assert [] == [
        name
        for name, schema in properties.items()
        if not schema.get("description", "").strip().endswith(".")
    ]
