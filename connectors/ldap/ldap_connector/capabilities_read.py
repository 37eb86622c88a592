"""The capabilities that tell what is in the directory.

They are plain functions: the library waits for the server, so each call has a thread of its own.
"""

from collections.abc import Iterable
from typing import Any

from connector_sdk import ConnectorError, get_settings
from connector_sdk.models import (
    ActivityEventType,
    AuthenticatedRequest,
    CustomAttributeCustomizedType,
    CustomAttributeSchema,
    CustomAttributeType,
    ErrorCode,
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
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
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from ldap_connector.accounts import account_attributes, account_of
from ldap_connector.activity import last_login
from ldap_connector.associations import association_attributes, associations_of, read_groups
from ldap_connector.directory import Directory
from ldap_connector.entries import Entry
from ldap_connector.groups import entitlement_of, group_attributes, resource_of
from ldap_connector.settings import LdapSettings
from ldap_connector.windows import Windows


def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Say that the directory takes the credential; the tenant's id is that of the base entry."""
    with Directory(args) as directory:
        base = directory.read(directory.settings.base_dn, [directory.profile.id_attribute])
        if base is None:
            raise ConnectorError(
                message="settings.base_dn: there is no such entry, or the user of the credential"
                " may not see it",
                error_code=ErrorCode.NOT_FOUND,
            )

        tenant_id = base.id(directory.profile)

    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=tenant_id)
    )


def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the accounts."""
    with Directory(args) as directory:
        settings = directory.settings
        wanted = args.request.custom_attributes
        custom = None if wanted is None else [n for n in wanted if n in settings.custom_attributes]
        accounts, page = Windows(
            directory, args, name="accounts", condition=settings.accounts
        ).read([*account_attributes(settings), *(custom or ())])

    return ListAccountsResponse(
        response=[account_of(each, settings, custom) for each in accounts],
        raw_data=_raw_data(args, accounts),
        page=page,
    )


def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
    """List the groups."""
    with Directory(args) as directory:
        settings = directory.settings
        groups, page = Windows(directory, args, name="resources", condition=settings.groups).read(
            group_attributes(settings)
        )

    return ListResourcesResponse(
        response=[resource_of(each, settings) for each in groups],
        raw_data=_raw_data(args, groups),
        page=page,
    )


def list_entitlements(args: ListEntitlementsRequest) -> ListEntitlementsResponse:
    """List what can be held: the membership of each group."""
    with Directory(args) as directory:
        settings = directory.settings
        groups, page = Windows(
            directory, args, name="entitlements", condition=settings.groups
        ).read(group_attributes(settings))

    return ListEntitlementsResponse(
        response=[entitlement_of(each, settings) for each in groups],
        raw_data=_raw_data(args, groups),
        page=page,
    )


def find_entitlement_associations(
    args: FindEntitlementAssociationsRequest,
) -> FindEntitlementAssociationsResponse:
    """List who is in which group; a page has the memberships of so many accounts."""
    with Directory(args) as directory:
        settings = directory.settings
        accounts, page = Windows(
            directory, args, name="associations", condition=settings.accounts
        ).read(association_attributes(settings))
        groups = read_groups(directory)

    return FindEntitlementAssociationsResponse(
        response=list(associations_of(accounts, groups, settings)),
        raw_data=_raw_data(args, accounts),
        page=page,
    )


def get_last_activity(args: GetLastActivityRequest) -> GetLastActivityResponse:
    """List when accounts last signed in; one that is unknown or never did has no item."""
    with Directory(args) as directory:
        profile = directory.profile
        attributes = [profile.id_attribute, *profile.last_login]
        wanted = list(dict.fromkeys(args.request.account_ids))
        found = list(directory.find_all(wanted, directory.settings.accounts, attributes))

    times = [(entry.id(profile), last_login(entry, profile)) for entry in found]
    return GetLastActivityResponse(
        response=[
            LastActivityData(
                account_id=account_id,
                event_type=ActivityEventType.LAST_LOGIN.value,
                happened_at=time.isoformat(),
            )
            for account_id, time in times
            if time is not None
        ],
        raw_data=_raw_data(args, found),
    )


def list_custom_attributes_schema(
    args: ListCustomAttributesSchemaRequest,
) -> ListCustomAttributesSchemaResponse:
    """List the attributes that the settings name."""
    return ListCustomAttributesSchemaResponse(
        response=[
            CustomAttributeSchema(
                customized_type=CustomAttributeCustomizedType.ACCOUNT,
                name=name,
                attribute_type=CustomAttributeType.STRING,
            )
            for name in get_settings(args, LdapSettings).custom_attributes
        ]
    )


def _raw_data(args: AuthenticatedRequest, entries: Iterable[Entry]) -> list[dict[str, Any]] | None:
    """Return the entries as they were read, if the request asks for that."""
    if not args.include_raw_data:
        return None

    return [
        {
            "dn": each.dn,
            **{name: [_text(value) for value in values] for name, values in each.values.items()},
        }
        for each in entries
    ]


def _text(value: bytes) -> str:
    """Return a value as JSON can have it: bytes that are no text in base64, as in LDIF."""
    from base64 import b64encode

    try:
        return value.decode()
    except UnicodeDecodeError:
        return b64encode(value).decode()
