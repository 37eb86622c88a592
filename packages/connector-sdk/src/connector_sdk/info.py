"""The info document: what a platform learns about a connector (contract, section 6)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic_core import from_json, to_json

from connector_sdk.capability import Capability
from connector_sdk.declaration import Declaration
from connector_sdk.models.credentials import CREDENTIAL_MODELS, AuthModel, CredentialConfig
from connector_sdk.models.info import CapabilitySchema, Info, InfoResponse
from connector_sdk.modules import OAuthGrants, OAuthSettingsLike

SchemaTexts = dict[tuple[type[BaseModel], str | None], bytes]
"""JSON Schemas that were made: of a model, or of a field of one."""

OAUTH_KINDS = frozenset({AuthModel.OAUTH, AuthModel.OAUTH_CLIENT_CREDENTIALS})
"""Kinds of credential for which the OAuth settings are told."""


def make_info(declaration: Declaration) -> InfoResponse:
    """Return the reply to `info` for an integration."""
    description = declaration.description_data
    return InfoResponse(
        response=Info(
            app_id=declaration.app_id,
            version=declaration.version,
            capabilities=sorted(declaration.capabilities),
            capability_schema={
                name: capability_schema(declaration.capabilities[name], declaration.schema_texts)
                for name in sorted(declaration.capabilities)
            },
            oauth_scopes=_scopes(_oauth_settings(declaration)),
            authentication_schema=_form(declaration.schema_texts, declaration.auth),
            credentials_schema=[
                credential_schema(declaration, config) for config in declaration.credentials
            ],
            logo_url=description.logo_url,
            user_friendly_name=description.user_friendly_name,
            description=description.description,
            categories=description.categories,
            entitlement_types=declaration.entitlement_types,
            resource_types=declaration.resource_types,
            request_settings_schema=_form(declaration.schema_texts, declaration.settings_model),
        )
    )


def capability_schema(capability: Capability, texts: SchemaTexts) -> CapabilitySchema:
    """Return the JSON Schemas of a capability's payloads, and how it is presented.

    Parameters:
        capability: the capability.
        texts: schemas that were made before; new ones are put there.
    """
    return CapabilitySchema(
        argument=_payload_schema(texts, capability.request_model, "request"),
        output=_payload_schema(texts, capability.response_model, "response"),
        display_name=capability.display_name or title_case(capability.name),
        description=capability.description,
    )


def form_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model with `field_order`, for a platform's form."""
    schema = model.model_json_schema()
    if "$ref" in schema:  # of a model that contains itself; a form needs its fields at the top
        schema |= schema["$defs"][schema.pop("$ref").rpartition("/")[2]]

    schema["field_order"] = list(schema.get("properties", ()))
    return schema


def credential_schema(declaration: Declaration, config: CredentialConfig) -> dict[str, Any]:
    """Return the form's schema of one configured credential, with its id and description."""
    schema = _form(declaration.schema_texts, config.input_model or CREDENTIAL_MODELS[config.type])
    schema |= {"id": config.id, "description": config.description}
    settings = _oauth_settings(declaration, config.type)
    if config.type in OAUTH_KINDS and settings is not None:
        schema["oauth_settings"] = {
            "oauth_type": _text(settings.flow_type),
            "scopes": _scopes(settings),
            "pkce_enabled": bool(settings.pkce),
        }

    return schema


def title_case(name: str) -> str:
    """Return a capability's name for people: `list_accounts` gives `List Accounts`."""
    return name.replace("_", " ").title()


def _form(texts: SchemaTexts, model: type[BaseModel] | None) -> dict[str, Any]:
    if model is None:
        return {}

    return _made_once(texts, (model, None), partial(form_schema, model))


def _payload_schema(texts: SchemaTexts, envelope: type[BaseModel], field: str) -> dict[str, Any]:
    payload: Any = envelope.model_fields[field].annotation
    return _made_once(texts, (envelope, field), lambda: TypeAdapter(payload).json_schema())


def _made_once(
    texts: SchemaTexts, key: tuple[type[BaseModel], str | None], make: Callable[[], Any]
) -> dict[str, Any]:
    """Return a schema, made at the first `info` (0.2 to 3 ms each) and read from its text later.

    The rest of the document is made anew each time: it is cheap, and can have changed. So is
    what is returned here: whoever changes it changes nobody else's.
    """
    text = texts.get(key)
    if text is None:
        text = texts[key] = to_json(make())

    schema: dict[str, Any] = from_json(text)
    return schema


def _oauth_settings(
    declaration: Declaration, kind: AuthModel | None = None
) -> OAuthSettingsLike | None:
    """Return the settings of the grant that a kind of credential comes from, or else the first."""
    grants = [
        grant
        for module in declaration.modules
        if isinstance(module, OAuthGrants)
        for grant in module.oauth_grants().items()
    ]
    for granted_kind, settings in grants:
        if granted_kind is kind:
            return settings

    if declaration.oauth_settings is not None:
        return declaration.oauth_settings

    return grants[0][1] if grants else None


def _scopes(settings: OAuthSettingsLike | None) -> dict[str, str] | None:
    if settings is None:
        return None

    return {_text(name): scopes for name, scopes in settings.scopes.items()}


def _text(value: Any) -> str:
    """Return a text, also when it is a member of an enum of texts."""
    return str(getattr(value, "value", value))
