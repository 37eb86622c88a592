"""Custom attributes: what a service has of its users beyond the fields of an account.

Each is named by its path: `title`, `name.honorificPrefix`, or an extension's URN and attribute, as
in `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.
"""

from collections.abc import Iterator

from connector_sdk.models import (
    CustomAttributeCustomizedType,
    CustomAttributeSchema,
    CustomAttributeType,
)
from scim_connector.client import ScimClient
from scim_connector.resources import USER_SCHEMA, Resource, find, text_at

FIELDS_OF_ACCOUNTS = {"active", "id", "name.familyName", "name.givenName", "userName"}
"""What an account has a field for; its e-mail address is one of several values anyway."""


def attribute_values(user: Resource, names: list[str] | None) -> dict[str, str] | None:
    """Return the values of the attributes of these names, of those that the user has."""
    if names is None:
        return None

    return {name: value for name in names if (value := text_at(user, name)) is not None}


async def list_attributes(client: ScimClient) -> tuple[list[CustomAttributeSchema], list[Resource]]:
    """Return the custom attributes of users, and the schemas that they are from.

    The schemas of users are told by their resource type (RFC 7643, sections 6 and 7).
    """
    types = await client.list_page("/ResourceTypes", {}, needs_id=False)
    schemas = await client.list_page("/Schemas", {}, needs_id=False)
    of_users = _schemas_of_users(types.resources)
    found = [
        (schema, attribute)
        for schema in schemas.resources
        if str(find(schema, "id")).casefold() in of_users
        for attribute in _attributes(schema)
    ]
    return [attribute for _, attribute in found], [
        schema for schema in schemas.resources if str(find(schema, "id")).casefold() in of_users
    ]


def _schemas_of_users(types: list[Resource]) -> set[str]:
    ids = {USER_SCHEMA.casefold()}
    for each in types:
        if str(find(each, "schema")).casefold() == USER_SCHEMA.casefold():
            extensions = find(each, "schemaExtensions") or []
            ids |= {str(find(extension, "schema")).casefold() for extension in extensions}

    return ids


def _attributes(schema: Resource) -> Iterator[CustomAttributeSchema]:
    identifier = str(find(schema, "id"))
    is_core = identifier.casefold() == USER_SCHEMA.casefold()
    for attribute in find(schema, "attributes") or []:
        name = str(find(attribute, "name"))
        for path, kind in _singles(attribute, name if is_core else f"{identifier}:{name}"):
            if path not in FIELDS_OF_ACCOUNTS:
                yield CustomAttributeSchema(
                    customized_type=CustomAttributeCustomizedType.ACCOUNT,
                    name=path,
                    attribute_type=kind,
                )


def _singles(attribute: Resource, path: str) -> Iterator[tuple[str, CustomAttributeType]]:
    """Yield the paths of values that there is one of, and that a service shows."""
    if find(attribute, "multiValued") is True or find(attribute, "returned") == "never":
        return

    parts = find(attribute, "subAttributes") or []
    if not parts:
        yield path, CustomAttributeType.STRING
        return

    for part in parts:
        name = str(find(part, "name"))
        is_user = name.casefold() == "value" and _refers_to_users(parts)
        kind = CustomAttributeType.USER if is_user else CustomAttributeType.STRING
        for inner, _ in _singles(part, f"{path}.{name}"):
            yield inner, kind


def _refers_to_users(parts: list[Resource]) -> bool:
    """Tell whether a `value` is a user's id, because the `$ref` beside it leads to a user."""
    return any(
        str(find(part, "name")).casefold() == "$ref"
        and "User" in (find(part, "referenceTypes") or ())
        for part in parts
    )
