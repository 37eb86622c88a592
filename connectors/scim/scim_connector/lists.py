"""The lists of a service: users, groups, and the roles and entitlements that it may offer."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from scim_connector.access_types import ATTRIBUTES
from scim_connector.client import ScimClient
from scim_connector.pages import Listing, Place, Section
from scim_connector.resources import Resource, find, values

USERS, GROUPS = "/Users", "/Groups"
"""Endpoints of RFC 7644, section 3.2."""

RESOURCE_TYPE_NAMES = {"role": "Role", "entitlement": "Entitlement"}
"""Names of the resource types that a service can have for its roles and entitlements."""


def users(client: ScimClient, *, attributes: str | None = None) -> Listing:
    """Return the list of users, with these attributes, or else all but their groups."""
    return Listing(client=client, endpoint=USERS, params=_projection(client, attributes, "groups"))


def groups(client: ScimClient, *, attributes: str | None = None) -> Listing:
    """Return the list of groups, with these attributes, or else all but their members."""
    return Listing(
        client=client, endpoint=GROUPS, params=_projection(client, attributes, "members")
    )


async def read_groups(listing: Listing, place: Place, size: int) -> Section:
    """Read groups; none from a service that says that it has no such resources.

    A 404 alone does not say so: the base URL may be wrong.
    """
    try:
        return await listing.read(place, size)
    except httpx.HTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:
            raise

        types = await resource_types(listing.client)
        if any(endpoint.casefold() == GROUPS.casefold() for endpoint in types.values()):
            raise

        return Section([], [], None, 0)


async def resource_types(client: ScimClient) -> Mapping[str, str]:
    """Return the endpoints of the service's resource types by name (RFC 7643, section 6)."""
    page = await client.list_page("/ResourceTypes", {}, needs_id=False)
    return {
        str(find(each, "name")): "/" + str(find(each, "endpoint")).rpartition("/")[2]
        for each in page.resources
    }


@dataclass(frozen=True, slots=True)
class Value:
    """A role or an entitlement."""

    value: str
    label: str
    raw: Resource


async def values_on_users(client: ScimClient, kind: str) -> list[Value]:
    """Return the roles or entitlements that users have, each once, by reading all users.

    Parameters:
        client: the client.
        kind: `role` or `entitlement`.
    """
    attribute = ATTRIBUTES[kind]
    found: dict[str, Value] = {}
    listing = users(client, attributes=attribute)
    async for user in listing.all(client.settings.page_size):
        for each in values(user, attribute):
            value = value_of(dict(each))
            found.setdefault(value.value, value)

    return sorted(found.values(), key=lambda value: value.value)


def value_of(raw: Resource) -> Value:
    """Return a role or entitlement, as it stands on a user or is a resource of its own."""
    value = find(raw, "value")
    identifier = value if isinstance(value, str) else str(find(raw, "id"))
    display = find(raw, "display") or find(raw, "displayName")
    return Value(identifier, display if isinstance(display, str) else identifier, raw)


def _projection(client: ScimClient, attributes: str | None, excluded: str) -> dict[str, str]:
    """Return the parameters for what of each resource is wanted (RFC 7644, section 3.4.2.5)."""
    if not client.quirks.projects:
        return {}

    return {"excludedAttributes": excluded} if attributes is None else {"attributes": attributes}
