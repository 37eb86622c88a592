"""Resources compared with their schemas, by the models of scim2-models.

This is the one module that uses that library, and only `check_conformance` imports it: importing it
takes longer than a whole call. No value of a resource is told, as people's data are in there.
"""

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from connector_sdk import MissingExtraError
from scim_connector.faults import UNUSABLE, Fault, fault_of_kind
from scim_connector.resources import Resource, find

try:
    from scim2_models import (
        Context,
        EnterpriseUser,
        Group,
        Required,
        ResourceType,
        Schema,
        ScimObject,
        ScimProvider,
        ServiceProviderConfig,
        User,
    )
except ModuleNotFoundError as error:
    raise MissingExtraError("models", error, distribution="scim-connector") from error

STRICT_KINDS = {"bool_type", "float_type", "int_type", "string_type"}
"""What only strict models notice, as `"true"` for true; times they refuse altogether."""

OPTIONAL = {"schemaExtensions"}
"""Attributes that RFC 7643 calls required in a schema (8.7.2), and optional in its text (6)."""

UNASSIGNED: tuple[Any, ...] = (None, "", [])
"""What is no value (RFC 7643, section 2.5)."""

OF_SCHEMAS = {"schema_error", "unknown_extension_schema"}
"""What is wrong with `schemas`; the models say it of the resource."""


class Schemas:
    """What the resources of a service have to look like.

    Parameters:
        schemas: what the service has at `/Schemas`.
        types: what it has at `/ResourceTypes`.
    """

    def __init__(self, schemas: Sequence[Resource], types: Sequence[Resource]) -> None:
        self.fault: Fault | None = None
        """Why the service's own schemas are of no use, so that those of RFC 7643 count."""

        self._models: dict[str, type[ScimObject]] = {
            "ServiceProviderConfig": ServiceProviderConfig,
            "ResourceType": ResourceType,
            "Schema": Schema,
            "User": User[EnterpriseUser],
            "Group": Group,
        }
        try:
            self._models |= _own_models(schemas, types)
        except ValueError:  # also what the library and pydantic raise
            self.fault = UNUSABLE

    def faults(self, kind: str, resource: Resource) -> Iterator[Fault]:
        """Yield what is wrong with a resource, each once.

        Parameters:
            kind: `User`, `Group`, `ServiceProviderConfig`, `ResourceType` or `Schema`.
            resource: the resource, as the service gave it.
        """
        model = self._models[kind]
        yield from dict.fromkeys([*_missing(model, resource), *_unfit(model, resource)])


def _own_models(
    schemas: Sequence[Resource], types: Sequence[Resource]
) -> Mapping[str, type[ScimObject]]:
    """Return the models of users and groups that a service describes itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an attribute may be called as a method of a model is
        provider = ScimProvider.from_discovery(
            [Schema.model_validate(each) for each in schemas],
            [ResourceType.model_validate(each) for each in types],
        )

    found = {kind: provider.model_for_endpoint(f"/{kind}s") for kind in ("User", "Group")}
    return {kind: model for kind, model in found.items() if model is not None}


def _missing(model: type[ScimObject], resource: Resource) -> Iterator[Fault]:
    for name, field in model.model_fields.items():
        attribute = field.serialization_alias or field.alias or name
        is_required = model.get_field_annotation(name, Required) is Required.true
        if is_required and attribute not in OPTIONAL and find(resource, attribute) in UNASSIGNED:
            yield fault_of_kind("missing", attribute)


def _unfit(model: type[ScimObject], resource: Resource) -> Iterator[Fault]:
    text = json.dumps(resource)
    for is_strict in (False, True):
        try:
            model.model_validate_json(
                text, strict=is_strict, scim_ctx=Context.RESOURCE_QUERY_RESPONSE
            )
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                if not is_strict or each["type"] in STRICT_KINDS:
                    yield _fault(each)


def _fault(error: Mapping[str, Any]) -> Fault:
    """Return a fault in words of ours: the library's may quote a value."""
    kind = error["type"]
    path = [str(part) for part in error["loc"] if not isinstance(part, int)]
    path += [str(error["ctx"]["field_name"])] if "field_name" in error.get("ctx", {}) else []
    path += ["schemas"] if kind in OF_SCHEMAS else []
    return fault_of_kind(kind, _joined(path))


def _joined(path: Sequence[str]) -> str | None:
    """Return the path of an attribute; those of an extension stand behind its URN and a colon."""
    if not path:
        return None

    first, *rest = path
    separator = ":" if first.casefold().startswith("urn:") else "."
    return separator.join([first, ".".join(rest)]) if rest else first
