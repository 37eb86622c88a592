"""Associations: who is in which group, and who has which role and entitlement.

A membership stands in two places: in the group's `members` and in the user's `groups` (RFC 7643,
sections 4.1.2 and 4.2). Not every service fills the second, so it is used only where it is cheaper
and a sample has shown that it is there.
"""

from dataclasses import dataclass, replace
from typing import Literal

from connector_sdk.http import collect
from connector_sdk.models import FoundEntitlementAssociation
from scim_connector.access_types import ATTRIBUTES, SERVICE_ID
from scim_connector.client import ScimClient
from scim_connector.filters import equals
from scim_connector.lists import GROUPS, USERS, groups, read_groups, users
from scim_connector.pages import Listing, Place
from scim_connector.resources import (
    Resource,
    find,
    is_direct_membership,
    is_direct_user,
    value_set,
    values,
)

GROUPS_AT_ONCE = 5
"""Groups whose members are read at a time: more than the page needs is read in vain."""

Way = Literal["members", "groups", "filter"]
"""Where memberships are read: see `Quirks.memberships`."""


class AssociationPlace(Place):
    """Where the associations go on."""

    way: Way | None = None
    """Where memberships are read; None before that is decided, with the first page."""

    phase: Literal["groups", "users"] = "groups"
    """Which list is read."""

    group: str | None = None
    """The group at this place, some of whose members were given already."""

    after: str = ""
    """The last of these; they come sorted, so that none is missed when others leave the group."""


@dataclass(frozen=True, slots=True)
class FoundAssociations:
    """One page of associations, the resources that they were read from, and the next place."""

    associations: list[FoundEntitlementAssociation]
    raw: list[Resource]
    following: AssociationPlace | None


@dataclass(frozen=True, slots=True)
class Associations:
    """The associations of a service.

    Parameters:
        client: the client.
        size: how many are wanted on a page.
    """

    client: ScimClient
    size: int

    async def read(self, place: AssociationPlace) -> FoundAssociations:
        """Return the associations from a place on."""
        if place.way is None:
            place = place.model_copy(update={"way": await self._choose_way()})

        if place.way != "groups" and place.phase == "groups":
            return await self._of_groups(place)

        return await self._of_users(place)

    async def _of_groups(self, place: AssociationPlace) -> FoundAssociations:
        """Read groups, and the members of each, until the page is full.

        What one call has read of a large group and does not need, the next one reads again.
        """
        listing = groups(self.client, attributes="displayName")
        section = await read_groups(listing, place, self.client.settings.page_size)
        page = FoundAssociations([], [], None)
        for first in range(0, len(section.resources), GROUPS_AT_ONCE):
            batch = section.resources[first : first + GROUPS_AT_ONCE]
            read = await collect(lambda group: self._with_members(group, place.way), batch)
            for index, group in enumerate(read, start=first):
                before = place if index == 0 else section.after[index - 1]
                following = self._add_members(page, group, place, before)
                if following is not None:
                    return replace(page, following=following)

        return replace(page, following=self._after_groups(section.following, place.way))

    def _add_members(
        self, page: FoundAssociations, group: Resource, place: AssociationPlace, before: Place
    ) -> AssociationPlace | None:
        """Add the members of a group to a page; return where to go on if they do not all fit.

        Parameters:
            page: the page.
            group: the group, with its members.
            place: where the page begins.
            before: the place of the group.
        """
        after = place.after if group["id"] == place.group else ""
        members = sorted(
            {str(find(each, "value")) for each in values(group, "members") if is_direct_user(each)}
        )
        rest = [each for each in members if each > after]
        taken = rest[: self.size - len(page.associations)]
        page.associations.extend(_association(each, group["id"]) for each in taken)
        page.raw.append(group)
        if len(taken) == len(rest):
            return None

        return AssociationPlace(
            **before.model_dump(include=set(Place.model_fields)),
            way=place.way,
            group=group["id"],
            after=taken[-1] if taken else after,
        )

    def _after_groups(self, following: Place | None, way: Way | None) -> AssociationPlace | None:
        if following is not None:
            return AssociationPlace(**following.model_dump(), way=way)

        if self.client.settings.roles_and_entitlements:
            return AssociationPlace(way=way, phase="users")

        return None

    async def _with_members(self, group: Resource, way: Way | None) -> Resource:
        """Return a group with its members; without any, if it was deleted since it was listed."""
        if way == "filter":
            params = {"filter": equals("groups.value", group["id"])}
            listing = Listing(client=self.client, endpoint=USERS, params=params)
            members = [user async for user in listing.all(self.client.settings.page_size)]
            return {**group, "members": [{"value": user["id"]} for user in members]}

        found = await self.client.get_if_there(GROUPS, group["id"], attributes="members")
        return found or group

    async def _of_users(self, place: AssociationPlace) -> FoundAssociations:
        """Read users, and what stands on each of them."""
        attributes = ["groups"] if place.way == "groups" else ["userName"]
        if self.client.settings.roles_and_entitlements:
            attributes += ATTRIBUTES.values()

        listing = users(self.client, attributes=",".join(attributes))
        section = await listing.read(place, min(self.size, self.client.settings.page_size))
        found = [
            association
            for user in section.resources
            for association in (*_groups_of(user, place.way), *self._values_of(user))
        ]
        page = FoundAssociations(found, section.resources, None)
        if section.following is None:
            return page

        place = AssociationPlace(**section.following.model_dump(), way=place.way, phase="users")
        return replace(page, following=place)

    def _values_of(self, user: Resource) -> list[FoundEntitlementAssociation]:
        if not self.client.settings.roles_and_entitlements:
            return []

        return [
            _association(user["id"], value, SERVICE_ID)
            for attribute in ATTRIBUTES.values()
            for value in sorted(value_set(user, attribute))
        ]

    async def _choose_way(self) -> Way:
        """Decide where memberships are read: by as few requests as possible."""
        wanted = self.client.quirks.memberships
        if wanted != "cheaper":
            return wanted

        sample = await read_groups(groups(self.client, attributes="members"), Place(), 1)
        members = [
            str(find(each, "value"))
            for group in sample.resources
            for each in values(group, "members")
            if is_direct_user(each)
        ]
        if not members or sample.total is None:
            return "members"

        # Each group is a request, and so is each page of users.
        user_sample = await users(self.client, attributes="userName").read(Place(), 1)
        user_pages = (user_sample.total or 0) / self.client.settings.page_size
        if sample.total <= user_pages:
            return "members"

        user = await self.client.get_if_there(USERS, members[0], attributes="groups")
        is_there = sample.resources[0]["id"] in value_set(user or {}, "groups")
        return "groups" if is_there else "members"


def _groups_of(user: Resource, way: Way | None) -> list[FoundEntitlementAssociation]:
    """Return a user's memberships, if they are read from users."""
    if way != "groups":
        return []

    direct = filter(is_direct_membership, values(user, "groups"))
    return [
        _association(user["id"], group_id)
        for group_id in sorted({str(find(each, "value")) for each in direct})
    ]


def _association(
    account_id: str, entitlement_id: str, resource_id: str | None = None
) -> FoundEntitlementAssociation:
    """Return an association; the membership of a group goes by the group's own id."""
    return FoundEntitlementAssociation(
        account_id=account_id,
        integration_specific_entitlement_id=entitlement_id,
        integration_specific_resource_id=resource_id or entitlement_id,
    )
