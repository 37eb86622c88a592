"""The capabilities that tell what is in the app."""

from connector_sdk import get_page
from connector_sdk.models import (
    AccountStatus,
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
    FoundAccountData,
    FoundEntitlementAssociation,
    FoundEntitlementData,
    FoundResourceData,
    ListAccountsRequest,
    ListAccountsResponse,
    ListEntitlementsRequest,
    ListEntitlementsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from demo_connector.access_types import GROUP, MEMBERSHIP
from demo_connector.client import DemoClient, Group, Membership, User


async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Ask the app whose the credentials are."""
    async with DemoClient(args) as client:
        tenant = await client.tenant()

    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=tenant.id)
    )


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the accounts."""
    async with DemoClient(args) as client:
        found = await client.users(get_page(args))

    return ListAccountsResponse(
        response=[_found_account(each) for each in found.records],
        raw_data=found.raw if args.include_raw_data else None,
        page=found.next_page,
    )


async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
    """List the groups."""
    async with DemoClient(args) as client:
        found = await client.groups(get_page(args))

    return ListResourcesResponse(
        response=[_found_resource(each) for each in found.records],
        raw_data=found.raw if args.include_raw_data else None,
        page=found.next_page,
    )


async def list_entitlements(args: ListEntitlementsRequest) -> ListEntitlementsResponse:
    """List the membership that each group gives."""
    async with DemoClient(args) as client:
        found = await client.groups(get_page(args))

    return ListEntitlementsResponse(
        response=[_found_entitlement(each) for each in found.records],
        raw_data=found.raw if args.include_raw_data else None,
        page=found.next_page,
    )


async def find_entitlement_associations(
    args: FindEntitlementAssociationsRequest,
) -> FindEntitlementAssociationsResponse:
    """List who is a member of which group."""
    async with DemoClient(args) as client:
        found = await client.memberships(get_page(args))

    return FindEntitlementAssociationsResponse(
        response=[_found_association(each) for each in found.records],
        raw_data=found.raw if args.include_raw_data else None,
        page=found.next_page,
    )


def _found_account(user: User) -> FoundAccountData:
    return FoundAccountData(
        integration_specific_id=user.id,
        email=user.email,
        given_name=user.given_name,
        family_name=user.family_name,
        user_status=AccountStatus.ACTIVE if user.active else AccountStatus.INACTIVE,
    )


def _found_resource(group: Group) -> FoundResourceData:
    return FoundResourceData(
        integration_specific_id=group.id, label=group.name, resource_type=GROUP.type_id
    )


def _found_entitlement(group: Group) -> FoundEntitlementData:
    # A group gives one entitlement, its membership, so both go by the group's id.
    return FoundEntitlementData(
        entitlement_type=MEMBERSHIP.type_id,
        integration_specific_id=group.id,
        integration_specific_resource_id=group.id,
        label=f"Member of {group.name}",
    )


def _found_association(membership: Membership) -> FoundEntitlementAssociation:
    return FoundEntitlementAssociation(
        account_id=membership.user_id,
        integration_specific_entitlement_id=membership.group_id,
        integration_specific_resource_id=membership.group_id,
    )
