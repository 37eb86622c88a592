"""Two grants in one integration: what an author declares so that they go together."""

from connector_oauth.module import OAuthModule
from connector_sdk import Integration, IntegrationError

SHARED = ("refresh_access_token", "revoke_token")
"""Capabilities that grants for different credentials have in common."""


def how_to_switch_off(capability: str) -> str:
    """Return what an author does about a capability that another module brings already."""
    switch = f"capabilities=OAuthCapabilities({capability}=False)"
    if capability in SHARED:
        return (
            "a request to it does not say which grant it is for. Switch it off in one of the two, "
            "most often in the one without a refresh token: OAuthSettings("
            f"flow_type=OAuthFlowType.CLIENT_CREDENTIALS, …, {switch})"
        )

    return (
        "an integration can have one grant for each kind of credential, oauth and "
        "oauth_client_credentials. Leave one of the two modules out, or switch the capability off "
        f"in one with {switch}"
    )


def check_credentials_of_each(integration: Integration, module: OAuthModule) -> None:
    """Refuse a second grant unless requests, and `info`, can tell the credentials of both apart.

    Raises:
        IntegrationError: the integration does not declare a credential of each kind.
    """
    active = [each for each in (*integration.modules, module) if each.capabilities]
    kinds = {
        kind for each in active if isinstance(each, OAuthModule) for kind in each.oauth_grants()
    }
    missing = sorted(kinds - {config.type for config in integration.credentials})
    if len(kinds) > 1 and missing:
        raise IntegrationError(
            f"an integration with two grants declares a credential for each: credentials=[…] "
            f"lacks a CredentialConfig of type {' and one of type '.join(missing)}"
        )
