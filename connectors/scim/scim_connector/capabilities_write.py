"""The capabilities that change the service.

What holds already is left as it is and reported as done, so every call can be repeated.
"""

import httpx

from connector_sdk import ConnectorError
from connector_sdk.models import (
    AccountStatus,
    ActivateAccountRequest,
    ActivateAccountResponse,
    ActivatedAccount,
    AssignedEntitlement,
    AssignEntitlement,
    AssignEntitlementRequest,
    AssignEntitlementResponse,
    CreateAccountRequest,
    CreateAccountResponse,
    CreatedAccount,
    DeactivateAccountRequest,
    DeactivateAccountResponse,
    DeactivatedAccount,
    DeleteAccountRequest,
    DeleteAccountResponse,
    DeletedAccount,
    ErrorCode,
    UnassignedEntitlement,
    UnassignEntitlement,
    UnassignEntitlementRequest,
    UnassignEntitlementResponse,
)
from scim_connector.access_types import ATTRIBUTES, GROUP, MEMBERSHIP, SERVICE
from scim_connector.changes import change
from scim_connector.client import ScimClient
from scim_connector.creation import ensure_user
from scim_connector.edits import AddValue, RemoveValue, SetActive
from scim_connector.grants import change_grant, resource_of
from scim_connector.lists import USERS
from scim_connector.refusals import is_unknown
from scim_connector.resources import status_of


async def create_account(args: CreateAccountRequest) -> CreateAccountResponse:
    """Create a user; one of the same name that is like the wanted one in all is taken for it."""
    for each in args.request.entitlements:
        _require_fit(
            each.entitlement_type,
            each.integration_specific_id,
            each.integration_specific_resource_id,
        )

    async with ScimClient(args) as client:
        user = await ensure_user(client, args.request)
        for each in args.request.entitlements:
            await change_grant(
                client,
                AddValue,
                kind=each.entitlement_type,
                entitlement_id=each.integration_specific_id,
                account_id=user["id"],
            )

    status = status_of(user) or AccountStatus.ACTIVE
    return CreateAccountResponse(response=CreatedAccount(status=status, created=True))


async def activate_account(args: ActivateAccountRequest) -> ActivateAccountResponse:
    """Let an account be used again."""
    async with ScimClient(args) as client:
        await change(client, USERS, args.request.account_id, edit=SetActive(active=True))

    return ActivateAccountResponse(
        response=ActivatedAccount(status=AccountStatus.ACTIVE, activated=True)
    )


async def deactivate_account(args: DeactivateAccountRequest) -> DeactivateAccountResponse:
    """Shut an account out; it stays in its groups."""
    async with ScimClient(args) as client:
        await change(client, USERS, args.request.account_id, edit=SetActive(active=False))

    return DeactivateAccountResponse(
        response=DeactivatedAccount(status=AccountStatus.INACTIVE, deactivated=True)
    )


async def delete_account(args: DeleteAccountRequest) -> DeleteAccountResponse:
    """Remove an account; done, too, if the service says that there is none."""
    async with ScimClient(args) as client:
        try:
            await client.delete(USERS, args.request.account_id)
        except httpx.HTTPStatusError as error:
            if not is_unknown(error.response):
                raise

    return DeleteAccountResponse(
        response=DeletedAccount(status=AccountStatus.DELETED, deleted=True)
    )


async def assign_entitlement(args: AssignEntitlementRequest) -> AssignEntitlementResponse:
    """Make an account a member of a group, or give it a role or an entitlement."""
    await _change_grant(args, AddValue)
    return AssignEntitlementResponse(response=AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: UnassignEntitlementRequest) -> UnassignEntitlementResponse:
    """Take an account out of a group, or a role or an entitlement from it."""
    await _change_grant(args, RemoveValue)
    return UnassignEntitlementResponse(response=UnassignedEntitlement(unassigned=True))


async def _change_grant(
    args: AssignEntitlementRequest | UnassignEntitlementRequest,
    edit: type[AddValue] | type[RemoveValue],
) -> None:
    wanted: AssignEntitlement | UnassignEntitlement = args.request
    _require_fit(
        wanted.entitlement_type,
        wanted.entitlement_integration_specific_id,
        wanted.resource_integration_specific_id,
    )
    expected = GROUP if wanted.entitlement_type == MEMBERSHIP.type_id else SERVICE
    if wanted.resource_type != expected.type_id:
        raise _unfit(f"resource_type must be {expected.type_id} for {wanted.entitlement_type}")

    async with ScimClient(args) as client:
        await change_grant(
            client,
            edit,
            kind=wanted.entitlement_type,
            entitlement_id=wanted.entitlement_integration_specific_id,
            account_id=wanted.account_integration_specific_id,
        )


def _require_fit(kind: str, entitlement_id: str, resource_id: str | None) -> None:
    """Refuse a grant that is named in a way in which no entitlement is listed."""
    known = (MEMBERSHIP.type_id, *ATTRIBUTES)
    if kind not in known:
        raise _unfit(f"entitlement_type must be one of {', '.join(known)}")

    if resource_id not in (None, resource_of(kind, entitlement_id)):
        raise _unfit("the entitlement is on another resource: see list_entitlements")


def _unfit(fault: str) -> ConnectorError:
    return ConnectorError(message=f"request: {fault}", error_code=ErrorCode.BAD_REQUEST)
