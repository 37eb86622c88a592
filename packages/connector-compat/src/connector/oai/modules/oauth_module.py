"""OAuthModule, with a method for each capability that a subclass can override."""

from typing import TYPE_CHECKING

from connector_oauth import OAuthModule as SdkOAuthModule
from connector_oauth import OAuthSettings
from connector_sdk.models import StandardCapabilityName

if TYPE_CHECKING:
    from connector_sdk import Integration

__all__ = ["OAuthModule"]


class OAuthModule(SdkOAuthModule):
    """Registers the OAuth capabilities that the integration's `oauth_settings` ask for.

    `register` sets `integration` and `settings`, and calls the methods of those capabilities.
    """

    integration: "Integration"
    """The integration that the module is added to."""

    def __init__(self) -> None:
        super().__init__()

    @property
    def settings(self) -> OAuthSettings:
        """The OAuth settings; those of the integration."""
        return super().settings

    @settings.setter
    def settings(self, settings: OAuthSettings) -> None:
        self._settings = settings

    def register(self, integration: "Integration") -> None:
        """Register the capabilities of the flow that are not switched off."""
        self.integration = integration
        super().register(integration)

    def register_standard(self, _integration: "Integration", name: StandardCapabilityName) -> None:
        """Register a capability by the method that has its name."""
        getattr(self, f"register_{name.value}")()

    def register_get_authorization_url(self) -> None:
        """Register the function that makes the URL on which a user grants access."""
        self._register_own(StandardCapabilityName.GET_AUTHORIZATION_URL)

    def register_handle_authorization_callback(self) -> None:
        """Register the function that exchanges the code in a redirect."""
        self._register_own(StandardCapabilityName.HANDLE_AUTHORIZATION_CALLBACK)

    def register_handle_client_credentials_request(self) -> None:
        """Register the function that gets a token for the client itself."""
        self._register_own(StandardCapabilityName.HANDLE_CLIENT_CREDENTIALS_REQUEST)

    def register_refresh_access_token(self) -> None:
        """Register the function that exchanges a refresh token."""
        self._register_own(StandardCapabilityName.REFRESH_ACCESS_TOKEN)

    def _register_own(self, name: StandardCapabilityName) -> None:
        super().register_standard(self.integration, name)
