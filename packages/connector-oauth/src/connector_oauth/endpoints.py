"""Which endpoints a request goes to: configured, made from the request, or discovered."""

from typing import Any

from connector_oauth.discovery import ServerMetadata, discover
from connector_oauth.settings import OAuthSettings, Url
from connector_oauth.token_request import TokenEndpoint
from connector_oauth.urls import endpoint_fault
from connector_sdk import AuthRequest, ConnectorError
from connector_sdk.models import ErrorCode


class Endpoints:
    """The endpoints of a provider, as one request sees them.

    Parameters:
        settings: the OAuth settings.
        args: the request, for URLs that are made from it.
    """

    def __init__(self, settings: OAuthSettings, args: AuthRequest) -> None:
        self._settings = settings
        self._args = args
        self._metadata: ServerMetadata | None = None

    @property
    def issuer(self) -> str | None:
        """The provider's issuer identifier, if the settings have one."""
        return self._made("issuer", self._settings.issuer)

    async def authorization_url(self) -> str:
        """Return the page on which a user grants access."""
        return await self._find("authorization_url", "authorization_endpoint")

    async def token(self) -> TokenEndpoint:
        """Return the token endpoint."""
        return TokenEndpoint(
            url=await self._find("token_url", "token_endpoint"),
            audience=self.issuer or "",
            request=self._settings.request_type,
        )

    async def revocation(self) -> TokenEndpoint:
        """Return the endpoint that makes tokens void; it always takes a form (RFC 7009, 2.1)."""
        return TokenEndpoint(
            url=await self._find("revocation_url", "revocation_endpoint"),
            audience=self.issuer or await self._find("token_url", "token_endpoint"),
        )

    @property
    def redirects_name_issuer(self) -> bool:
        """Whether the provider has said that every redirect names its issuer (RFC 9207)."""
        metadata = self._metadata
        return metadata is not None and metadata.authorization_response_iss_parameter_supported

    async def _find(self, setting: str, member: str) -> str:
        configured = self._made(setting, getattr(self._settings, setting))
        if configured is not None:
            return configured

        issuer = self.issuer
        assert issuer is not None  # else OAuthSettings would have refused
        if self._metadata is None:
            self._metadata = await discover(issuer)

        found: str | None = getattr(self._metadata, member)
        if found is None:
            raise ConnectorError(
                message=f"the provider's metadata has no {member}; set {setting} in OAuthSettings",
                error_code=ErrorCode.INVALID_RESPONSE,
            )

        return found

    def _made(self, setting: str, url: Url | None) -> str | None:
        """Return a URL of the settings; one that a function makes is checked now."""
        if not callable(url):
            return url

        made: Any = url(self._args)
        fault = endpoint_fault(made)
        if fault is not None:
            raise ConnectorError(
                message=f"OAuthSettings.{setting} makes a URL from this request and its settings "
                f"that cannot be used: {fault}",
                error_code=ErrorCode.BAD_REQUEST,
            )

        return str(made)
