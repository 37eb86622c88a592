"""The declaration of the connector, and which function does what."""

from connector_sdk import DefaultHandler, DescriptionData, Integration
from connector_sdk.models import AppCategory, BasicCredential, ErrorCode, StandardCapabilityName
from mock_connector import __version__
from mock_connector.access_types import ENTITLEMENT_TYPES, RESOURCE_TYPES
from mock_connector.capabilities_read import (
    find_entitlement_associations,
    get_last_activity,
    list_accounts,
    list_custom_attributes_schema,
    list_entitlements,
    list_resources,
    validate_credentials,
)
from mock_connector.capabilities_write import (
    activate_account,
    assign_entitlement,
    create_account,
    deactivate_account,
    delete_account,
    unassign_entitlement,
)
from mock_connector.refusals import NotAllowed, NotFound
from mock_connector.settings import MockSettings

integration = Integration(
    app_id="mock",
    version=__version__,
    auth=BasicCredential,
    settings_model=MockSettings,
    exception_handlers=[
        (NotFound, DefaultHandler, ErrorCode.NOT_FOUND),
        (NotAllowed, DefaultHandler, ErrorCode.BAD_REQUEST),
    ],
    description_data=DescriptionData(
        user_friendly_name="Mock",
        description="An imaginary company, to try a platform with, and to learn from.",
        categories=[AppCategory.DEVELOPERS],
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
