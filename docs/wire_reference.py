"""The pages of the wire contract, made from the models and the OpenAPI document.

Examples are real: the mock connector answers them.
"""

import asyncio
import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter
from sphinx.pycode import ModuleAnalyzer

from connector_sdk import models
from connector_sdk.spec import TAGS, standard_document
from connector_sdk.standard import CapabilityCategory
from mock_connector.integration import integration

Schema = dict[str, Any]

CONNECTION = {
    "auth": {"basic": {"username": "ada", "password": "correct horse"}},
    "settings": {"host": "acme.example.com"},
}

VIEWER = {
    "account_integration_specific_id": "account-00002",
    "resource_integration_specific_id": "project-delta",
    "resource_type": "project",
    "entitlement_type": "project_permission",
    "entitlement_integration_specific_id": "project-delta/viewer",
}

NEW_ACCOUNT = {
    "email": "katherine@example.com",
    "given_name": "Katherine",
    "family_name": "Johnson",
    "entitlements": [],
}

PAYLOADS: dict[str, Schema] = {
    "activate_account": {"account_id": "account-00002"},
    "assign_entitlement": VIEWER,
    "create_account": NEW_ACCOUNT,
    "deactivate_account": {"account_id": "account-00002"},
    "delete_account": {"account_id": "account-00229"},
    "get_last_activity": {"account_ids": ["account-00002"]},
    "unassign_entitlement": VIEWER,
}
"""Payloads of examples, where they are not empty; each can be answered after the ones before."""

MARKS = {"SECRET": "*Secret.*", "HIDDEN": "*Not shown in forms.*"}
"""What the mark of a field says, in a word."""


def write(folder: Path) -> None:
    """Write `capabilities.md`, `models.md` and `openapi.yaml` into a folder."""
    document = standard_document()
    _write(folder / "capabilities.md", _capabilities(document["paths"]))
    _write(folder / "models.md", _models())
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
        request = operation["requestBody"]["content"]["application/json"]
        reply = operation["responses"]["200"]["content"]["application/json"]
        name = path.removeprefix("/")
        yield f"## `{name}`\n"
        yield f"{operation['description']}\n"
        yield "| | |\n|---|---|"
        yield f"| group | {', '.join(operation['tags'])} |"
        yield f"| request | {_type(request['schema'])} |"
        yield f"| reply | {_type(reply['schema'])} |\n"
        if name in integration.capabilities:
            yield from _answered(name)
        else:
            yield from _example("A request", request["example"])
            if operation["tags"] == [TAGS[CapabilityCategory.OAUTH]]:
                yield from _example("A reply", reply["examples"]["success"]["value"])


def _answered(name: str) -> Iterator[str]:
    """A request to the mock connector, and its reply."""
    request = {**CONNECTION, "request": PAYLOADS.get(name, {})}
    if "list" in name or name.startswith("find"):
        request["page"] = {"size": 1}

    reply = json.loads(asyncio.run(integration.dispatch(name, json.dumps(request))))
    assert "error" not in reply, f"the example of {name} is refused: {reply['error']['message']}"
    yield from _example("A request", request)
    yield from _example("Its reply", reply)


def _example(title: str, value: Any) -> Iterator[str]:
    yield f"{title}:\n"
    yield f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```\n"


def _models() -> Iterator[str]:
    yield "# Models\n"
    yield (
        "Every object and list of words that goes over the wire or is declared; in Python, names "
        "of `connector_sdk.models`. Fields in **bold** must be given. Unknown fields are ignored, "
        "and nothing is converted: a number in quotes is not a number. `CREDENTIAL_MODELS` is the "
        "dictionary of the kinds of credential and their models.\n"
    )
    for name in sorted(models.__all__):
        model = getattr(models, name)
        if not isinstance(model, type):
            continue

        yield f"({name.lower()})=\n## {name}\n"
        yield f"{_first_paragraph(model)}\n"
        if issubclass(model, Enum):
            yield from _words(model)
        elif issubclass(model, BaseModel):
            yield from _fields(model)


def _first_paragraph(model: type) -> str:
    return " ".join((model.__doc__ or "").partition("\n\n")[0].split())


def _words(model: type[Enum]) -> Iterator[str]:
    meanings = ModuleAnalyzer.for_module(model.__module__).find_attr_docs()
    if not any(name == model.__name__ for name, _ in meanings):
        yield ", ".join(f"`{member.value}`" for member in model) + "\n"
        return

    yield "| value | |\n|---|---|"
    for member in model:
        meaning = " ".join(meanings.get((model.__name__, member.name), ()))
        yield f"| `{member.value}` | {meaning.strip()} |"

    yield ""


def _fields(model: type[BaseModel]) -> Iterator[str]:
    schema = TypeAdapter(model).json_schema()
    if not schema.get("properties"):
        return

    required = schema.get("required", ())
    yield "| field | type | |\n|---|---|---|"
    for name, field in schema["properties"].items():
        shown = f"**`{name}`**" if name in required else f"`{name}`"
        yield f"| {shown} | {_type(field)} | {_about(field)} |"

    yield ""


def _about(field: Schema) -> str:
    words = [field.get("description", "").replace("|", "\\|")]
    return " ".join([*words, MARKS.get(field.get("x-field_type", ""), "")]).strip()


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
