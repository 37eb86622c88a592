"""The pages of the wire contract, made from the models through the OpenAPI document."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from connector_sdk.spec import standard_document

Schema = dict[str, Any]


def write(folder: Path) -> None:
    """Write `capabilities.md`, `models.md` and `openapi.yaml` into a folder."""
    document = standard_document()
    schemas = document["components"]["schemas"]
    _write(folder / "capabilities.md", _capabilities(document["paths"]))
    _write(folder / "models.md", _models(schemas))
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    _write(folder / "openapi.yaml", [text])


def _write(file: Path, parts: Iterator[str] | list[str]) -> None:
    text = "\n".join(parts)
    if not file.exists() or file.read_text(encoding="utf-8") != text:  # else Sphinx reads it again
        file.write_text(text, encoding="utf-8")


def _capabilities(paths: dict[str, Any]) -> Iterator[str]:
    yield "# Capabilities\n"
    yield (
        "What a platform may ask of a connector: the OpenAPI document "
        "({download}`openapi.yaml <openapi.yaml>`) as pages. Every reply has the HTTP status 200, "
        "also one that says what went wrong ([ErrorResponse](models.md#errorresponse)).\n"
    )
    for path, item in paths.items():
        operation = item["post"]
        request = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        reply = operation["responses"]["200"]["content"]["application/json"]["schema"]
        yield f"## `{path.removeprefix('/')}`\n"
        yield f"{operation['description']}\n"
        yield "| | |\n|---|---|"
        yield f"| group | {', '.join(operation['tags'])} |"
        if request:
            yield f"| request | {_type(request['schema'])} |"

        yield f"| reply | {_type(reply)} |\n"


def _models(schemas: dict[str, Schema]) -> Iterator[str]:
    yield "# Models\n"
    yield (
        "Every object and list of words that goes over the wire; in Python, classes of the same "
        "name in `connector_sdk.models`. Fields in **bold** must be given. Unknown fields are "
        "ignored, and nothing is converted: a number in quotes is not a number.\n"
    )
    for name, schema in schemas.items():
        yield f"({name.lower()})=\n## {name}\n"
        yield f"{schema.get('description', '')}\n"
        if "enum" in schema:
            yield ", ".join(f"`{value}`" for value in schema["enum"]) + "\n"
        elif schema.get("properties"):
            yield from _fields(schema)


def _fields(schema: Schema) -> Iterator[str]:
    required = schema.get("required", ())
    yield "| field | type | |\n|---|---|---|"
    for name, field in schema["properties"].items():
        shown = f"**`{name}`**" if name in required else f"`{name}`"
        yield f"| {shown} | {_type(field)} | {_about(field)} |"

    yield ""


def _about(field: Schema) -> str:
    words = [field.get("description", "").replace("|", "\\|")]
    if field.get("x-field_type") == "SECRET":
        words.append("*Secret.*")

    return " ".join(words)


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](models.md#{name.lower()})"

    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return " or ".join(dict.fromkeys(_type(choice) for choice in choices))

    if "const" in schema:
        return f"`{schema['const']}`"

    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"

    values = schema.get("additionalProperties")
    if kind == "object" and isinstance(values, dict):
        return f"object of {_type(values)}"

    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
