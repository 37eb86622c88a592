"""The declaration of the connector, and which function does what."""

import httpx
from pydantic import ValidationError

from connector_oauth import OAuthSettings
from connector_sdk import DefaultHandler, DescriptionData, HTTPHandler, Integration
from connector_sdk.models import AppCategory, ErrorCode, OAuthCredential, StandardCapabilityName
from demo_connector import __version__
from demo_connector.access_types import ENTITLEMENT_TYPES, RESOURCE_TYPES
from demo_connector.capabilities_read import (
    find_entitlement_associations,
    list_accounts,
    list_entitlements,
    list_resources,
    validate_credentials,
)
from demo_connector.capabilities_write import assign_entitlement, unassign_entitlement
from demo_connector.client import BASE_URL
from demo_connector.settings import DemoSettings

integration = Integration(
    app_id="demo",
    version=__version__,
    auth=OAuthCredential,
    oauth_settings=OAuthSettings(
        authorization_url=f"{BASE_URL}/oauth/authorize",
        token_url=f"{BASE_URL}/oauth/token",
        scopes={
            StandardCapabilityName.LIST_ACCOUNTS: "users:read",
            StandardCapabilityName.LIST_RESOURCES: "groups:read",
            StandardCapabilityName.LIST_ENTITLEMENTS: "groups:read",
            StandardCapabilityName.FIND_ENTITLEMENT_ASSOCIATIONS: "memberships:read",
            StandardCapabilityName.ASSIGN_ENTITLEMENT: "memberships:write",
            StandardCapabilityName.UNASSIGN_ENTITLEMENT: "memberships:write",
        },
        pkce=True,
    ),
    settings_model=DemoSettings,
    exception_handlers=[
        (httpx.HTTPStatusError, HTTPHandler, None),
        (ValidationError, DefaultHandler, ErrorCode.INVALID_RESPONSE),
    ],
    description_data=DescriptionData(
        user_friendly_name="Demo",
        description="Read and change who has access to what in Demo.",
        categories=[AppCategory.OTHER],
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
        StandardCapabilityName.ASSIGN_ENTITLEMENT: assign_entitlement,
        StandardCapabilityName.UNASSIGN_ENTITLEMENT: unassign_entitlement,
        # To switch one on, write its function and a case, and take its line out of the comment:
        # StandardCapabilityName.GET_LAST_ACTIVITY: get_last_activity,
        # StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA: list_custom_attributes_schema,
        # StandardCapabilityName.CREATE_ACCOUNT: create_account,
        # StandardCapabilityName.ACTIVATE_ACCOUNT: activate_account,
        # StandardCapabilityName.DEACTIVATE_ACCOUNT: deactivate_account,
        # StandardCapabilityName.DELETE_ACCOUNT: delete_account,
    }
)
