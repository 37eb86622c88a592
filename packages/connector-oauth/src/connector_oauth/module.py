"""OAuthModule: the OAuth capabilities of an integration (contract, section 8)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connector_oauth.settings import OAuthFlowType, OAuthSettings
from connector_sdk import (
    ConnectorError,
    DeveloperCommand,
    DuplicateCapabilityError,
    IntegrationError,
    IntegrationModule,
    add_secret,
)
from connector_sdk.models import (
    AuthModel,
    AuthorizationUrl,
    ErrorCode,
    GetAuthorizationUrlRequest,
    GetAuthorizationUrlResponse,
    HandleAuthorizationCallbackRequest,
    HandleAuthorizationCallbackResponse,
    HandleClientCredentialsRequest,
    HandleClientCredentialsResponse,
    OauthCredentials,
    RefreshAccessTokenRequest,
    RefreshAccessTokenResponse,
    StandardCapabilityName,
    TokenType,
)

if TYPE_CHECKING:
    from connector_oauth.client import Client
    from connector_oauth.revocation import RevokeTokenRequest, RevokeTokenResponse
    from connector_oauth.token_reply import Tokens
    from connector_sdk import AuthRequest, Integration

CAPABILITIES_BY_FLOW = {
    OAuthFlowType.CODE_FLOW: (
        StandardCapabilityName.GET_AUTHORIZATION_URL,
        StandardCapabilityName.HANDLE_AUTHORIZATION_CALLBACK,
        StandardCapabilityName.REFRESH_ACCESS_TOKEN,
    ),
    OAuthFlowType.CLIENT_CREDENTIALS: (
        StandardCapabilityName.HANDLE_CLIENT_CREDENTIALS_REQUEST,
        StandardCapabilityName.REFRESH_ACCESS_TOKEN,
    ),
    # No refresh: a service account signs a new assertion, and gets no refresh token.
    OAuthFlowType.JWT_BEARER: (StandardCapabilityName.HANDLE_CLIENT_CREDENTIALS_REQUEST,),
}
"""The standard capabilities of each type of flow; each is a method of the module."""

CREDENTIAL_BY_FLOW = {
    OAuthFlowType.CODE_FLOW: AuthModel.OAUTH,
    OAuthFlowType.CLIENT_CREDENTIALS: AuthModel.OAUTH_CLIENT_CREDENTIALS,
    OAuthFlowType.JWT_BEARER: AuthModel.OAUTH_CLIENT_CREDENTIALS,
}
"""The kind of credential that the tokens of each type of flow go into."""


class OAuthModule(IntegrationModule):
    """Registers the OAuth capabilities that the settings ask for.

    An integration with `oauth_settings` makes it by itself. For a second grant, add one more with
    settings of its own; the integration then declares `credentials` of both kinds.

    Parameters:
        settings: the OAuth settings; those of the integration that it is added to if not given.
    """

    def __init__(self, settings: OAuthSettings | None = None) -> None:
        super().__init__()
        self._settings = settings

    @property
    def settings(self) -> OAuthSettings:
        """The OAuth settings.

        Raises:
            IntegrationError: there are none, neither here nor in the integration.
        """
        if self._settings is None:
            raise IntegrationError("OAuthModule needs OAuthSettings: OAuthModule(OAuthSettings(…))")

        return self._settings

    def register(self, integration: "Integration") -> None:
        """Register the capabilities of the flow that are not switched off.

        Raises:
            IntegrationError: another module brings one of them, or another grant for which the
                integration does not declare a credential.
        """
        if self._settings is None and isinstance(integration.oauth_settings, OAuthSettings):
            self._settings = integration.oauth_settings

        try:
            self._register_capabilities(integration)
        except DuplicateCapabilityError as error:
            from connector_oauth.grants import how_to_switch_off

            advice = how_to_switch_off(error.capability_name)
            raise DuplicateCapabilityError(error.capability_name, error.by, advice) from None

        if any(isinstance(each, OAuthModule) for each in integration.modules):
            from connector_oauth.grants import check_credentials_of_each

            check_credentials_of_each(integration, self)

    def _register_capabilities(self, integration: "Integration") -> None:
        switches = self.settings.capabilities
        for name in CAPABILITIES_BY_FLOW[self.settings.flow_type]:
            if getattr(switches, name.value):
                self.register_standard(integration, name)

        if switches.revoke_token:
            self._register_revoke_token(integration)

    def register_standard(self, integration: "Integration", name: StandardCapabilityName) -> None:
        """Register the module's own function for a standard capability; override it for others."""
        integration.register_capability(name)(getattr(self, name.value))
        self.add_capability(name.value)

    def developer_commands(self) -> Mapping[str, DeveloperCommand]:
        """Return the command `login`, which gets a token for trying the connector."""
        if self._settings is None:  # as in a subclass that registers without them
            return {}

        from connector_oauth.login_command import LoginCommand

        return {"login": LoginCommand()}

    def oauth_grants(self) -> Mapping[AuthModel, OAuthSettings]:
        """Return the settings by the kind of credential that the flow's tokens go into."""
        if self._settings is None:
            return {}

        return {CREDENTIAL_BY_FLOW[self._settings.flow_type]: self._settings}

    async def get_authorization_url(
        self, args: GetAuthorizationUrlRequest
    ) -> GetAuthorizationUrlResponse:
        """Make the URL on which a user grants access."""
        from connector_oauth.authorization import build_authorization_url
        from connector_oauth.endpoints import Endpoints
        from connector_oauth.pkce import make_code_verifier

        request = args.request
        code_verifier = make_code_verifier() if self.settings.pkce else None
        add_secret(code_verifier or "")
        url = build_authorization_url(
            await Endpoints(self.settings, args).authorization_url(),
            client_id=request.client_id,
            redirect_uri=request.redirect_uri,
            state=request.state,
            scopes=self._scopes(request.scopes),
            code_verifier=code_verifier,
        )
        return GetAuthorizationUrlResponse(
            response=AuthorizationUrl(authorization_url=url, code_verifier=code_verifier)
        )

    async def handle_authorization_callback(
        self, args: HandleAuthorizationCallbackRequest
    ) -> HandleAuthorizationCallbackResponse:
        """Exchange the code in a redirect, once it is known to be the answer that was asked for."""
        from connector_oauth.endpoints import Endpoints
        from connector_oauth.redirect import read_redirect
        from connector_oauth.token import exchange_code

        request = args.request
        endpoints = Endpoints(self.settings, args)
        redirect = read_redirect(
            request.redirect_uri_with_code, state=request.state, issuer=endpoints.issuer
        )
        if self.settings.pkce and not request.code_verifier:
            raise ConnectorError(
                message="request.code_verifier: required, since the connector uses PKCE; send the "
                "one that came with the authorization URL",
                error_code=ErrorCode.BAD_REQUEST,
            )

        token_endpoint = await endpoints.token()
        if redirect.issuer is None and endpoints.redirects_name_issuer:
            raise ConnectorError(
                message="request.redirect_uri_with_code: it has no iss, but the provider always "
                "sends one; another one answered in its place",
                error_code=ErrorCode.BAD_REQUEST,
            )

        tokens = await exchange_code(
            token_endpoint,
            self._client(args),
            code=redirect.code,
            redirect_uri=redirect.redirect_uri,
            code_verifier=request.code_verifier,
        )
        return HandleAuthorizationCallbackResponse(
            response=_credentials(tokens, state=request.state), raw_data=_raw_data(args, tokens)
        )

    async def refresh_access_token(
        self, args: RefreshAccessTokenRequest
    ) -> RefreshAccessTokenResponse:
        """Exchange a refresh token; without a new one in the reply, the old one stays good."""
        from connector_oauth.endpoints import Endpoints
        from connector_oauth.token import refresh_tokens

        tokens = await refresh_tokens(
            await Endpoints(self.settings, args).token(),
            self._client(args),
            refresh_token=args.request.refresh_token,
        )
        return RefreshAccessTokenResponse(
            response=_credentials(tokens, state=args.request.state),
            raw_data=_raw_data(args, tokens),
        )

    async def handle_client_credentials_request(
        self, args: HandleClientCredentialsRequest
    ) -> HandleClientCredentialsResponse:
        """Get a token for the client itself, by its secret or by an assertion that it signs."""
        from connector_oauth.endpoints import Endpoints
        from connector_oauth.token import exchange_assertion, request_client_tokens

        by_assertion = self.settings.flow_type is OAuthFlowType.JWT_BEARER
        get_tokens = exchange_assertion if by_assertion else request_client_tokens
        tokens = await get_tokens(
            await Endpoints(self.settings, args).token(),
            self._client(args),
            scopes=self._scopes(args.request.scopes),
        )
        return HandleClientCredentialsResponse(
            response=_credentials(tokens), raw_data=_raw_data(args, tokens)
        )

    def _register_revoke_token(self, integration: "Integration") -> None:
        from connector_oauth.revocation import RevokeTokenRequest, RevokeTokenResponse

        @integration.register_custom_capability(
            "revoke_token", description="Make a token void at the provider (RFC 7009)."
        )
        async def revoke_token(args: RevokeTokenRequest) -> RevokeTokenResponse:
            return await self._revoke_token(args)

        self.add_capability("revoke_token")

    async def _revoke_token(self, args: "RevokeTokenRequest") -> "RevokeTokenResponse":
        from connector_oauth.endpoints import Endpoints
        from connector_oauth.revocation import RevokedToken, RevokeTokenResponse, revoke

        await revoke(
            await Endpoints(self.settings, args).revocation(),
            self._client(args),
            token=args.request.token,
            token_type_hint=args.request.token_type_hint,
        )
        return RevokeTokenResponse(response=RevokedToken(revoked=True))

    def _client(self, args: "AuthRequest") -> "Client":
        """Return the client that a request names."""
        from connector_oauth.client import Client

        assertion = self.settings.assertion
        return Client(
            client_id=args.request.client_id,
            client_secret=args.request.client_secret,
            authentication=self.settings.client_auth,
            assertion_headers=_made(assertion.headers, args) if assertion else {},
            assertion_claims=_made(assertion.claims, args) if assertion else {},
        )

    def _scopes(self, requested: list[str]) -> list[str]:
        """Return the scopes of a request, or else all that the settings declare."""
        return requested or list(self.settings.scopes.values())


def _made(additions: Any, args: "AuthRequest") -> Mapping[str, Any]:
    made: Mapping[str, Any] = additions(args) if callable(additions) else additions
    return made


def _credentials(tokens: "Tokens", *, state: str | None = None) -> OauthCredentials:
    return OauthCredentials(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        token_type=TokenType(tokens.token_type),
        state=state,
    )


def _raw_data(args: "AuthRequest", tokens: "Tokens") -> dict[str, Any] | None:
    """Return the provider's reply under the endpoint's URL, if the request asks for it."""
    return {tokens.url: dict(tokens.raw)} if args.include_raw_data else None
