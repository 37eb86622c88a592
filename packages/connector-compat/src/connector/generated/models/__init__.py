"""The models and enums of the contract, at their paths in the predecessor's API.

Names are imported on their first use. Made by tasks/generate_compat_models.py.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector.generated.models.account_status import AccountStatus
    from connector.generated.models.account_type import AccountType
    from connector.generated.models.activate_account import ActivateAccount
    from connector.generated.models.activate_account200_response import ActivateAccount200Response
    from connector.generated.models.activate_account_request import ActivateAccountRequest
    from connector.generated.models.activate_account_response import ActivateAccountResponse
    from connector.generated.models.activated_account import ActivatedAccount
    from connector.generated.models.activity_event_type import ActivityEventType
    from connector.generated.models.app_category import AppCategory
    from connector.generated.models.assign_entitlement import AssignEntitlement
    from connector.generated.models.assign_entitlement200_response import (
        AssignEntitlement200Response,
    )
    from connector.generated.models.assign_entitlement_request import AssignEntitlementRequest
    from connector.generated.models.assign_entitlement_response import AssignEntitlementResponse
    from connector.generated.models.assigned_entitlement import AssignedEntitlement
    from connector.generated.models.auth_credential import AuthCredential
    from connector.generated.models.auth_model import AuthModel
    from connector.generated.models.authorization_url import AuthorizationUrl
    from connector.generated.models.basic_credential import BasicCredential
    from connector.generated.models.capability_schema import CapabilitySchema
    from connector.generated.models.create_account import CreateAccount
    from connector.generated.models.create_account200_response import CreateAccount200Response
    from connector.generated.models.create_account_entitlement import CreateAccountEntitlement
    from connector.generated.models.create_account_request import CreateAccountRequest
    from connector.generated.models.create_account_response import CreateAccountResponse
    from connector.generated.models.created_account import CreatedAccount
    from connector.generated.models.credential_config import CredentialConfig
    from connector.generated.models.credential_config_input_model import CredentialConfigInputModel
    from connector.generated.models.custom_attribute_customized_type import (
        CustomAttributeCustomizedType,
    )
    from connector.generated.models.custom_attribute_schema import CustomAttributeSchema
    from connector.generated.models.custom_attribute_type import CustomAttributeType
    from connector.generated.models.deactivate_account import DeactivateAccount
    from connector.generated.models.deactivate_account200_response import (
        DeactivateAccount200Response,
    )
    from connector.generated.models.deactivate_account_request import DeactivateAccountRequest
    from connector.generated.models.deactivate_account_response import DeactivateAccountResponse
    from connector.generated.models.deactivated_account import DeactivatedAccount
    from connector.generated.models.delete_account import DeleteAccount
    from connector.generated.models.delete_account200_response import DeleteAccount200Response
    from connector.generated.models.delete_account_request import DeleteAccountRequest
    from connector.generated.models.delete_account_response import DeleteAccountResponse
    from connector.generated.models.deleted_account import DeletedAccount
    from connector.generated.models.entitlement_type import EntitlementType
    from connector.generated.models.error import Error
    from connector.generated.models.error_code import ErrorCode
    from connector.generated.models.error_response import ErrorResponse
    from connector.generated.models.find_entitlement_associations import FindEntitlementAssociations
    from connector.generated.models.find_entitlement_associations200_response import (
        FindEntitlementAssociations200Response,
    )
    from connector.generated.models.find_entitlement_associations_request import (
        FindEntitlementAssociationsRequest,
    )
    from connector.generated.models.find_entitlement_associations_response import (
        FindEntitlementAssociationsResponse,
    )
    from connector.generated.models.found_account_data import FoundAccountData
    from connector.generated.models.found_entitlement_association import FoundEntitlementAssociation
    from connector.generated.models.found_entitlement_data import FoundEntitlementData
    from connector.generated.models.found_resource_data import FoundResourceData
    from connector.generated.models.get_authorization_url import GetAuthorizationUrl
    from connector.generated.models.get_authorization_url200_response import (
        GetAuthorizationUrl200Response,
    )
    from connector.generated.models.get_authorization_url_request import GetAuthorizationUrlRequest
    from connector.generated.models.get_authorization_url_response import (
        GetAuthorizationUrlResponse,
    )
    from connector.generated.models.get_connected_info import GetConnectedInfo
    from connector.generated.models.get_connected_info200_response import (
        GetConnectedInfo200Response,
    )
    from connector.generated.models.get_connected_info_request import GetConnectedInfoRequest
    from connector.generated.models.get_connected_info_response import GetConnectedInfoResponse
    from connector.generated.models.get_last_activity import GetLastActivity
    from connector.generated.models.get_last_activity200_response import GetLastActivity200Response
    from connector.generated.models.get_last_activity_request import GetLastActivityRequest
    from connector.generated.models.get_last_activity_response import GetLastActivityResponse
    from connector.generated.models.handle_authorization_callback import HandleAuthorizationCallback
    from connector.generated.models.handle_authorization_callback200_response import (
        HandleAuthorizationCallback200Response,
    )
    from connector.generated.models.handle_authorization_callback_request import (
        HandleAuthorizationCallbackRequest,
    )
    from connector.generated.models.handle_authorization_callback_response import (
        HandleAuthorizationCallbackResponse,
    )
    from connector.generated.models.handle_client_credentials import HandleClientCredentials
    from connector.generated.models.handle_client_credentials_request import (
        HandleClientCredentialsRequest,
    )
    from connector.generated.models.handle_client_credentials_request200_response import (
        HandleClientCredentialsRequest200Response,
    )
    from connector.generated.models.handle_client_credentials_response import (
        HandleClientCredentialsResponse,
    )
    from connector.generated.models.info import Info
    from connector.generated.models.info200_response import Info200Response
    from connector.generated.models.info_response import InfoResponse
    from connector.generated.models.jwt_claims import JWTClaims
    from connector.generated.models.jwt_credential import JWTCredential
    from connector.generated.models.jwt_headers import JWTHeaders
    from connector.generated.models.last_activity_data import LastActivityData
    from connector.generated.models.list_accounts import ListAccounts
    from connector.generated.models.list_accounts200_response import ListAccounts200Response
    from connector.generated.models.list_accounts_request import ListAccountsRequest
    from connector.generated.models.list_accounts_response import ListAccountsResponse
    from connector.generated.models.list_connector_app_ids200_response import (
        ListConnectorAppIds200Response,
    )
    from connector.generated.models.list_custom_attributes_schema import ListCustomAttributesSchema
    from connector.generated.models.list_custom_attributes_schema200_response import (
        ListCustomAttributesSchema200Response,
    )
    from connector.generated.models.list_custom_attributes_schema_request import (
        ListCustomAttributesSchemaRequest,
    )
    from connector.generated.models.list_custom_attributes_schema_response import (
        ListCustomAttributesSchemaResponse,
    )
    from connector.generated.models.list_entitlements import ListEntitlements
    from connector.generated.models.list_entitlements200_response import ListEntitlements200Response
    from connector.generated.models.list_entitlements_request import ListEntitlementsRequest
    from connector.generated.models.list_entitlements_response import ListEntitlementsResponse
    from connector.generated.models.list_resources import ListResources
    from connector.generated.models.list_resources200_response import ListResources200Response
    from connector.generated.models.list_resources_request import ListResourcesRequest
    from connector.generated.models.list_resources_response import ListResourcesResponse
    from connector.generated.models.o_auth_client_credential import OAuthClientCredential
    from connector.generated.models.o_auth_credential import OAuthCredential
    from connector.generated.models.o_auth_scopes import OAuthScopes
    from connector.generated.models.oauth_credentials import OauthCredentials
    from connector.generated.models.page import Page
    from connector.generated.models.refresh_access_token import RefreshAccessToken
    from connector.generated.models.refresh_access_token200_response import (
        RefreshAccessToken200Response,
    )
    from connector.generated.models.refresh_access_token_request import RefreshAccessTokenRequest
    from connector.generated.models.refresh_access_token_response import RefreshAccessTokenResponse
    from connector.generated.models.resource_type import ResourceType
    from connector.generated.models.standard_capability_name import StandardCapabilityName
    from connector.generated.models.token_credential import TokenCredential
    from connector.generated.models.token_type import TokenType
    from connector.generated.models.unassign_entitlement import UnassignEntitlement
    from connector.generated.models.unassign_entitlement200_response import (
        UnassignEntitlement200Response,
    )
    from connector.generated.models.unassign_entitlement_request import UnassignEntitlementRequest
    from connector.generated.models.unassign_entitlement_response import UnassignEntitlementResponse
    from connector.generated.models.unassigned_entitlement import UnassignedEntitlement
    from connector.generated.models.validate_credentials import ValidateCredentials
    from connector.generated.models.validate_credentials200_response import (
        ValidateCredentials200Response,
    )
    from connector.generated.models.validate_credentials_request import ValidateCredentialsRequest
    from connector.generated.models.validate_credentials_response import ValidateCredentialsResponse
    from connector.generated.models.validated_credentials import ValidatedCredentials

_MODULE_OF = {
    "AccountStatus": "account_status",
    "AccountType": "account_type",
    "ActivateAccount": "activate_account",
    "ActivateAccount200Response": "activate_account200_response",
    "ActivateAccountRequest": "activate_account_request",
    "ActivateAccountResponse": "activate_account_response",
    "ActivatedAccount": "activated_account",
    "ActivityEventType": "activity_event_type",
    "AppCategory": "app_category",
    "AssignEntitlement": "assign_entitlement",
    "AssignEntitlement200Response": "assign_entitlement200_response",
    "AssignEntitlementRequest": "assign_entitlement_request",
    "AssignEntitlementResponse": "assign_entitlement_response",
    "AssignedEntitlement": "assigned_entitlement",
    "AuthCredential": "auth_credential",
    "AuthModel": "auth_model",
    "AuthorizationUrl": "authorization_url",
    "BasicCredential": "basic_credential",
    "CapabilitySchema": "capability_schema",
    "CreateAccount": "create_account",
    "CreateAccount200Response": "create_account200_response",
    "CreateAccountEntitlement": "create_account_entitlement",
    "CreateAccountRequest": "create_account_request",
    "CreateAccountResponse": "create_account_response",
    "CreatedAccount": "created_account",
    "CredentialConfig": "credential_config",
    "CredentialConfigInputModel": "credential_config_input_model",
    "CustomAttributeCustomizedType": "custom_attribute_customized_type",
    "CustomAttributeSchema": "custom_attribute_schema",
    "CustomAttributeType": "custom_attribute_type",
    "DeactivateAccount": "deactivate_account",
    "DeactivateAccount200Response": "deactivate_account200_response",
    "DeactivateAccountRequest": "deactivate_account_request",
    "DeactivateAccountResponse": "deactivate_account_response",
    "DeactivatedAccount": "deactivated_account",
    "DeleteAccount": "delete_account",
    "DeleteAccount200Response": "delete_account200_response",
    "DeleteAccountRequest": "delete_account_request",
    "DeleteAccountResponse": "delete_account_response",
    "DeletedAccount": "deleted_account",
    "EntitlementType": "entitlement_type",
    "Error": "error",
    "ErrorCode": "error_code",
    "ErrorResponse": "error_response",
    "FindEntitlementAssociations": "find_entitlement_associations",
    "FindEntitlementAssociations200Response": "find_entitlement_associations200_response",
    "FindEntitlementAssociationsRequest": "find_entitlement_associations_request",
    "FindEntitlementAssociationsResponse": "find_entitlement_associations_response",
    "FoundAccountData": "found_account_data",
    "FoundEntitlementAssociation": "found_entitlement_association",
    "FoundEntitlementData": "found_entitlement_data",
    "FoundResourceData": "found_resource_data",
    "GetAuthorizationUrl": "get_authorization_url",
    "GetAuthorizationUrl200Response": "get_authorization_url200_response",
    "GetAuthorizationUrlRequest": "get_authorization_url_request",
    "GetAuthorizationUrlResponse": "get_authorization_url_response",
    "GetConnectedInfo": "get_connected_info",
    "GetConnectedInfo200Response": "get_connected_info200_response",
    "GetConnectedInfoRequest": "get_connected_info_request",
    "GetConnectedInfoResponse": "get_connected_info_response",
    "GetLastActivity": "get_last_activity",
    "GetLastActivity200Response": "get_last_activity200_response",
    "GetLastActivityRequest": "get_last_activity_request",
    "GetLastActivityResponse": "get_last_activity_response",
    "HandleAuthorizationCallback": "handle_authorization_callback",
    "HandleAuthorizationCallback200Response": "handle_authorization_callback200_response",
    "HandleAuthorizationCallbackRequest": "handle_authorization_callback_request",
    "HandleAuthorizationCallbackResponse": "handle_authorization_callback_response",
    "HandleClientCredentials": "handle_client_credentials",
    "HandleClientCredentialsRequest": "handle_client_credentials_request",
    "HandleClientCredentialsRequest200Response": "handle_client_credentials_request200_response",
    "HandleClientCredentialsResponse": "handle_client_credentials_response",
    "Info": "info",
    "Info200Response": "info200_response",
    "InfoResponse": "info_response",
    "JWTClaims": "jwt_claims",
    "JWTCredential": "jwt_credential",
    "JWTHeaders": "jwt_headers",
    "LastActivityData": "last_activity_data",
    "ListAccounts": "list_accounts",
    "ListAccounts200Response": "list_accounts200_response",
    "ListAccountsRequest": "list_accounts_request",
    "ListAccountsResponse": "list_accounts_response",
    "ListConnectorAppIds200Response": "list_connector_app_ids200_response",
    "ListCustomAttributesSchema": "list_custom_attributes_schema",
    "ListCustomAttributesSchema200Response": "list_custom_attributes_schema200_response",
    "ListCustomAttributesSchemaRequest": "list_custom_attributes_schema_request",
    "ListCustomAttributesSchemaResponse": "list_custom_attributes_schema_response",
    "ListEntitlements": "list_entitlements",
    "ListEntitlements200Response": "list_entitlements200_response",
    "ListEntitlementsRequest": "list_entitlements_request",
    "ListEntitlementsResponse": "list_entitlements_response",
    "ListResources": "list_resources",
    "ListResources200Response": "list_resources200_response",
    "ListResourcesRequest": "list_resources_request",
    "ListResourcesResponse": "list_resources_response",
    "OAuthClientCredential": "o_auth_client_credential",
    "OAuthCredential": "o_auth_credential",
    "OAuthScopes": "o_auth_scopes",
    "OauthCredentials": "oauth_credentials",
    "Page": "page",
    "RefreshAccessToken": "refresh_access_token",
    "RefreshAccessToken200Response": "refresh_access_token200_response",
    "RefreshAccessTokenRequest": "refresh_access_token_request",
    "RefreshAccessTokenResponse": "refresh_access_token_response",
    "ResourceType": "resource_type",
    "StandardCapabilityName": "standard_capability_name",
    "TokenCredential": "token_credential",
    "TokenType": "token_type",
    "UnassignEntitlement": "unassign_entitlement",
    "UnassignEntitlement200Response": "unassign_entitlement200_response",
    "UnassignEntitlementRequest": "unassign_entitlement_request",
    "UnassignEntitlementResponse": "unassign_entitlement_response",
    "UnassignedEntitlement": "unassigned_entitlement",
    "ValidateCredentials": "validate_credentials",
    "ValidateCredentials200Response": "validate_credentials200_response",
    "ValidateCredentialsRequest": "validate_credentials_request",
    "ValidateCredentialsResponse": "validate_credentials_response",
    "ValidatedCredentials": "validated_credentials",
}
"""The submodule of `connector.generated.models` that has each name."""

__all__ = [
    "AccountStatus",
    "AccountType",
    "ActivateAccount",
    "ActivateAccount200Response",
    "ActivateAccountRequest",
    "ActivateAccountResponse",
    "ActivatedAccount",
    "ActivityEventType",
    "AppCategory",
    "AssignEntitlement",
    "AssignEntitlement200Response",
    "AssignEntitlementRequest",
    "AssignEntitlementResponse",
    "AssignedEntitlement",
    "AuthCredential",
    "AuthModel",
    "AuthorizationUrl",
    "BasicCredential",
    "CapabilitySchema",
    "CreateAccount",
    "CreateAccount200Response",
    "CreateAccountEntitlement",
    "CreateAccountRequest",
    "CreateAccountResponse",
    "CreatedAccount",
    "CredentialConfig",
    "CredentialConfigInputModel",
    "CustomAttributeCustomizedType",
    "CustomAttributeSchema",
    "CustomAttributeType",
    "DeactivateAccount",
    "DeactivateAccount200Response",
    "DeactivateAccountRequest",
    "DeactivateAccountResponse",
    "DeactivatedAccount",
    "DeleteAccount",
    "DeleteAccount200Response",
    "DeleteAccountRequest",
    "DeleteAccountResponse",
    "DeletedAccount",
    "EntitlementType",
    "Error",
    "ErrorCode",
    "ErrorResponse",
    "FindEntitlementAssociations",
    "FindEntitlementAssociations200Response",
    "FindEntitlementAssociationsRequest",
    "FindEntitlementAssociationsResponse",
    "FoundAccountData",
    "FoundEntitlementAssociation",
    "FoundEntitlementData",
    "FoundResourceData",
    "GetAuthorizationUrl",
    "GetAuthorizationUrl200Response",
    "GetAuthorizationUrlRequest",
    "GetAuthorizationUrlResponse",
    "GetConnectedInfo",
    "GetConnectedInfo200Response",
    "GetConnectedInfoRequest",
    "GetConnectedInfoResponse",
    "GetLastActivity",
    "GetLastActivity200Response",
    "GetLastActivityRequest",
    "GetLastActivityResponse",
    "HandleAuthorizationCallback",
    "HandleAuthorizationCallback200Response",
    "HandleAuthorizationCallbackRequest",
    "HandleAuthorizationCallbackResponse",
    "HandleClientCredentials",
    "HandleClientCredentialsRequest",
    "HandleClientCredentialsRequest200Response",
    "HandleClientCredentialsResponse",
    "Info",
    "Info200Response",
    "InfoResponse",
    "JWTClaims",
    "JWTCredential",
    "JWTHeaders",
    "LastActivityData",
    "ListAccounts",
    "ListAccounts200Response",
    "ListAccountsRequest",
    "ListAccountsResponse",
    "ListConnectorAppIds200Response",
    "ListCustomAttributesSchema",
    "ListCustomAttributesSchema200Response",
    "ListCustomAttributesSchemaRequest",
    "ListCustomAttributesSchemaResponse",
    "ListEntitlements",
    "ListEntitlements200Response",
    "ListEntitlementsRequest",
    "ListEntitlementsResponse",
    "ListResources",
    "ListResources200Response",
    "ListResourcesRequest",
    "ListResourcesResponse",
    "OAuthClientCredential",
    "OAuthCredential",
    "OAuthScopes",
    "OauthCredentials",
    "Page",
    "RefreshAccessToken",
    "RefreshAccessToken200Response",
    "RefreshAccessTokenRequest",
    "RefreshAccessTokenResponse",
    "ResourceType",
    "StandardCapabilityName",
    "TokenCredential",
    "TokenType",
    "UnassignEntitlement",
    "UnassignEntitlement200Response",
    "UnassignEntitlementRequest",
    "UnassignEntitlementResponse",
    "UnassignedEntitlement",
    "ValidateCredentials",
    "ValidateCredentials200Response",
    "ValidateCredentialsRequest",
    "ValidateCredentialsResponse",
    "ValidatedCredentials",
]

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is a mistake

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

        value = getattr(import_module(f"connector.generated.models.{module}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
