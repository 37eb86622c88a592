"""Checks of what a connector says about itself, and of what it demands."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from connector_sdk.fields import FIELD_TYPE_KEY, FieldType
from connector_sdk.models import InfoResponse
from connector_sdk.testing.calls import as_reply, call
from connector_sdk.testing.checks.check import Check, Samples
from connector_sdk.testing.checks.subject import Subject, error_code
from connector_sdk.testing.interception import intercept
from connector_sdk.testing.responses import MockedResponse

SECRET_NAME = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|token|api_?key|private_?key)$", re.IGNORECASE
)
"""Field names whose values are secret, whatever else they are."""

NO_APP = MockedResponse(500).as_httpx
"""Answers what should not have been asked at all."""

UNFIT_VALUES: tuple[Any, ...] = ({"unfit": True}, ["unfit"], 3.5, "unfit\x00value")
"""Values of every JSON type; the first one that a field refuses is its sample."""


def info_fits_its_model(subject: Subject, _sample: None) -> None:
    """`info` answers with the document of the contract, which names what is registered."""
    reply = call(subject.integration, "info")
    assert reply == as_reply(InfoResponse.model_validate(reply))
    assert subject.capabilities == reply["response"]["capabilities"]
    assert set(subject.capabilities) == set(reply["response"]["capability_schema"])


def schemas_are_closed(_subject: Subject, schema: dict[str, Any]) -> None:
    """Each `$ref` of a schema names a definition within that same schema."""
    for reference in _references(schema):
        start, _, name = reference.rpartition("/")
        assert start == "#/$defs", f"{reference} leads out of the schema"
        assert name in schema.get("$defs", {}), f"{reference} names no definition"


def secrets_are_marked(_subject: Subject, schema: dict[str, Any]) -> None:
    """A form shows no secret: each field with a secret's name is marked SECRET or HIDDEN."""
    marks = {FieldType.SECRET.value, FieldType.HIDDEN.value}
    unmarked = [
        name
        for name, field in _fields(schema)
        if SECRET_NAME.search(name) and field.get(FIELD_TYPE_KEY) not in marks
    ]
    assert not unmarked, f"declare {', '.join(unmarked)} with SecretField"


def unfit_settings_are_refused(subject: Subject, sample: tuple[str, dict[str, Any]]) -> None:
    """Settings that do not fit are `bad_request`, and the message names the field."""
    field, settings = sample
    for capability in subject.capabilities:
        if not subject.integration.capabilities[capability].takes_settings:
            continue

        with intercept(NO_APP):
            reply = subject.call(capability, settings=settings)

        assert error_code(reply) == "bad_request", f"{capability} takes unfit settings"
        assert f"settings.{field}" in reply["error"]["message"]


def all_schemas(subject: Subject) -> Samples:
    """Return every schema of the info document, by the place where it stands."""
    schemas = form_schemas(subject)
    for name, schema in subject.info["capability_schema"].items():
        schemas[f"{name}-argument"] = schema["argument"]
        schemas[f"{name}-output"] = schema["output"]

    return schemas


def form_schemas(subject: Subject) -> dict[str, Any]:
    """Return the schemas from which a platform makes its forms."""
    credentials = {f"credentials-{each['id']}": each for each in subject.info["credentials_schema"]}
    schemas = {
        "authentication": subject.info["authentication_schema"],
        "settings": subject.info["request_settings_schema"],
        **credentials,
    }
    return {name: schema for name, schema in schemas.items() if schema.get("properties")}


def unfit_settings(subject: Subject) -> Samples:
    """Return settings with one fault each: a required field missing, or an impossible value."""
    model = subject.integration.settings_model
    good = dict(subject.connection.get("settings") or {})
    samples: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        if field.is_required():
            samples[f"{key}-missing"] = (key, {k: good[k] for k in good if k != key})

        unfit = [value for value in UNFIT_VALUES if not _fits(model, {**good, key: value})]
        if unfit:
            samples[f"{key}-unfit"] = (key, {**good, key: unfit[0]})

    return samples


DESCRIPTION = (
    Check(name="info_fits_its_model", run=info_fits_its_model),
    Check(name="schemas_are_closed", run=schemas_are_closed, samples=all_schemas),
    Check(name="secrets_are_marked", run=secrets_are_marked, samples=form_schemas),
    Check(
        name="unfit_settings_are_refused", run=unfit_settings_are_refused, samples=unfit_settings
    ),
)
"""What a connector says about itself."""


def _fits(model: type[BaseModel], settings: dict[str, Any]) -> bool:
    try:
        model.model_validate(settings)
    except ValidationError:
        return False

    return True


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]

        for inner in value.values():
            yield from _references(inner)

    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {}).items()
