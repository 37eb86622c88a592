"""The capabilities that tell what is in the service."""

from typing import Any

from connector_sdk import ConnectorError, get_settings
from connector_sdk.models import (
    AuthenticatedRequest,
    ErrorCode,
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
    FoundAccountData,
    FoundEntitlementData,
    FoundResourceData,
    GetLastActivityRequest,
    GetLastActivityResponse,
    ListAccountsRequest,
    ListAccountsResponse,
    ListCustomAttributesSchemaRequest,
    ListCustomAttributesSchemaResponse,
    ListEntitlementsRequest,
    ListEntitlementsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from scim_connector.access_types import GROUP, MEMBERSHIP, SERVICE, SERVICE_ID
from scim_connector.activity import last_logins
from scim_connector.associations import AssociationPlace, Associations
from scim_connector.attributes import attribute_values, list_attributes
from scim_connector.client import ScimClient
from scim_connector.lists import (
    RESOURCE_TYPE_NAMES,
    Value,
    groups,
    read_groups,
    resource_types,
    users,
    value_of,
    values_on_users,
)
from scim_connector.pages import Listing, Place
from scim_connector.resources import Resource, main_email, status_of, text_at
from scim_connector.settings import LARGEST_PAGE, ScimSettings
from scim_connector.tokens import Lists

EXTRA_DATA = {
    "created": "meta.created",
    "display_name": "displayName",
    "external_id": "externalId",
    "last_modified": "meta.lastModified",
    "title": "title",
    "user_type": "userType",
}
"""What an account's `extra_data` tells, and the attribute that has it."""


async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Say that the service takes the credential.

    A service may show its configuration to everybody (RFC 7644, section 4), so one user is asked
    for, too.
    """
    async with ScimClient(args) as client:
        await client.service_provider_config()
        await users(client).read(Place(), 1)
        tenant_id = client.settings.tenant_id

    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=tenant_id)
    )


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the users."""
    lists = Lists(args, ["accounts"], Place)
    async with ScimClient(args) as client:
        found = await users(client).read(lists.place, lists.size)

    names = args.request.custom_attributes
    return ListAccountsResponse(
        response=[_found_account(each, names) for each in found.resources],
        raw_data=_raw(args, found.resources),
        page=lists.next_page(found.following),
    )


async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
    """List the groups; with roles and entitlements, the service as a whole is a resource, too."""
    lists = Lists(args, ["resources.groups"], Place)
    async with ScimClient(args) as client:
        found = await read_groups(groups(client), lists.place, lists.size)

    resources = [_found_group(each) for each in found.resources]
    settings = get_settings(args, ScimSettings)
    if settings.roles_and_entitlements and found.following is None:
        service = FoundResourceData(
            integration_specific_id=SERVICE_ID,
            label=settings.tenant_id,
            resource_type=SERVICE.type_id,
        )
        resources.append(service)

    return ListResourcesResponse(
        response=resources,
        raw_data=_raw(args, found.resources),
        page=lists.next_page(found.following),
    )


async def list_entitlements(args: ListEntitlementsRequest) -> ListEntitlementsResponse:
    """List the membership that each group gives, and the service's roles and entitlements."""
    names = ["entitlements.membership"]
    if get_settings(args, ScimSettings).roles_and_entitlements:
        names += ["entitlements.role", "entitlements.entitlement"]

    lists = Lists(args, names, Place)
    kind = lists.name.rpartition(".")[2]
    async with ScimClient(args) as client:
        if kind == MEMBERSHIP.type_id:
            found = await read_groups(groups(client), lists.place, lists.size)
            return ListEntitlementsResponse(
                response=[_found_membership(each) for each in found.resources],
                raw_data=_raw(args, found.resources),
                page=lists.next_page(found.following),
            )

        values, following = await _read_values(client, kind, lists)

    return ListEntitlementsResponse(
        response=[_found_value(each, kind) for each in values],
        raw_data=_raw(args, [each.raw for each in values]),
        page=lists.next_page(following),
    )


async def find_entitlement_associations(
    args: FindEntitlementAssociationsRequest,
) -> FindEntitlementAssociationsResponse:
    """List who is in which group, and who has which role and entitlement."""
    async with ScimClient(args) as client:
        lists = Lists(args, ["associations"], AssociationPlace, default_size=LARGEST_PAGE)
        found = await Associations(client, lists.size).read(lists.place)

    return FindEntitlementAssociationsResponse(
        response=found.associations,
        raw_data=_raw(args, found.raw),
        page=lists.next_page(found.following),
    )


async def list_custom_attributes_schema(
    args: ListCustomAttributesSchemaRequest,
) -> ListCustomAttributesSchemaResponse:
    """List the attributes of users that no field of an account has, extensions' included."""
    async with ScimClient(args) as client:
        found, raw = await list_attributes(client)

    return ListCustomAttributesSchemaResponse(response=found, raw_data=_raw(args, raw))


async def get_last_activity(args: GetLastActivityRequest) -> GetLastActivityResponse:
    """List when accounts signed in last, by the attribute that the settings name."""
    path = get_settings(args, ScimSettings).last_login_attribute
    if path is None:
        raise ConnectorError(
            message="settings.last_login_attribute is required: SCIM itself has no attribute for"
            " the last login, so say which of this service's has it",
            error_code=ErrorCode.INTEGRATION_MISSING_PARAMETER,
        )

    async with ScimClient(args) as client:
        found, raw = await last_logins(client, args.request.account_ids, path)

    return GetLastActivityResponse(response=found, raw_data=_raw(args, raw))


async def _read_values(
    client: ScimClient, kind: str, lists: Lists[Place]
) -> tuple[list[Value], Place | None]:
    """Read roles or entitlements from the endpoint that the service has for them, else of users."""
    endpoint = (await resource_types(client)).get(RESOURCE_TYPE_NAMES[kind])
    if endpoint is None:
        return await values_on_users(client, kind), None

    listing = Listing(client=client, endpoint=endpoint, params={})
    found = await listing.read(lists.place, lists.size)
    return [value_of(each) for each in found.resources], found.following


def _raw(args: AuthenticatedRequest, resources: list[Resource]) -> list[Resource] | None:
    """Return the resources as the service gave them, if the request asks for that."""
    return resources if args.include_raw_data else None


def _found_account(user: Resource, custom_attributes: list[str] | None) -> FoundAccountData:
    extra_data: dict[str, Any] = {
        key: value for key, path in EXTRA_DATA.items() if (value := text_at(user, path))
    }
    return FoundAccountData(
        integration_specific_id=user["id"],
        email=main_email(user),
        given_name=text_at(user, "name.givenName"),
        family_name=text_at(user, "name.familyName"),
        username=text_at(user, "userName"),
        user_status=status_of(user),
        extra_data=extra_data or None,
        custom_attributes=attribute_values(user, custom_attributes),
    )


def _found_group(group: Resource) -> FoundResourceData:
    return FoundResourceData(
        integration_specific_id=group["id"], label=_label(group), resource_type=GROUP.type_id
    )


def _found_membership(group: Resource) -> FoundEntitlementData:
    # A group gives one entitlement, its membership, so both go by the group's id.
    return FoundEntitlementData(
        entitlement_type=MEMBERSHIP.type_id,
        integration_specific_id=group["id"],
        integration_specific_resource_id=group["id"],
        label=f"Member of {_label(group)}",
    )


def _found_value(value: Value, kind: str) -> FoundEntitlementData:
    return FoundEntitlementData(
        entitlement_type=kind,
        integration_specific_id=value.value,
        integration_specific_resource_id=SERVICE_ID,
        label=value.label,
    )


def _label(group: Resource) -> str:
    return text_at(group, "displayName") or str(group["id"])
