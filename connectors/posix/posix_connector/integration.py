"""The connector: what it declares, and its capabilities, each of which reads and returns a page."""

from datetime import UTC, datetime

from connector_sdk import DescriptionData, Integration, Request, get_page, get_settings
from connector_sdk.models import (
    AppCategory,
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
    GetLastActivityRequest,
    GetLastActivityResponse,
    ListAccountsRequest,
    ListAccountsResponse,
    ListEntitlementsRequest,
    ListEntitlementsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
    StandardCapabilityName,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from posix_connector import __version__
from posix_connector.accounts import accounts, first_person_uid
from posix_connector.activity import last_activity
from posix_connector.entitlements import (
    ENTITLEMENT_TYPES,
    RESOURCE_TYPES,
    associations,
    entitlements,
    resources,
)
from posix_connector.groups import members_by_group, read_groups
from posix_connector.machine import host_name, tenant_id
from posix_connector.paging import one_page
from posix_connector.root import Root, open_root
from posix_connector.settings import PosixSettings
from posix_connector.shadow import read_shadow
from posix_connector.sudo.rights import read_sudo_rights
from posix_connector.users import read_users

integration = Integration(
    app_id="posix",
    version=__version__,
    exception_handlers=[],
    settings_model=PosixSettings,
    resource_types=RESOURCE_TYPES,
    entitlement_types=ENTITLEMENT_TYPES,
    description_data=DescriptionData(
        user_friendly_name="Unix machine",
        categories=[AppCategory.IT_AND_SECURITY],
        description="Accounts, groups and sudo rights of a Unix machine, or of its mounted image.",
    ),
)


@integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Whether the users and groups of the machine can be read, and which machine it is."""
    root = _root(args)
    read_users(root)
    read_groups(root)
    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=tenant_id(root)),
    )


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """The users of the machine."""
    root = _root(args)
    found = accounts(
        read_users(root),
        shadow=read_shadow(root),
        first_person=first_person_uid(root),
        today=datetime.now(UTC).date(),  # shadow(5) counts days in UTC
    )
    items, next_page = one_page(
        found,
        key=lambda account: (account.integration_specific_id,),
        page=get_page(args),
        capability=StandardCapabilityName.LIST_ACCOUNTS,
    )
    return ListAccountsResponse(response=items, page=next_page)


@integration.register_capability(StandardCapabilityName.LIST_RESOURCES)
def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
    """The groups, and the machine itself."""
    root = _root(args)
    groups = read_groups(root)
    rights = read_sudo_rights(root, users=read_users(root), groups=groups)
    items, next_page = one_page(
        resources(groups, machine=host_name(root), rights=rights),
        key=lambda resource: (resource.resource_type, resource.integration_specific_id),
        page=get_page(args),
        capability=StandardCapabilityName.LIST_RESOURCES,
    )
    return ListResourcesResponse(response=items, page=next_page)


@integration.register_capability(StandardCapabilityName.LIST_ENTITLEMENTS)
def list_entitlements(args: ListEntitlementsRequest) -> ListEntitlementsResponse:
    """Membership in each group, and the sudo rights on the machine."""
    root = _root(args)
    groups = read_groups(root)
    rights = read_sudo_rights(root, users=read_users(root), groups=groups)
    items, next_page = one_page(
        entitlements(groups, rights=rights),
        key=lambda entitlement: (
            entitlement.entitlement_type,
            entitlement.integration_specific_resource_id,
            entitlement.integration_specific_id,
        ),
        page=get_page(args),
        capability=StandardCapabilityName.LIST_ENTITLEMENTS,
    )
    return ListEntitlementsResponse(response=items, page=next_page)


@integration.register_capability(StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS)
def find_entitlement_associations(
    args: FindEntitlementAssociationsRequest,
) -> FindEntitlementAssociationsResponse:
    """Who is a member of which group, and who holds which sudo right."""
    root = _root(args)
    users = read_users(root)
    groups = read_groups(root)
    items, next_page = one_page(
        associations(
            members_by_group(groups, users),
            rights=read_sudo_rights(root, users=users, groups=groups),
        ),
        key=lambda association: (
            association.account_id,
            association.integration_specific_resource_id,
            association.integration_specific_entitlement_id,
        ),
        page=get_page(args),
        capability=StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS,
    )
    return FindEntitlementAssociationsResponse(response=items, page=next_page)


@integration.register_capability(StandardCapabilityName.GET_LAST_ACTIVITY)
def get_last_activity(args: GetLastActivityRequest) -> GetLastActivityResponse:
    """When the accounts that are asked for last signed in, as far as the machine recorded it."""
    root = _root(args)
    asked_for = set(args.request.account_ids)
    users = [user for user in read_users(root) if user.name in asked_for]
    items, next_page = one_page(
        last_activity(root, users),
        key=lambda activity: (activity.account_id,),
        page=get_page(args),
        capability=StandardCapabilityName.GET_LAST_ACTIVITY,
    )
    return GetLastActivityResponse(response=items, page=next_page)


def _root(args: Request) -> Root:
    return open_root(get_settings(args, PosixSettings).root)
