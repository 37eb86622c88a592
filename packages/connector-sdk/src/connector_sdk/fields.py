"""Fields with marks: how a platform's form shows a setting, a credential or an input.

A mark is a key in the field's JSON Schema. ``x-field_type`` says how the value is shown and
entered (:class:`FieldType`), ``x-field_group`` under which heading the field stands (contract,
section 6). Redaction reads the same mark: a value that a form hides leaves in no message.

Each helper stands in place of :func:`pydantic.Field` and accepts whatever that accepts::

    class Settings(BaseModel):
        api_token: str = SecretField(description="A token made under Account > API.")
        region: str = GroupedField("Hosting", "eu", description="Region of the tenant.")
"""

# ruff: noqa: N802 - the helpers are spelled like `pydantic.Field`, in whose place they stand

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

FIELD_TYPE_KEY = "x-field_type"
"""Schema key of a field's :class:`FieldType`."""

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

    Parameters
    ----------
    default:
        The value when none is given; without it the field is required.
    options:
        Whatever :func:`pydantic.Field` accepts. Of a ``json_schema_extra``, a dictionary or a
        callable, everything is kept but a mark of the same key.
    """
    return _marked(default, options, {FIELD_TYPE_KEY: FieldType.SECRET.value})


def HiddenField(default: Any = PydanticUndefined, **options: Any) -> Any:
    """Declare a field that no person fills; parameters as for :func:`SecretField`."""
    return _marked(default, options, {FIELD_TYPE_KEY: FieldType.HIDDEN.value})


def MultiLinesField(default: Any = PydanticUndefined, **options: Any) -> Any:
    """Declare a text of several lines; parameters as for :func:`SecretField`."""
    return _marked(default, options, {FIELD_TYPE_KEY: FieldType.MULTI_LINES.value})


def GroupedField(group: str, default: Any = PydanticUndefined, **options: Any) -> Any:
    """Declare a field that stands under the heading ``group``.

    The other parameters are those of :func:`SecretField`.
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

    Parameters
    ----------
    group:
        The heading under which the field stands; none if it is ``None``.
    multiline:
        The value is a text of several lines.
    secret:
        The value is secret. A field has one type: of a secret text of several lines, secrecy is
        what has to be known.
    default, options:
        As for :func:`SecretField`.
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

    Parameters
    ----------
    field:
        A field of a model, from its ``model_fields``.

    Returns
    -------
    FieldType | None
        The type that the field's ``json_schema_extra`` gives; ``None`` without one, or with one
        that the contract does not know.
    """
    extra = field.json_schema_extra
    if extra is None:
        return None

    mark = (_schema_made_by(extra) if callable(extra) else extra).get(FIELD_TYPE_KEY)
    return FieldType(mark) if mark in _KNOWN_TYPES else None


@dataclass(frozen=True)
class _MarkedExtra:
    """A ``json_schema_extra`` that lets the author's own one run, then puts the marks."""

    given: Callable[[dict[str, Any]], None]
    marks: dict[str, Any]

    def __call__(self, schema: dict[str, Any]) -> None:
        self.given(schema)
        schema.update(self.marks)


_KNOWN_TYPES = frozenset(kind.value for kind in FieldType)


def _marked(default: Any, options: dict[str, Any], marks: dict[str, Any]) -> Any:
    given = options.pop("json_schema_extra", None)
    extra = _MarkedExtra(given, marks) if callable(given) else {**(given or {}), **marks}
    return Field(default, json_schema_extra=extra, **options)


def _schema_made_by(extra: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Run a callable extra on an empty schema, and return what it made of it."""
    if isinstance(extra, _MarkedExtra):
        return extra.marks if FIELD_TYPE_KEY in extra.marks else _schema_made_by(extra.given)

    schema: dict[str, Any] = {}
    try:
        extra(schema)
    except Exception:  # noqa: BLE001 - it may count on keys that only a real schema has
        return schema

    return schema
