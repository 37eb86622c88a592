"""Fields with marks: how a platform's form shows a setting, a credential or an input.

A mark is a key in the field's JSON Schema. `x-field_type` says how the value is shown and
entered (`FieldType`), `x-field_group` under which heading the field stands (contract,
section 6). Redaction reads the same mark: a value that is SECRET leaves in no message.

Each helper stands in place of `pydantic.Field` and accepts whatever that accepts::

    class Settings(BaseModel):
        api_token: str = SecretField(description="A token made under Account > API.")
        region: str = GroupedField("Hosting", "eu", description="Region of the tenant.")
"""

# ruff: noqa: N802 - the helpers are spelled like `pydantic.Field`, in whose place they stand

from collections.abc import Callable
from enum import Enum
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

FIELD_TYPE_KEY = "x-field_type"
"""Schema key of a field's `FieldType`."""

FIELD_GROUP_KEY = "x-field_group"
"""Schema key of the heading under which a form shows a field."""


class FieldType(str, Enum):
    """How a form shows a field, where that differs from one line of plain text."""

    SECRET = "SECRET"
    """Entered masked, never shown again."""

    HIDDEN = "HIDDEN"
    """Not shown: the platform fills it, a person never does."""

    MULTI_LINES = "MULTI_LINES"
    """Entered in a box of several lines, such as a PEM key."""


def SecretField(default: Any = PydanticUndefined, **options: Any) -> Any:
    """Declare a field whose value is secret: a password, a token, a private key.

    Parameters:
        default: the value when none is given; without it the field is required.
        options: whatever `pydantic.Field` accepts. Of a `json_schema_extra`, a dictionary or a
            callable, everything is kept but a mark of the same key.
    """
    return _marked(default, options, {FIELD_TYPE_KEY: FieldType.SECRET.value})


def HiddenField(default: Any = PydanticUndefined, **options: Any) -> Any:
    """Declare a field that no person fills; parameters as for `SecretField`."""
    return _marked(default, options, {FIELD_TYPE_KEY: FieldType.HIDDEN.value})


def MultiLinesField(default: Any = PydanticUndefined, **options: Any) -> Any:
    """Declare a text of several lines; parameters as for `SecretField`."""
    return _marked(default, options, {FIELD_TYPE_KEY: FieldType.MULTI_LINES.value})


def GroupedField(group: str, default: Any = PydanticUndefined, **options: Any) -> Any:
    """Declare a field that stands under the heading `group`.

    The other parameters are those of `SecretField`.
    """
    return _marked(default, options, {FIELD_GROUP_KEY: group})


def IntegrationField(
    group: str | None = None,
    multiline: bool = False,  # noqa: FBT001, FBT002 - the contract gives the order
    secret: bool = False,  # noqa: FBT001, FBT002 - as above
    default: Any = PydanticUndefined,
    **options: Any,
) -> Any:
    """Declare a field with several marks at once.

    Parameters:
        group: the heading under which the field stands, if it stands under one.
        multiline: the value is a text of several lines.
        secret: the value is secret. A field has one type, and of a secret text of several lines
            it is secrecy that has to be known.
        default: as for `SecretField`.
        options: as for `SecretField`.
    """
    marks: dict[str, Any] = {}
    if secret:
        marks[FIELD_TYPE_KEY] = FieldType.SECRET.value
    elif multiline:
        marks[FIELD_TYPE_KEY] = FieldType.MULTI_LINES.value

    if group is not None:
        marks[FIELD_GROUP_KEY] = group

    return _marked(default, options, marks)


def field_type(field: FieldInfo) -> FieldType | None:
    """Return the mark of a field, whichever way it was made.

    Parameters:
        field: a field of a model, from its `model_fields`.

    Returns:
        The type that the field's `json_schema_extra` gives; None without one, or with one that
        the contract does not know.
    """
    extra = field.json_schema_extra
    if extra is None:
        return None

    mark = (_schema_made_by(extra) if callable(extra) else extra).get(FIELD_TYPE_KEY)
    return next((kind for kind in FieldType if kind.value == mark), None)


def _marked(default: Any, options: dict[str, Any], marks: dict[str, Any]) -> Any:
    given = options.pop("json_schema_extra", None)
    extra = _then_mark(given, marks) if callable(given) else {**(given or {}), **marks}
    return Field(default, json_schema_extra=extra, **options)


def _then_mark(given: Callable[[dict[str, Any]], None], marks: dict[str, Any]) -> Any:
    def extra(schema: dict[str, Any]) -> None:
        try:
            given(schema)
        finally:  # `field_type` has to see the marks even if the author's callable fails
            schema.update(marks)

    return extra


def _schema_made_by(extra: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    try:
        extra(schema)
    except Exception:  # noqa: BLE001 - it may count on keys that only a real schema has
        return schema

    return schema
