"""The capabilities that tell what is in the company."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from connector_sdk import get_page
from connector_sdk.models import (
    AuthenticatedRequest,
    CustomAttributeCustomizedType,
    CustomAttributeSchema,
    CustomAttributeType,
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
    FoundAccountData,
    FoundEntitlementAssociation,
    FoundEntitlementData,
    FoundResourceData,
    GetLastActivityRequest,
    GetLastActivityResponse,
    LastActivityData,
    ListAccountsRequest,
    ListAccountsResponse,
    ListCustomAttributesSchemaRequest,
    ListCustomAttributesSchemaResponse,
    ListEntitlementsRequest,
    ListEntitlementsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
    StandardCapabilityName,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from mock_connector.pagination import take_page
from mock_connector.records import Account, Activity, Entitlement, Grant, Resource
from mock_connector.sign_in import check_credentials, sign_in

TENANT_ID = "mock-connector-tenant-id"
"""The ID of every tenant. A real connector returns the one that its app has for the tenant."""

CUSTOM_ATTRIBUTES = {
    "department": CustomAttributeType.STRING,
    "job_title": CustomAttributeType.STRING,
    "manager_id": CustomAttributeType.USER,
}
"""What accounts have beside the standard fields; each name is a field of `Account`."""


async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Say that the credentials are good, and whose they are."""
    check_credentials(args)
    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=TENANT_ID)
    )


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the accounts, with those of the requested custom attributes that the company has."""
    accounts, next_page = take_page(
        sign_in(args).accounts(),
        get_page(args),
        capability=StandardCapabilityName.LIST_ACCOUNTS,
        key=lambda account: (account.id,),
    )
    return ListAccountsResponse(
        response=[_found_account(each, args.request.custom_attributes) for each in accounts],
        raw_data=_raw_data(args, accounts),
        page=next_page,
    )


async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
    """List the resources; one that lies within another names it in `extra_data.parent_id`."""
    resources, next_page = take_page(
        sign_in(args).resources(),
        get_page(args),
        capability=StandardCapabilityName.LIST_RESOURCES,
        key=lambda resource: (resource.id,),
    )
    return ListResourcesResponse(
        response=[_found_resource(each) for each in resources],
        raw_data=_raw_data(args, resources),
        page=next_page,
    )


async def list_entitlements(args: ListEntitlementsRequest) -> ListEntitlementsResponse:
    """List what can be held on the resources."""
    entitlements, next_page = take_page(
        sign_in(args).entitlements(),
        get_page(args),
        capability=StandardCapabilityName.LIST_ENTITLEMENTS,
        key=lambda entitlement: (entitlement.id,),
    )
    return ListEntitlementsResponse(
        response=[_found_entitlement(each) for each in entitlements],
        raw_data=_raw_data(args, entitlements),
        page=next_page,
    )


async def find_entitlement_associations(
    args: FindEntitlementAssociationsRequest,
) -> FindEntitlementAssociationsResponse:
    """List who holds what."""
    grants, next_page = take_page(
        sign_in(args).grants(),
        get_page(args),
        capability=StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS,
        key=tuple,
    )
    return FindEntitlementAssociationsResponse(
        response=[_found_association(each) for each in grants],
        raw_data=_raw_data(args, grants),
        page=next_page,
    )


async def get_last_activity(args: GetLastActivityRequest) -> GetLastActivityResponse:
    """List when accounts were last used; one that is unknown or was never used has no item."""
    wanted = set(args.request.account_ids)
    activities, next_page = take_page(
        [
            activity
            for account in sign_in(args).accounts()
            if account.id in wanted
            for activity in account.activities()
        ],
        get_page(args),
        capability=StandardCapabilityName.GET_LAST_ACTIVITY,
        key=lambda activity: (activity.account_id, activity.event_type.value),
    )
    return GetLastActivityResponse(
        response=[_found_activity(each) for each in activities],
        raw_data=_raw_data(args, activities),
        page=next_page,
    )


async def list_custom_attributes_schema(
    args: ListCustomAttributesSchemaRequest,
) -> ListCustomAttributesSchemaResponse:
    """List the custom attributes that `list_accounts` can be asked for."""
    check_credentials(args)
    return ListCustomAttributesSchemaResponse(
        response=[
            CustomAttributeSchema(
                customized_type=CustomAttributeCustomizedType.ACCOUNT,
                name=name,
                attribute_type=attribute_type,
            )
            for name, attribute_type in CUSTOM_ATTRIBUTES.items()
        ]
    )


def _raw_data(
    args: AuthenticatedRequest, records: Sequence[NamedTuple]
) -> list[dict[str, Any]] | None:
    """Return the records as the company keeps them, if the request asks for that."""
    return [each._asdict() for each in records] if args.include_raw_data else None


def _found_account(account: Account, custom_attributes: list[str] | None) -> FoundAccountData:
    return FoundAccountData(
        integration_specific_id=account.id,
        email=account.email,
        given_name=account.given_name,
        family_name=account.family_name,
        username=account.username,
        user_status=account.status,
        extra_data=account.extra_data,
        custom_attributes=_custom_attributes(account, custom_attributes),
        account_type=account.account_type,
    )


def _custom_attributes(account: Account, names: list[str] | None) -> dict[str, str] | None:
    """Return the attributes of these names; those that the account lacks are left out."""
    if names is None:
        return None

    values = {name: getattr(account, name) for name in CUSTOM_ATTRIBUTES if name in names}
    return {name: value for name, value in values.items() if value is not None}


def _found_resource(resource: Resource) -> FoundResourceData:
    return FoundResourceData(
        integration_specific_id=resource.id,
        label=resource.label,
        resource_type=resource.type_id,
        extra_data={"parent_id": resource.parent_id} if resource.parent_id else None,
    )


def _found_entitlement(entitlement: Entitlement) -> FoundEntitlementData:
    return FoundEntitlementData(
        entitlement_type=entitlement.type_id,
        integration_specific_id=entitlement.id,
        integration_specific_resource_id=entitlement.resource_id,
        is_assignable=entitlement.is_assignable,
        label=entitlement.label,
    )


def _found_association(grant: Grant) -> FoundEntitlementAssociation:
    return FoundEntitlementAssociation(
        account_id=grant.account_id,
        integration_specific_entitlement_id=grant.entitlement_id,
        integration_specific_resource_id=grant.resource_id,
    )


def _found_activity(activity: Activity) -> LastActivityData:
    return LastActivityData(
        account_id=activity.account_id,
        event_type=activity.event_type.value,
        happened_at=activity.happened_at.isoformat(),
    )
