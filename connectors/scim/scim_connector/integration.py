"""The declaration of the connector, and which function does what."""

import httpx

from connector_oauth import OAuthFlowType, OAuthSettings
from connector_sdk import (
    AuthRequest,
    ConnectorError,
    DefaultHandler,
    DescriptionData,
    Integration,
    MissingExtraError,
    get_settings,
)
from connector_sdk.models import AppCategory, ErrorCode, StandardCapabilityName
from scim_connector import __version__
from scim_connector.access_types import ENTITLEMENT_TYPES, RESOURCE_TYPES
from scim_connector.capabilities_read import (
    find_entitlement_associations,
    get_last_activity,
    list_accounts,
    list_custom_attributes_schema,
    list_entitlements,
    list_resources,
    validate_credentials,
)
from scim_connector.capabilities_write import (
    activate_account,
    assign_entitlement,
    create_account,
    deactivate_account,
    delete_account,
    unassign_entitlement,
)
from scim_connector.conformance import check_conformance
from scim_connector.refusals import ScimRefusal
from scim_connector.settings import ScimSettings
from scim_connector.sign_in import CREDENTIALS


def _token_url(args: AuthRequest) -> str:
    token_url = get_settings(args, ScimSettings).token_url
    if token_url is None:
        raise ConnectorError(
            message="settings.token_url is required for the credential oauth",
            error_code=ErrorCode.INTEGRATION_MISSING_PARAMETER,
        )

    return token_url


integration = Integration(
    app_id="scim",
    version=__version__,
    credentials=CREDENTIALS,
    oauth_settings=OAuthSettings(token_url=_token_url, flow_type=OAuthFlowType.CLIENT_CREDENTIALS),
    settings_model=ScimSettings,
    exception_handlers=[
        (httpx.HTTPStatusError, ScimRefusal, None),
        (MissingExtraError, DefaultHandler, ErrorCode.UNSUPPORTED_OPERATION),
    ],
    description_data=DescriptionData(
        user_friendly_name="SCIM 2.0",
        description="Accounts and access of any service that speaks SCIM 2.0.",
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

integration.register_custom_capability(
    "check_conformance",
    description="Say in what the service deviates from RFC 7643, and which profile fits.",
)(check_conformance)
