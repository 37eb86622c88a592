"""What a service does otherwise than the RFCs say, seen by reading; and the profiles that fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import httpx

from scim_connector.client import ListedPage, ScimClient
from scim_connector.filters import equals
from scim_connector.lists import USERS
from scim_connector.quirks import PROFILES, Memberships, Pages
from scim_connector.resources import Resource, find, values

FIRST_PAGES: Mapping[Pages, Mapping[str, str]] = {
    "index": {"startIndex": "1"},
    "cursor": {"cursor": ""},
}
"""How the first page of a list is asked for (RFC 7644, section 3.4.2.4; RFC 9865, section 2)."""

REFUSALS = (httpx.codes.BAD_REQUEST, httpx.codes.NOT_IMPLEMENTED)
"""Answers to a parameter that a service does not take."""

GROUPS_ASKED = 5
"""Groups whose members are asked for, to find one that has some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """What was seen of the quirks, by their names in `Quirks`; None where nothing was."""

    pages: Pages
    projects: bool
    memberships: Memberships | None

    def profiles(self) -> list[str]:
        """Return the profiles that contradict nothing of this, the one to begin with first."""
        seen = {"pages": self.pages, "projects": self.projects, "memberships": self.memberships}
        return [
            name
            for name, quirks in PROFILES.items()
            if all(value in (None, getattr(quirks, quirk)) for quirk, value in seen.items())
        ]


async def first_users(client: ScimClient, size: int, config: Resource) -> tuple[Pages, ListedPage]:
    """Return how lists are read, and the first users.

    Parameters:
        client: the client.
        size: how many are wanted.
        config: what the service says about itself; it may say that it has no index.

    Raises:
        httpx.HTTPStatusError: the service refused, however it was asked.
    """
    pagination = find(config, "pagination")
    has_no_index = isinstance(pagination, Mapping) and find(pagination, "index") is False
    try:
        if not has_no_index:
            return "index", await first_page(client, USERS, "index", size)
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in REFUSALS:
            raise

    return "cursor", await first_page(client, USERS, "cursor", size)


async def first_page(
    client: ScimClient,
    endpoint: str,
    pages: Pages,
    size: int,
    **params: str,
) -> ListedPage:
    """Return the first page of a list, whatever its resources look like."""
    wanted = {**FIRST_PAGES[pages], "count": str(size), **params}
    return await client.list_page(endpoint, wanted, needs_id=False)


async def takes(client: ScimClient, pages: Pages, **params: str) -> bool:
    """Tell whether users can be asked for with a parameter."""
    try:
        await first_page(client, USERS, pages, 1, **params)
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in REFUSALS:
            raise

        return False

    return True


async def memberships_of(
    client: ScimClient,
    pages: Pages,
    users: Sequence[Resource],
    groups: Sequence[Resource],
) -> Memberships | None:
    """Return how memberships can be read; None where nobody is seen to be in a group."""
    if any(any(values(group, "members")) for group in groups) or any(
        any(values(user, "groups")) for user in users
    ):
        return "cheaper"

    # A service may leave a filter unread, and give everybody.
    ids = [find(group, "id") for group in groups[:GROUPS_ASKED]]
    known = [each for each in ids if isinstance(each, str)]
    if not known or await _has_members(client, pages, f"{known[0]}-{uuid4()}"):
        return None

    for identifier in known:
        if await _has_members(client, pages, identifier):
            return "filter"

    return None


async def _has_members(client: ScimClient, pages: Pages, group: str) -> bool:
    """Tell whether a filter finds users in a group; no, where it is refused."""
    condition = equals("groups.value", group)
    try:
        return bool((await first_page(client, USERS, pages, 1, filter=condition)).resources)
    except httpx.HTTPStatusError as error:
        if error.response.status_code not in REFUSALS:
            raise

        return False
