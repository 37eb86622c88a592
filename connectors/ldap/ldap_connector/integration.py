"""The declaration of the connector, and which function does what."""

from connector_sdk import DescriptionData, Integration
from connector_sdk.models import AppCategory, BasicCredential, StandardCapabilityName
from ldap_connector import __version__
from ldap_connector.access_types import ENTITLEMENT_TYPES, RESOURCE_TYPES
from ldap_connector.capabilities_read import (
    find_entitlement_associations,
    get_last_activity,
    list_accounts,
    list_custom_attributes_schema,
    list_entitlements,
    list_resources,
    validate_credentials,
)
from ldap_connector.capabilities_write import (
    activate_account,
    assign_entitlement,
    create_account,
    deactivate_account,
    delete_account,
    unassign_entitlement,
)
from ldap_connector.settings import LdapSettings

integration = Integration(
    app_id="ldap",
    version=__version__,
    auth=BasicCredential,
    settings_model=LdapSettings,
    exception_handlers=[],
    description_data=DescriptionData(
        user_friendly_name="LDAP",
        description="Accounts and groups of an LDAP directory: OpenLDAP or Active Directory.",
        categories=[AppCategory.IT_AND_SECURITY],
    ),
    resource_types=RESOURCE_TYPES,
    entitlement_types=ENTITLEMENT_TYPES,
)

integration.register_capabilities(
    {
        StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials,
        StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
        StandardCapabilityName.LIST_RESOURCES: list_resources,
        StandardCapabilityName.LIST_ENTITLEMENTS: list_entitlements,
        StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: find_entitlement_associations,
        StandardCapabilityName.GET_LAST_ACTIVITY: get_last_activity,
        StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA: list_custom_attributes_schema,
        StandardCapabilityName.CREATE_ACCOUNT: create_account,
        StandardCapabilityName.ACTIVATE_ACCOUNT: activate_account,
        StandardCapabilityName.DEACTIVATE_ACCOUNT: deactivate_account,
        StandardCapabilityName.DELETE_ACCOUNT: delete_account,
        StandardCapabilityName.ASSIGN_ENTITLEMENT: assign_entitlement,
        StandardCapabilityName.UNASSIGN_ENTITLEMENT: unassign_entitlement,
    }
)
