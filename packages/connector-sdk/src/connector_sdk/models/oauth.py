"""OAuth 2.0: get a user's consent, or act as a client, and keep the token fresh."""

from enum import Enum

from pydantic import ConfigDict, Field, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import RequestEnvelope, ResponseEnvelope


class TokenType(str, Enum):
    """How an access token is presented (RFC 6749, section 7.1)."""

    BEARER = "bearer"
    """Whoever has it can use it (RFC 6750)."""


class OAuthScopes(WireModel):
    """Scopes that each capability needs, several of them separated by spaces."""

    activate_account: StrictStr | None = Field(
        default=None,
        description="Scopes needed to activate an account.",
    )
    assign_entitlement: StrictStr | None = Field(
        default=None,
        description="Scopes needed to assign an entitlement.",
    )
    create_account: StrictStr | None = Field(
        default=None,
        description="Scopes needed to create an account.",
    )
    deactivate_account: StrictStr | None = Field(
        default=None,
        description="Scopes needed to deactivate an account.",
    )
    delete_account: StrictStr | None = Field(
        default=None,
        description="Scopes needed to delete an account.",
    )
    find_entitlement_associations: StrictStr | None = Field(
        default=None,
        description="Scopes needed to read who holds which entitlement.",
    )
    get_last_activity: StrictStr | None = Field(
        default=None,
        description="Scopes needed to read when accounts were last used.",
    )
    list_accounts: StrictStr | None = Field(
        default=None,
        description="Scopes needed to list accounts.",
    )
    list_custom_attributes_schema: StrictStr | None = Field(
        default=None,
        description="Scopes needed to list custom attributes.",
    )
    list_entitlements: StrictStr | None = Field(
        default=None,
        description="Scopes needed to list entitlements.",
    )
    list_resources: StrictStr | None = Field(
        default=None,
        description="Scopes needed to list resources.",
    )
    unassign_entitlement: StrictStr | None = Field(
        default=None,
        description="Scopes needed to unassign an entitlement.",
    )
    validate_credentials: StrictStr | None = Field(
        default=None,
        description="Scopes needed to check credentials and to tell tenants apart.",
    )


class OauthCredentials(WireModel):
    """Tokens as the authorization server issued them (RFC 6749, section 5.1)."""

    access_token: StrictStr = Field(description="Access token for calls to the app.")
    refresh_token: StrictStr | None = Field(
        default=None,
        description="Token to get the next access token with, if the server issued one.",
    )
    token_type: TokenType = Field(description="How to present the access token.")
    state: StrictStr | None = Field(
        default=None,
        description="The `state` of the request, unaltered.",
    )


class GetAuthorizationUrl(WireModel):
    """Payload of `get_authorization_url`: the consent to ask for (RFC 6749, section 4.1.1)."""

    client_id: StrictStr = Field(
        description="Identifier of the client, as registered with the authorization server.",
    )
    scopes: list[StrictStr] = Field(
        description="Scopes to ask for; if empty, those of the connector's OAuth settings.",
        examples=[[]],
    )
    redirect_uri: StrictStr = Field(
        description="URL of the platform, registered with the server, that the user returns to.",
    )
    state: StrictStr = Field(
        description="Unguessable value that comes back with the user; it proves the origin.",
    )
    form_data: dict[str, StrictStr] | None = Field(
        default=None,
        description="What the user entered before, such as a subdomain; may shape the URL.",
    )


class AuthorizationUrl(WireModel):
    """Where to send the user for consent."""

    authorization_url: StrictStr = Field(
        description="URL of the authorization server, with all parameters, encoded.",
    )
    code_verifier: StrictStr | None = Field(
        default=None,
        description=(
            "PKCE verifier to keep and to send with the callback (RFC 7636, section 4.1); null"
            " without PKCE."
        ),
    )


class GetAuthorizationUrlRequest(RequestEnvelope):
    """Request to `get_authorization_url`."""

    request: GetAuthorizationUrl = Field(description="The consent to ask for.")


class GetAuthorizationUrlResponse(ResponseEnvelope):
    """Response of `get_authorization_url`."""

    response: AuthorizationUrl = Field(description="Where to send the user.")


class HandleAuthorizationCallback(WireModel):
    """Payload of `handle_authorization_callback`: what the user's consent came back with."""

    model_config = ConfigDict(json_schema_extra={"x-capability-category": "authorization"})

    client_id: StrictStr = Field(
        description="Identifier of the client, as registered with the authorization server.",
    )
    client_secret: StrictStr = Field(
        description="Secret of the client, as issued by the authorization server.",
    )
    redirect_uri_with_code: StrictStr = Field(
        description="The whole URL to which the server returned the user, query included.",
    )
    state: StrictStr | None = Field(
        default=None,
        description="The `state` of the authorization URL; if given, it has to be in this URL too.",
    )
    code_verifier: StrictStr | None = Field(
        default=None,
        description="PKCE verifier that came with the authorization URL.",
    )


class HandleAuthorizationCallbackRequest(RequestEnvelope):
    """Request to `handle_authorization_callback`."""

    request: HandleAuthorizationCallback = Field(description="What the consent came back with.")


class HandleAuthorizationCallbackResponse(ResponseEnvelope):
    """Response of `handle_authorization_callback`."""

    response: OauthCredentials = Field(description="Tokens that the server issued for the consent.")


class HandleClientCredentials(WireModel):
    """Payload of `handle_client_credentials_request`: the client that asks for a token."""

    client_id: StrictStr = Field(
        description="Identifier of the client, as registered with the authorization server.",
    )
    client_secret: StrictStr = Field(
        description="Secret of the client, as issued by the authorization server.",
    )
    scopes: list[StrictStr] = Field(
        description="Scopes to ask for; if empty, those of the connector's OAuth settings.",
        examples=[[]],
    )


class HandleClientCredentialsRequest(RequestEnvelope):
    """Request to `handle_client_credentials_request`."""

    request: HandleClientCredentials = Field(description="The client that asks for a token.")


class HandleClientCredentialsResponse(ResponseEnvelope):
    """Response of `handle_client_credentials_request`."""

    response: OauthCredentials = Field(description="The client's tokens.")


class RefreshAccessToken(WireModel):
    """Payload of `refresh_access_token`: the token to renew (RFC 6749, section 6)."""

    client_id: StrictStr = Field(
        description="Identifier of the client, as registered with the authorization server.",
    )
    client_secret: StrictStr = Field(
        description="Secret of the client, as issued by the authorization server.",
    )
    refresh_token: StrictStr = Field(
        description="The refresh token that came with the access token to renew.",
    )
    state: StrictStr | None = Field(
        default=None,
        description="Value that the response is to carry back, unaltered.",
    )


class RefreshAccessTokenRequest(RequestEnvelope):
    """Request to `refresh_access_token`."""

    request: RefreshAccessToken = Field(description="The token to renew.")


class RefreshAccessTokenResponse(ResponseEnvelope):
    """Response of `refresh_access_token`."""

    response: OauthCredentials = Field(
        description="The new tokens; keep the old refresh token if there is no new one.",
    )
