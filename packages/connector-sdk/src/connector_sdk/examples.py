"""Example values for a JSON Schema: what a person fills in, and what documents show."""

from collections.abc import Mapping
from typing import Any

DEEPEST = 8
"""Levels of objects that an example goes down; a model that contains itself ends here."""

TEXT_BY_FORMAT = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "email": "ada@example.com",
    "hostname": "app.example.com",
    "time": "12:00:00Z",
    "uri": "https://app.example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
"""Example of a text, by its `format`."""


def example(
    schema: Mapping[str, Any], definitions: Mapping[str, Any] | None = None, *, depth: int = 0
) -> Any:
    """Return a value that fits a schema, with what is required and nothing else.

    A schema's own `examples` come first, then its `default`, then a value made from its type.

    Parameters:
        schema: JSON Schema as pydantic makes it.
        definitions: what each `$ref` names, by its last part; by default the schema's `$defs`.
        depth: levels of objects above this one.
    """
    known: Mapping[str, Any] = schema.get("$defs", {}) if definitions is None else definitions
    if "$ref" in schema:
        return example(known[schema["$ref"].rpartition("/")[2]], known, depth=depth)

    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]

    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]

    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return example(schema[key][0], known, depth=depth)

    return _by_type(schema, known, depth)


def _by_type(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> Any:
    kind = schema.get("type", "object")
    if kind == "object":
        return _object(schema, definitions, depth)

    if kind == "array":
        return _array(schema, definitions, depth)

    if kind == "string":
        return _text(schema)

    return {"integer": int(schema.get("minimum", 1)), "number": 1.0, "boolean": True}.get(kind)


def _array(schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int) -> list[Any]:
    """Return one element of each kind that the elements can have."""
    if depth >= DEEPEST or not schema.get("items"):
        return []

    kinds = schema["items"].get("anyOf", [schema["items"]])
    return [example(each, definitions, depth=depth + 1) for each in kinds]


def _object(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], depth: int
) -> dict[str, Any]:
    required = () if depth >= DEEPEST else schema.get("required", ())
    return {
        name: example(schema["properties"][name], definitions, depth=depth + 1) for name in required
    }


def _text(schema: Mapping[str, Any]) -> str:
    """Return a text of the schema's format, or one that says what belongs there."""
    if schema.get("format") in TEXT_BY_FORMAT:
        return TEXT_BY_FORMAT[schema["format"]]

    text = str(schema.get("title", "text")).lower()
    if "pattern" in schema:
        text = text.replace(" ", "-")  # few patterns are for words with blanks between them

    text = text.ljust(schema.get("minLength", 0), "x")
    return text[: schema.get("maxLength", len(text))]
