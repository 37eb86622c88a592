"""Fields with marks: what the helpers put into a schema, and what they leave alone."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError
from pytest_cases import parametrize

from connector_sdk.fields import (
    FieldType,
    GroupedField,
    HiddenField,
    IntegrationField,
    MultiLinesField,
    SecretField,
    field_type,
)

Helper = Callable[..., Any]


def grouped(*args: Any, **options: Any) -> Any:
    """Declare a field under a heading."""
    return GroupedField("Hosting", *args, **options)


def all_marks(*args: Any, **options: Any) -> Any:
    """Declare a field with every mark."""
    return IntegrationField("Hosting", True, True, *args, **options)  # noqa: FBT003 - the order counts


def multiline(*args: Any, **options: Any) -> Any:
    """Declare a text of several lines among marks that it does not have."""
    return IntegrationField(None, True, False, *args, **options)  # noqa: FBT003 - the order counts


def no_mark(*args: Any, **options: Any) -> Any:
    """Declare a field without any."""
    return IntegrationField(None, False, False, *args, **options)  # noqa: FBT003 - the order counts


SECRET = {"x-field_type": "SECRET"}
MULTI_LINES = {"x-field_type": "MULTI_LINES"}
GROUP = {"x-field_group": "Hosting"}

HELPERS: dict[Helper, dict[str, str]] = {
    SecretField: SECRET,
    HiddenField: {"x-field_type": "HIDDEN"},
    MultiLinesField: MULTI_LINES,
    grouped: GROUP,
    all_marks: SECRET | GROUP,
    multiline: MULTI_LINES,
    no_mark: {},
}
"""Each helper with the marks that it puts."""


def model_with(field: Any) -> type[BaseModel]:
    """Return a model of which `field` is the only one."""

    class Settings(BaseModel):
        value: str = field

    return Settings


def schema_of(field: Any) -> dict[str, Any]:
    """Return the JSON Schema of a field."""
    schema: dict[str, Any] = model_with(field).model_json_schema()["properties"]["value"]
    return schema


def marks_in(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a schema that no standard defines."""
    return {key: value for key, value in schema.items() if key.startswith("x-")}


def helper_name(case: Any) -> str:
    """Name a case by its helper."""
    return str(case[0].__name__)


@parametrize("case", HELPERS.items(), ids=helper_name)
def test_a_helper_puts_its_marks(case: tuple[Helper, dict[str, str]]) -> None:
    """The marks stand in the property's schema, and no others."""
    helper, marks = case

    assert marks == marks_in(schema_of(helper()))


@parametrize("helper", HELPERS)
def test_a_field_without_default_is_required(helper: Helper) -> None:
    """A helper called without a default declares a field that must be given."""
    with pytest.raises(ValidationError, match="Field required"):
        model_with(helper(description="Needed."))()


@parametrize("helper", HELPERS)
@parametrize(
    "given",
    [
        (("eu",), {}),
        ((), {"default": "eu"}),
        ((), {"default_factory": lambda: "eu"}),
    ],
    ids=["by position", "by name", "by factory"],
)
def test_a_default_is_taken_in_each_form(
    helper: Helper, given: tuple[tuple[Any, ...], dict[str, Any]]
) -> None:
    """A default can be given in every form that `pydantic.Field` knows."""
    args, options = given

    assert {"value": "eu"} == model_with(helper(*args, **options))().model_dump()


@parametrize("helper", HELPERS)
def test_other_options_reach_the_field(helper: Helper) -> None:
    """Whatever else `pydantic.Field` accepts has its effect."""
    options = {"alias": "apiKey", "description": "A key.", "min_length": 3, "examples": ["abc"]}
    model = model_with(helper(**options))

    schema = model.model_json_schema()["properties"]["apiKey"]

    assert ("A key.", 3, ["abc"]) == (
        schema["description"],
        schema["minLength"],
        schema["examples"],
    )
    with pytest.raises(ValidationError, match="at least 3 characters"):
        model.model_validate({"apiKey": "ab"})


@parametrize("case", HELPERS.items(), ids=helper_name)
def test_an_extra_dictionary_is_kept(case: tuple[Helper, dict[str, str]]) -> None:
    """The author's own keys stand beside the marks, and the author's dictionary is not touched."""
    helper, marks = case
    own = {"x-order": 3}

    assert {"x-order": 3, **marks} == marks_in(schema_of(helper(json_schema_extra=own)))
    assert {"x-order": 3} == own


@parametrize("case", HELPERS.items(), ids=helper_name)
def test_an_extra_callable_is_run(case: tuple[Helper, dict[str, str]]) -> None:
    """The author's callable changes the real schema; the marks come after it."""
    helper, marks = case

    def own(schema: dict[str, Any]) -> None:
        schema["x-shape"] = schema["type"].upper()

    assert {"x-shape": "STRING", **marks} == marks_in(schema_of(helper(json_schema_extra=own)))


@parametrize("extra", [{"x-field_type": "HIDDEN"}, lambda schema: schema.update(HIDDEN=1)])
def test_a_helper_has_the_last_word_on_its_mark(extra: Any) -> None:
    """A secret field stays secret, whatever its extra says."""
    assert SECRET == marks_in(schema_of(SecretField(json_schema_extra=extra)))


def test_two_marks_can_be_put_by_hand() -> None:
    """A helper takes the other mark as an extra."""
    field = GroupedField("Hosting", json_schema_extra=SECRET)

    assert SECRET | GROUP == marks_in(schema_of(field))


def shape(schema: dict[str, Any]) -> None:
    """Change what only a real schema has."""
    schema["x-shape"] = schema["type"].upper()


def hide(schema: dict[str, Any]) -> None:
    """Mark a field as hidden."""
    schema["x-field_type"] = "HIDDEN"


def hide_then_shape(schema: dict[str, Any]) -> None:
    """Mark a field, then change what only a real schema has."""
    hide(schema)
    shape(schema)


@parametrize(
    "case",
    {
        "no extra": (Field(), None),
        "secret": (SecretField(), FieldType.SECRET),
        "hidden": (HiddenField("x"), FieldType.HIDDEN),
        "several lines": (MultiLinesField(), FieldType.MULTI_LINES),
        "secret in several lines": (
            IntegrationField(multiline=True, secret=True),
            FieldType.SECRET,
        ),
        "group only": (GroupedField("Hosting"), None),
        "a dictionary by hand": (Field(json_schema_extra=dict(SECRET)), FieldType.SECRET),
        "an enum member by hand": (
            Field(json_schema_extra={"x-field_type": FieldType.SECRET}),
            FieldType.SECRET,
        ),
        "an unknown type": (Field(json_schema_extra={"x-field_type": "COLOUR"}), None),
        "not a text at all": (Field(json_schema_extra={"x-field_type": ["SECRET"]}), None),
        "a callable by hand": (Field(json_schema_extra=hide), FieldType.HIDDEN),
        "a callable that needs a schema": (Field(json_schema_extra=shape), None),
        "a callable that marks first": (Field(json_schema_extra=hide_then_shape), FieldType.HIDDEN),
        "secret over a callable": (SecretField(json_schema_extra=shape), FieldType.SECRET),
        "group over a callable": (GroupedField("A", json_schema_extra=hide), FieldType.HIDDEN),
    }.items(),
    ids=lambda case: case[0],
)
def test_the_type_of_a_field_is_found(case: tuple[str, tuple[Any, FieldType | None]]) -> None:
    """However a field was marked, its type is read; without a mark it has none."""
    _, (field, expected) = case

    assert expected == field_type(model_with(field).model_fields["value"])


def test_the_type_of_an_annotated_field_is_found() -> None:
    """A mark inside `Annotated` counts like one that is assigned."""

    class Settings(BaseModel):
        value: Annotated[str, SecretField()] = "none"

    assert FieldType.SECRET == field_type(Settings.model_fields["value"])
