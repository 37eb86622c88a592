"""Grants: what an account holds, changed on the resource that keeps it."""

from scim_connector.access_types import ATTRIBUTES, MEMBERSHIP, SERVICE_ID
from scim_connector.changes import change, failed
from scim_connector.client import ScimClient
from scim_connector.edits import AddValue, RemoveValue
from scim_connector.filters import equals
from scim_connector.lists import GROUPS, USERS

Edit = type[AddValue] | type[RemoveValue]
"""What is done with the grant: it is added, or removed."""


async def change_grant(
    client: ScimClient, edit: Edit, *, kind: str, entitlement_id: str, account_id: str
) -> None:
    """Add or remove a grant; nothing is done if that is so already.

    Parameters:
        client: the client.
        edit: which of both.
        kind: the entitlement's type.
        entitlement_id: a group's id, or the value of a role or an entitlement.
        account_id: the user's id.

    Raises:
        httpx.HTTPStatusError: the service refused; 404, if there is no such user or group.
        ConnectorError: as `change`.
    """
    if kind in ATTRIBUTES:
        await change(client, USERS, account_id, edit=edit(ATTRIBUTES[kind], entitlement_id))
        return

    await client.get(USERS, account_id, attributes="userName")
    wanted = edit("members", account_id)
    if client.quirks.memberships == "filter":
        await _change_unseen(client, wanted, group_id=entitlement_id)
    else:
        await change(client, GROUPS, entitlement_id, edit=wanted)


def resource_of(kind: str, entitlement_id: str) -> str:
    """Return the id of the resource that an entitlement is on."""
    return entitlement_id if kind == MEMBERSHIP.type_id else SERVICE_ID


async def _change_unseen(
    client: ScimClient, edit: AddValue | RemoveValue, *, group_id: str
) -> None:
    """Change the members of a group that does not show them, but can be asked for one of them."""
    await client.get(GROUPS, group_id)
    wanted = isinstance(edit, AddValue)
    if await _is_member(client, group_id, edit.value) is wanted:
        return

    await client.patch(
        GROUPS,
        group_id,
        operation=edit.operation(client.quirks),
        etag=None,
        is_idempotent=edit.is_idempotent,
    )
    if await _is_member(client, group_id, edit.value) is not wanted:
        raise failed("the service took the change, and did not carry it out")


async def _is_member(client: ScimClient, group_id: str, user_id: str) -> bool:
    condition = f"{equals('id', group_id)} and {equals('members', user_id)}"
    page = await client.list_page(GROUPS, {"filter": condition})
    return any(group["id"] == group_id for group in page.resources)
