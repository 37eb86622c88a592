"""The capabilities that change the directory.

What holds already is left as it is and reported as done, so every call can be repeated.
"""

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
from ldap_connector import changes
from ldap_connector.access_types import GROUP, MEMBERSHIP
from ldap_connector.accounts import status_of
from ldap_connector.creation import ensure_account
from ldap_connector.directory import Directory


def create_account(args: CreateAccountRequest) -> CreateAccountResponse:
    """Create an account; one of the same name that is like the wanted one is taken for it."""
    wanted = args.request
    for each in wanted.entitlements:
        _require_fit(
            each.entitlement_type,
            each.integration_specific_id,
            each.integration_specific_resource_id,
        )

    with Directory(args) as directory:
        groups = [
            changes.find_group(directory, each.integration_specific_id)
            for each in wanted.entitlements
        ]
        account = ensure_account(directory, wanted)
        for group in groups:
            changes.add_member(directory, group, account)

    return CreateAccountResponse(response=CreatedAccount(status=status_of(account), created=True))


def activate_account(args: ActivateAccountRequest) -> ActivateAccountResponse:
    """Let an account be used again, also one that too many wrong passwords have locked."""
    with Directory(args) as directory:
        status = changes.set_active(directory, args.request.account_id, active=True)

    return ActivateAccountResponse(
        response=ActivatedAccount(status=status, activated=status is AccountStatus.ACTIVE)
    )


def deactivate_account(args: DeactivateAccountRequest) -> DeactivateAccountResponse:
    """Shut an account out; it stays in its groups."""
    with Directory(args) as directory:
        status = changes.set_active(directory, args.request.account_id, active=False)

    return DeactivateAccountResponse(
        response=DeactivatedAccount(status=status, deactivated=status is not AccountStatus.ACTIVE)
    )


def delete_account(args: DeleteAccountRequest) -> DeleteAccountResponse:
    """Delete an account and its memberships; done, too, if there is none."""
    with Directory(args) as directory:
        changes.delete_account(directory, args.request.account_id)

    return DeleteAccountResponse(
        response=DeletedAccount(status=AccountStatus.DELETED, deleted=True)
    )


def assign_entitlement(args: AssignEntitlementRequest) -> AssignEntitlementResponse:
    """Make an account a direct member of a group."""
    wanted = _checked(args.request)
    with Directory(args) as directory:
        group = changes.find_group(directory, wanted.entitlement_integration_specific_id)
        account = changes.find_account(directory, wanted.account_integration_specific_id)
        changes.add_member(directory, group, account)

    return AssignEntitlementResponse(response=AssignedEntitlement(assigned=True))


def unassign_entitlement(args: UnassignEntitlementRequest) -> UnassignEntitlementResponse:
    """Take an account out of a group."""
    wanted = _checked(args.request)
    with Directory(args) as directory:
        group = changes.find_group(directory, wanted.entitlement_integration_specific_id)
        account = changes.find_account(directory, wanted.account_integration_specific_id)
        changes.remove_member(directory, group, account)
        changes.require_no_other_way(directory, group, account)

    return UnassignEntitlementResponse(response=UnassignedEntitlement(unassigned=True))


def _checked(
    wanted: AssignEntitlement | UnassignEntitlement,
) -> AssignEntitlement | UnassignEntitlement:
    _require_fit(
        wanted.entitlement_type,
        wanted.entitlement_integration_specific_id,
        wanted.resource_integration_specific_id,
    )
    if wanted.resource_type != GROUP.type_id:
        raise _unfit(f"resource_type must be {GROUP.type_id}")

    return wanted


def _require_fit(kind: str, entitlement_id: str, resource_id: str | None) -> None:
    """Refuse a membership that is named in a way in which none is listed."""
    if kind != MEMBERSHIP.type_id:
        raise _unfit(f"entitlement_type must be {MEMBERSHIP.type_id}")

    if resource_id not in (None, entitlement_id):
        raise _unfit("the entitlement is on another resource: see list_entitlements")


def _unfit(fault: str) -> ConnectorError:
    return ConnectorError(message=f"request: {fault}", error_code=ErrorCode.BAD_REQUEST)
