"""The OpenAPI 3.1 document: of the contract, and of one integration, both made from the models."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from connector_sdk.capability import Capability
from connector_sdk.declaration import Declaration, EmptySettings
from connector_sdk.examples import example
from connector_sdk.info import title_case
from connector_sdk.models import AuthModel, ErrorResponse
from connector_sdk.models.credentials import CREDENTIAL_MODELS
from connector_sdk.standard import (
    STANDARD_CAPABILITIES,
    CapabilityCategory,
    StandardCapability,
    category_of,
    standard_capability,
)

TAGS = {
    CapabilityCategory.INFO: "Learning about connectors",
    CapabilityCategory.READ: "Reading",
    CapabilityCategory.WRITE: "Writing",
    CapabilityCategory.OAUTH: "OAuth 2.0",
    CapabilityCategory.CUSTOM: "Capabilities of this connector",
}
"""Names of the groups that a reader sees, by category."""

_REFERENCE = "#/components/schemas/{model}"


def standard_document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all standard capabilities."""
    from importlib.metadata import version

    rows = {name.value: row for name, row in STANDARD_CAPABILITIES.items()}
    models = [each for row in rows.values() for each in (row.request_model, row.response_model)]
    schemas, names = _component_schemas(models)
    return _document(
        title="Connector capabilities",
        version=version("connector-sdk"),
        description="What a connector answers to a platform. Every reply has the status 200; "
        "a reply with `is_error` says what went wrong.",
        paths={f"/{name}": _standard_path(name, row, schemas, names) for name, row in rows.items()},
        schemas=schemas,
    )


def integration_document(declaration: Declaration) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of one integration.

    Requests show the integration's own settings and credentials, and its custom capabilities
    stand beside the standard ones that it implements.

    Parameters:
        declaration: the integration.
    """
    capabilities = [declaration.capabilities[name] for name in sorted(declaration.capabilities)]
    info = standard_capability("info")
    envelopes = [each for one in capabilities for each in (one.request_model, one.response_model)]
    parts = [declaration.settings_model, *_credential_models(declaration)]
    schemas, names = _component_schemas([*envelopes, *parts, info.response_model])
    for capability in capabilities:
        _show_connection(schemas[names[capability.request_model]], declaration, capability, names)

    paths = {"/info": _standard_path("info", info, schemas, names)}
    for capability in capabilities:
        paths[f"/{capability.name}"] = _capability_path(capability, schemas, names)

    return _document(
        title=declaration.description_data.user_friendly_name,
        version=declaration.version,
        description=declaration.description_data.description or "A connector.",
        paths=paths,
        schemas=schemas,
    )


def example_request(declaration: Declaration, name: str) -> dict[str, Any]:
    """Return a request to fill in: the integration's own credentials and settings, as examples.

    Parameters:
        declaration: the integration.
        name: one of its capabilities, or `info`.
    """
    operation = integration_document(declaration)["paths"][f"/{name}"]["post"]
    request: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["example"]
    return request


def _document(
    *,
    title: str,
    version: str,
    description: str,
    paths: Mapping[str, Any],
    schemas: Mapping[str, Any],
) -> dict[str, Any]:
    used = {operation["tags"][0] for path in paths.values() for operation in path.values()}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": description},
        "tags": [{"name": name} for name in TAGS.values() if name in used],
        "paths": dict(paths),
        "components": {"schemas": dict(schemas)},
    }


def _component_schemas(
    models: Iterable[type[BaseModel] | None],
) -> tuple[dict[str, Any], dict[type[BaseModel], str]]:
    """Return the schemas of models and all that they refer to, and the name of each model's own."""
    wanted = dict.fromkeys(each for each in (*models, ErrorResponse) if each is not None)
    references, document = models_json_schema(
        [(model, "validation") for model in wanted], ref_template=_REFERENCE
    )
    names = {model: references[model, "validation"]["$ref"].rpartition("/")[2] for model in wanted}
    return document["$defs"], names


def _standard_path(
    name: str,
    row: StandardCapability,
    schemas: Mapping[str, Any],
    names: Mapping[type[BaseModel], str],
) -> dict[str, Any]:
    request = row.request_model
    return {
        "post": _operation(
            name,
            tag=TAGS[row.category],
            summary=title_case(name),
            description=row.description,
            request=None if request is None else names[request],
            response=names[row.response_model],
            schemas=schemas,
            names=names,
        )
    }


def _capability_path(
    capability: Capability, schemas: Mapping[str, Any], names: Mapping[type[BaseModel], str]
) -> dict[str, Any]:
    return {
        "post": _operation(
            capability.name,
            tag=TAGS[category_of(capability.name)],
            summary=capability.display_name or title_case(capability.name),
            description=capability.words,
            request=names[capability.request_model],
            response=names[capability.response_model],
            schemas=schemas,
            names=names,
        )
    }


def _operation(
    name: str,
    *,
    tag: str,
    summary: str,
    description: str,
    request: str | None,
    response: str,
    schemas: Mapping[str, Any],
    names: Mapping[type[BaseModel], str],
) -> dict[str, Any]:
    error = names[ErrorResponse]
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "requestBody": _body(request, schemas),
        "responses": {
            "200": {
                "description": "The capability's reply, or an error reply.",
                "content": {
                    "application/json": {
                        "schema": {"anyOf": [_reference(response), _reference(error)]},
                        "examples": {
                            "success": {"value": example(schemas[response], schemas)},
                            "error": {"value": example(schemas[error], schemas)},
                        },
                    }
                },
            }
        },
    }


def _body(request: str | None, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request body of an operation; `info` takes any object and reads nothing of it."""
    if request is None:
        content: dict[str, Any] = {"schema": {"type": "object"}, "example": {}}
        return {"required": False, "content": {"application/json": content}}

    content = {"schema": _reference(request), "example": example(schemas[request], schemas)}
    return {"required": True, "content": {"application/json": content}}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=name)}


def _credential_models(declaration: Declaration) -> list[type[BaseModel]]:
    several = [each.input_model or CREDENTIAL_MODELS[each.type] for each in declaration.credentials]
    return several if declaration.auth is None else [declaration.auth]


def _show_connection(
    schema: dict[str, Any],
    declaration: Declaration,
    capability: Capability,
    names: Mapping[type[BaseModel], str],
) -> None:
    """Write the integration's credentials and settings into the schema of a request."""
    properties = schema["properties"]
    shown = {}
    if declaration.auth is not None and "auth" in properties:
        shown["auth"] = _auth_schema(declaration, names)

    if declaration.credentials and "credentials" in properties:
        shown["credentials"] = _credentials_schema(declaration, names)

    properties |= shown
    required = {*schema.get("required", ()), *shown}
    if capability.takes_settings and declaration.settings_model is not EmptySettings:
        properties["settings"] = _reference(names[declaration.settings_model])
        if any(field.is_required() for field in declaration.settings_model.model_fields.values()):
            required.add("settings")

    schema["required"] = [name for name in properties if name in required]


def _auth_schema(declaration: Declaration, names: Mapping[type[BaseModel], str]) -> dict[str, Any]:
    kind = str(declaration.auth_kind)
    return {
        "type": "object",
        "description": "The credential of the connection.",
        "properties": {kind: _reference(names[CREDENTIAL_MODELS[AuthModel(kind)]])},
        "required": [kind],
    }


def _credentials_schema(
    declaration: Declaration, names: Mapping[type[BaseModel], str]
) -> dict[str, Any]:
    return {
        "type": "array",
        "description": "The credentials of the connection, each with the id that it goes by.",
        "minItems": 1,
        "items": {
            "anyOf": [
                {
                    "type": "object",
                    "description": config.description,
                    "properties": {
                        "id": {"const": config.id},
                        config.type.value: _reference(
                            names[config.input_model or CREDENTIAL_MODELS[config.type]]
                        ),
                    },
                    "required": ["id", config.type.value],
                }
                for config in declaration.credentials
            ]
        },
    }
