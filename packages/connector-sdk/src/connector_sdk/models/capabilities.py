"""The names of the standard capabilities."""

from enum import Enum


class StandardCapabilityName(str, Enum):
    """Names that every platform knows (contract, section 1); a connector has some of them."""

    INFO = "info"
    CONNECTED_INFO = "connected_info"
    ACTIVATE_ACCOUNT = "activate_account"
    ASSIGN_ENTITLEMENT = "assign_entitlement"
    CREATE_ACCOUNT = "create_account"
    DEACTIVATE_ACCOUNT = "deactivate_account"
    DELETE_ACCOUNT = "delete_account"
    FIND_ENTITLEMENT_ASSOCIATIONS = "find_entitlement_associations"
    GET_AUTHORIZATION_URL = "get_authorization_url"
    GET_LAST_ACTIVITY = "get_last_activity"
    HANDLE_AUTHORIZATION_CALLBACK = "handle_authorization_callback"
    HANDLE_CLIENT_CREDENTIALS_REQUEST = "handle_client_credentials_request"
    LIST_ACCOUNTS = "list_accounts"
    LIST_CUSTOM_ATTRIBUTES_SCHEMA = "list_custom_attributes_schema"
    LIST_ENTITLEMENTS = "list_entitlements"
    LIST_RESOURCES = "list_resources"
    REFRESH_ACCESS_TOKEN = "refresh_access_token"
    UNASSIGN_ENTITLEMENT = "unassign_entitlement"
    VALIDATE_CREDENTIALS = "validate_credentials"
