"""Edits: what is to be changed of a resource, as an operation for PATCH and as a whole for PUT."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from scim_connector.filters import value_path
from scim_connector.quirks import Quirks
from scim_connector.resources import Resource, find, status_of, value_set, values


class Edit(Protocol):
    """One change of a resource."""

    is_idempotent: ClassVar[bool]
    """Whether carrying it out twice is the same as once, without reading in between."""

    def is_done(self, resource: Resource) -> bool:
        """Tell whether the resource is as it is to be."""

    def operation(self, quirks: Quirks) -> Resource:
        """Return the PATCH operation (RFC 7644, section 3.5.2)."""

    def applied_to(self, resource: Resource) -> Resource:
        """Return the resource as it is to be, for PUT (RFC 7644, section 3.5.1)."""


@dataclass(frozen=True, slots=True)
class SetActive:
    """Let a user's account be used, or not."""

    is_idempotent: ClassVar[bool] = True

    active: bool

    def is_done(self, resource: Resource) -> bool:
        """Tell whether the account is so already."""
        return _is_active(resource) is self.active

    def operation(self, quirks: Quirks) -> Resource:
        """Return the PATCH operation."""
        if quirks.replace_path:
            return {"op": "replace", "path": "active", "value": self.active}

        return {"op": "replace", "value": {"active": self.active}}

    def applied_to(self, resource: Resource) -> Resource:
        """Return the user as it is to be."""
        return _with(resource, "active", self.active)


@dataclass(frozen=True, slots=True)
class AddValue:
    """Add one value to a multi-valued attribute, such as a member to a group."""

    is_idempotent: ClassVar[bool] = False

    attribute: str
    value: str

    def is_done(self, resource: Resource) -> bool:
        """Tell whether the value is there."""
        return self.value in value_set(resource, self.attribute)

    def operation(self, quirks: Quirks) -> Resource:  # noqa: ARG002 # it has one form only
        """Return the PATCH operation."""
        return {"op": "add", "path": self.attribute, "value": [{"value": self.value}]}

    def applied_to(self, resource: Resource) -> Resource:
        """Return the resource as it is to be."""
        kept = [dict(each) for each in values(resource, self.attribute)]
        return _with(resource, self.attribute, [*kept, {"value": self.value}])


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """Remove one value of a multi-valued attribute, such as a member from a group."""

    is_idempotent: ClassVar[bool] = False

    attribute: str
    value: str

    def is_done(self, resource: Resource) -> bool:
        """Tell whether the value is not there."""
        return self.value not in value_set(resource, self.attribute)

    def operation(self, quirks: Quirks) -> Resource:
        """Return the PATCH operation."""
        if quirks.removal == "filter":
            return {"op": "remove", "path": value_path(self.attribute, self.value)}

        return {"op": "remove", "path": self.attribute, "value": [{"value": self.value}]}

    def applied_to(self, resource: Resource) -> Resource:
        """Return the resource as it is to be."""
        kept = [
            dict(each)
            for each in values(resource, self.attribute)
            if find(each, "value") != self.value
        ]
        return _with(resource, self.attribute, kept)


def _is_active(user: Resource) -> bool | None:
    status = status_of(user)
    return None if status is None else status.value == "ACTIVE"


def _with(resource: Resource, attribute: str, value: object) -> Resource:
    """Return a resource with another value of an attribute, however its name is written there."""
    folded = attribute.casefold()
    kept = {key: each for key, each in resource.items() if key.casefold() != folded}
    return {**kept, attribute: value}
