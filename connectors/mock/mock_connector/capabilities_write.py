"""The capabilities that change the company.

A repeated call does no harm: what holds already is reported as done. Only `create_account` and
`delete_account` are refused the second time, because the company then sees a taken name, or no
account any more.
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
    CreateAccount,
    CreateAccountEntitlement,
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
    WireModel,
)
from mock_connector.company import Company
from mock_connector.records import Entitlement
from mock_connector.refusals import NotFound
from mock_connector.sign_in import sign_in

FIRST_STATUSES = (AccountStatus.ACTIVE, AccountStatus.PENDING, AccountStatus.SUSPENDED)
"""The statuses that a new account can have."""


async def create_account(args: CreateAccountRequest) -> CreateAccountResponse:
    """Create a person's account; `bad_request` if the user name or e-mail address is taken.

    Without a user name, the e-mail address is it. Besides the entitlements that are asked for,
    the account holds the default ones of the company.
    """
    company = sign_in(args)
    wanted = args.request
    account = company.create_account(
        username=_username(wanted),
        email=wanted.email or None,
        given_name=wanted.given_name,
        family_name=wanted.family_name,
        extra_data=wanted.extra_data,
        status=_first_status(wanted),
        entitlements=[_chosen(company, each) for each in wanted.entitlements],
    )
    return CreateAccountResponse(response=CreatedAccount(status=account.status, created=True))


async def activate_account(args: ActivateAccountRequest) -> ActivateAccountResponse:
    """Let an account be used, again or for the first time."""
    account = sign_in(args).change_status(args.request.account_id, AccountStatus.ACTIVE)
    return ActivateAccountResponse(response=ActivatedAccount(status=account.status, activated=True))


async def deactivate_account(args: DeactivateAccountRequest) -> DeactivateAccountResponse:
    """Suspend an account; it keeps what it holds."""
    account = sign_in(args).change_status(args.request.account_id, AccountStatus.SUSPENDED)
    return DeactivateAccountResponse(
        response=DeactivatedAccount(status=account.status, deactivated=True)
    )


async def delete_account(args: DeleteAccountRequest) -> DeleteAccountResponse:
    """Remove an account for good, with all that it holds."""
    sign_in(args).delete_account(args.request.account_id)
    return DeleteAccountResponse(
        response=DeletedAccount(status=AccountStatus.DELETED, deleted=True)
    )


async def assign_entitlement(args: AssignEntitlementRequest) -> AssignEntitlementResponse:
    """Let an account hold an entitlement; of a type with at most one, it replaces the other."""
    company = sign_in(args)
    company.assign(args.request.account_integration_specific_id, _named(company, args.request))
    return AssignEntitlementResponse(response=AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: UnassignEntitlementRequest) -> UnassignEntitlementResponse:
    """Take an entitlement from an account, unless it must hold one of this type."""
    company = sign_in(args)
    company.unassign(args.request.account_integration_specific_id, _named(company, args.request))
    return UnassignEntitlementResponse(response=UnassignedEntitlement(unassigned=True))


def _username(wanted: CreateAccount) -> str:
    username = wanted.username or wanted.email
    if not username:
        raise ConnectorError(
            message="request.email or request.username is required and must not be empty",
            error_code=ErrorCode.BAD_REQUEST,
        )

    return username


def _first_status(wanted: CreateAccount) -> AccountStatus:
    if wanted.user_status is None:
        return AccountStatus.ACTIVE

    for status in FIRST_STATUSES:
        if wanted.user_status == status.value:
            return status

    names = ", ".join(status.value for status in FIRST_STATUSES)
    raise ConnectorError(
        message=f"request.user_status must be one of {names}", error_code=ErrorCode.BAD_REQUEST
    )


def _chosen(company: Company, wanted: CreateAccountEntitlement) -> Entitlement:
    entitlement = company.entitlement(wanted.integration_specific_id)
    _require_fit(
        wanted,
        integration_specific_resource_id=entitlement.resource_id,
        entitlement_type=entitlement.type_id,
    )
    return entitlement


def _named(company: Company, wanted: AssignEntitlement | UnassignEntitlement) -> Entitlement:
    entitlement = company.entitlement(wanted.entitlement_integration_specific_id)
    _require_fit(
        wanted,
        resource_integration_specific_id=entitlement.resource_id,
        resource_type=company.resource_of(entitlement).type_id,
        entitlement_type=entitlement.type_id,
    )
    return entitlement


def _require_fit(wanted: WireModel, **facts: str) -> None:
    """Refuse a request that says of an entitlement what is not so; a null says nothing."""
    for field, fact in facts.items():
        if getattr(wanted, field) not in (fact, None):
            raise NotFound(f"there is no such entitlement: its {field} is another one")
