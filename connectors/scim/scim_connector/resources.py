"""SCIM resources as they came: JSON objects, read leniently and kept whole.

They are not turned into models, because whatever a service has put into a resource has to come back
with a PUT, and because real services bend the types of RFC 7643 where it does no harm.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connector_sdk.models import AccountStatus

Resource = dict[str, Any]
"""A resource with its `id` (RFC 7643, section 3.1)."""

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
"""RFC 7643, section 4.1."""


def find(resource: Mapping[str, Any], name: str) -> Any:
    """Return the value of an attribute, whose name has no case (RFC 7643, section 2.1)."""
    if name in resource:
        return resource[name]

    folded = name.casefold()
    return next((value for key, value in resource.items() if key.casefold() == folded), None)


def find_path(resource: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path, such as `name.givenName` or `urn:…:User:department`.

    An extension's attributes stand below its URN, which may itself have dots (RFC 7643, section
    3.3); those of the core schema may be written with its URN, too (RFC 7644, section 3.10).
    """
    for urn in [key for key in resource if key.casefold().startswith("urn:")]:
        if path.casefold().startswith(f"{urn.casefold()}:"):
            inner = resource[urn]
            return find_path(inner, path[len(urn) + 1 :]) if isinstance(inner, Mapping) else None

    if path.casefold().startswith(f"{USER_SCHEMA.casefold()}:"):
        path = path[len(USER_SCHEMA) + 1 :]

    value: Any = resource
    for name in path.split("."):
        value = find(value, name) if isinstance(value, Mapping) else None

    return value


def values(resource: Mapping[str, Any], attribute: str) -> Iterator[Mapping[str, Any]]:
    """Yield the values of a multi-valued attribute as objects (RFC 7643, section 2.4)."""
    found = find(resource, attribute)
    for each in found if isinstance(found, list) else ():
        if isinstance(each, Mapping):
            if isinstance(find(each, "value"), str):
                yield each

        elif isinstance(each, str):
            yield {"value": each}


def value_set(resource: Mapping[str, Any], attribute: str) -> set[str]:
    """Return the `value` of each of the values of a multi-valued attribute."""
    return {str(find(each, "value")) for each in values(resource, attribute)}


def is_direct_user(member: Mapping[str, Any]) -> bool:
    """Tell whether a member of a group is a user, not a nested group (RFC 7643, section 4.2)."""
    kind = find(member, "type")
    if isinstance(kind, str):
        return kind.casefold() != "group"

    reference = find(member, "$ref")
    return not (isinstance(reference, str) and "/groups/" in reference.casefold())


def is_direct_membership(group: Mapping[str, Any]) -> bool:
    """Tell whether a user is in a group itself, not through a nested group (RFC 7643, 4.1.2)."""
    kind = find(group, "type")
    return not (isinstance(kind, str) and kind.casefold() == "indirect")


def main_email(user: Mapping[str, Any]) -> str | None:
    """Return a user's primary e-mail address, else the one for work, else the first."""
    emails = list(values(user, "emails"))
    preferred = [
        *(each for each in emails if find(each, "primary") is True),
        *(each for each in emails if find(each, "type") == "work"),
        *emails,
    ]
    return str(find(preferred[0], "value")) if preferred else None


def status_of(user: Mapping[str, Any]) -> AccountStatus | None:
    """Return a user's status; None if the service does not say (RFC 7643, section 4.1.1)."""
    match find(user, "active"):
        case True | "true" | "True":
            return AccountStatus.ACTIVE
        case False | "false" | "False":
            return AccountStatus.INACTIVE
        case _:
            return None


def as_text(value: Any) -> str | None:
    """Return a value as text, such as `true` for a boolean; None for nothing."""
    if value is None or isinstance(value, str):
        return value or None

    return json.dumps(value, ensure_ascii=False)


def text_at(resource: Mapping[str, Any], path: str) -> str | None:
    """Return the text at a path; None if there is none."""
    return as_text(find_path(resource, path))
