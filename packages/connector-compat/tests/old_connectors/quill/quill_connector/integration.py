"""The declaration of the connector, and its capabilities."""

import httpx

from connector.generated import (
    AppCategory,
    ListAccountsRequest,
    ListAccountsResponse,
    OAuthCredential,
    StandardCapabilityName,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from connector.oai.capability import AuthRequest, get_settings
from connector.oai.errors import HTTPHandler
from connector.oai.integration import DescriptionData, Integration
from connector.oai.modules.oauth_module_types import (
    ClientAuthenticationMethod,
    OAuthCapabilities,
    OAuthFlowType,
    OAuthRequest,
    OAuthSettings,
    RequestDataType,
)
from quill_connector.__about__ import __version__
from quill_connector.client import QuillClient
from quill_connector.inspection import AttributesModule
from quill_connector.settings import QuillSettings


def get_authorization_url(args: AuthRequest) -> str:
    """Return the page on which a user of the tenant grants access."""
    settings = get_settings(args, QuillSettings)
    return f"https://{settings.subdomain}.quill.example/oauth/authorize"


def get_token_url(args: AuthRequest) -> str:
    """Return the tenant's token endpoint."""
    settings = get_settings(args, QuillSettings)
    return f"https://{settings.subdomain}.quill.example/oauth/token"


integration = Integration(
    app_id="quill",
    version=__version__,
    auth=OAuthCredential,
    settings_model=QuillSettings,
    exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
    handle_errors=True,
    description_data=DescriptionData(
        user_friendly_name="Quill",
        description="A place to write together.",
        categories=[AppCategory.COLLABORATION],
        logo_url="https://quill.example/logo.png",
    ),
    oauth_settings=OAuthSettings(
        authorization_url=get_authorization_url,
        token_url=get_token_url,
        scopes={
            StandardCapabilityName.VALIDATE_CREDENTIALS: "me",
            StandardCapabilityName.LIST_ACCOUNTS: "me writers:read",
        },
        request_type=OAuthRequest(data=RequestDataType.FORMDATA),
        client_auth=ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
        capabilities=OAuthCapabilities(refresh_access_token=True),
        flow_type=OAuthFlowType.CODE_FLOW,
        pkce=True,
    ),
)
integration.add_module(AttributesModule())


@integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Find out whether the token works."""
    async with QuillClient(args) as client:
        await client.get_writers()

    subdomain = get_settings(args, QuillSettings).subdomain
    return ValidateCredentialsResponse(
        response=ValidatedCredentials(valid=True, unique_tenant_id=subdomain)
    )


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List the people who write."""
    async with QuillClient(args) as client:
        found = await client.get_writers()

    return ListAccountsResponse(response=[writer.to_account() for writer in found.writers])
