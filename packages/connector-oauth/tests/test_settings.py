"""OAuthSettings: what goes together, and what is refused when it is said."""

from typing import Any

import pytest
from pydantic import ValidationError
from pytest_cases import parametrize

from connector_oauth import (
    ClientAuthenticationMethod,
    OAuthAssertion,
    OAuthCapabilities,
    OAuthFlowType,
    OAuthRequest,
    OAuthSettings,
    RequestDataType,
    RequestMethod,
)
from connector_sdk import Integration, IntegrationError
from connector_sdk.models import StandardCapabilityName

PAGE = "https://auth.example.com/authorize"
TOKEN = "https://auth.example.com/token"
ISSUER = "https://auth.example.com"

WRONG: dict[str, dict[str, Any]] = {
    "authorization_url or issuer is required": {"token_url": TOKEN},
    "token_url or issuer is required": {"authorization_url": PAGE},
    "pkce is for CODE_FLOW": {
        "token_url": TOKEN,
        "flow_type": OAuthFlowType.CLIENT_CREDENTIALS,
        "pkce": True,
    },
    "revocation_url or issuer is required": {
        "authorization_url": PAGE,
        "token_url": TOKEN,
        "capabilities": OAuthCapabilities(revoke_token=True),
    },
    "client_auth must be left out": {
        "token_url": TOKEN,
        "flow_type": OAuthFlowType.JWT_BEARER,
        "client_auth": ClientAuthenticationMethod.CLIENT_SECRET_POST,
    },
    "assertion is for JWT_BEARER": {"issuer": ISSUER, "assertion": OAuthAssertion()},
    "autorization_url": {"autorization_url": PAGE, "issuer": ISSUER},
}
"""What an error says, by the settings that it is about."""

UNSAFE_URLS = {
    "https": "http://auth.example.com/token",
    "absolute": "auth.example.com/token",
    "absolute ": "ftp://auth.example.com/token",
    "absolute  ": "https:///token",
    "fragment": "https://auth.example.com/token#",
    "user name": "https://auth.example.com@evil.example/token",
    "backslash": "https://auth.example.com\\@evil.example/token",
    "space": "https://auth.example.com /token",
    "control": "https://auth.example.com\t.evil.example/token",
    "read": "https://[::1/token",
    "read ": "https://auth.example.com:port/token",
    "this machine": "http://127.0.0.1.evil.example/token",
    "this machine ": "http://localhost.evil.example/token",
}
"""What an error says, by the URL that it is about."""


def made_of(**fields: Any) -> OAuthSettings:
    """Settings that are made from a table."""
    return OAuthSettings(**fields)


@parametrize("words, fields", WRONG.items(), ids=str)
def test_settings_that_do_not_go_together_are_refused(words: str, fields: dict[str, Any]) -> None:
    """A wrong combination is reported when the settings are made, and says what is wrong."""
    with pytest.raises(ValidationError) as refused:
        made_of(**fields)

    assert words in str(refused.value)


def test_all_mistakes_are_reported_at_once() -> None:
    """Whoever makes two mistakes is told of both."""
    with pytest.raises(ValidationError) as refused:
        OAuthSettings()

    assert "token_url or issuer" in str(refused.value)
    assert "authorization_url or issuer" in str(refused.value)


@parametrize("words, url", UNSAFE_URLS.items(), ids=repr)
def test_a_url_that_secrets_may_not_go_to_is_refused(words: str, url: str) -> None:
    """An endpoint is absolute, by TLS, and is where it seems to be."""
    with pytest.raises(ValidationError) as refused:
        OAuthSettings(authorization_url=PAGE, token_url=url)

    assert words.strip() in str(refused.value)


@parametrize(url=["http://127.0.0.1:8080/token", "http://localhost/token", "http://[::1]:1/token"])
def test_plain_http_is_for_this_machine(url: str) -> None:
    """Servers for development and tests need no certificate."""
    assert url == OAuthSettings(authorization_url=PAGE, token_url=url).token_url


def test_an_issuer_has_no_query() -> None:
    """An issuer identifier is what RFC 8414, section 2, says."""
    with pytest.raises(ValidationError, match="query"):
        OAuthSettings(issuer="https://auth.example.com?tenant=1")


def test_an_issuer_is_enough() -> None:
    """With an issuer, no URL is needed, whatever the flow."""
    for flow in OAuthFlowType:
        assert ISSUER == OAuthSettings(issuer=ISSUER, flow_type=flow).issuer


def test_a_connector_with_an_authorization_url_of_its_own_needs_none_in_the_settings() -> None:
    """Where the module has no use for the URL, it is not asked for."""
    switches = OAuthCapabilities(get_authorization_url=False)
    assert OAuthSettings(token_url=TOKEN, capabilities=switches).authorization_url is None


def test_none_stands_for_the_default() -> None:
    """Settings that name a field without a value for it are as if they did not name it."""
    fields = ("flow_type", "client_auth", "request_type", "capabilities", "pkce", "scopes")
    blank = made_of(authorization_url=PAGE, token_url=TOKEN, **dict.fromkeys(fields))
    assert OAuthSettings(authorization_url=PAGE, token_url=TOKEN) == blank


def test_the_defaults_are_those_of_the_contract() -> None:
    """What is not said is the code flow, by POST and form, with the secret among the parameters."""
    settings = OAuthSettings(authorization_url=PAGE, token_url=TOKEN)
    assert OAuthFlowType.CODE_FLOW is settings.flow_type
    assert ClientAuthenticationMethod.CLIENT_SECRET_POST is settings.client_auth
    assert OAuthRequest(method=RequestMethod.POST, data=RequestDataType.FORMDATA) == (
        settings.request_type
    )
    assert ({}, False) == (settings.scopes, settings.pkce)


def test_settings_do_not_change() -> None:
    """What was checked together stays together."""
    settings = OAuthSettings(issuer=ISSUER)
    with pytest.raises(ValidationError):
        settings.pkce = True


FLOWS = {
    OAuthFlowType.CODE_FLOW: [
        "get_authorization_url",
        "handle_authorization_callback",
        "refresh_access_token",
    ],
    OAuthFlowType.CLIENT_CREDENTIALS: ["handle_client_credentials_request", "refresh_access_token"],
    OAuthFlowType.JWT_BEARER: ["handle_client_credentials_request"],
}


@parametrize("flow, names", FLOWS.items(), ids=str)
def test_each_flow_has_its_capabilities(
    flow: OAuthFlowType, names: list[str], integration_of: Any
) -> None:
    """The module registers what belongs to the flow, and nothing else."""
    integration = integration_of(OAuthSettings(issuer=ISSUER, flow_type=flow))
    assert names == sorted(integration.capabilities)
    assert names == sorted(integration.modules[0].capabilities)


def test_a_capability_can_be_switched_off(integration_of: Any) -> None:
    """One that is off is simply absent."""
    switches = OAuthCapabilities(refresh_access_token=False)
    integration = integration_of(OAuthSettings(issuer=ISSUER, capabilities=switches))
    assert ["get_authorization_url", "handle_authorization_callback"] == sorted(
        integration.capabilities
    )


def test_revoking_tokens_is_a_custom_capability_for_those_who_ask(integration_of: Any) -> None:
    """`revoke_token` is there when it is switched on."""
    switches = OAuthCapabilities(revoke_token=True)
    integration = integration_of(OAuthSettings(issuer=ISSUER, capabilities=switches))
    assert "revoke_token" in integration.capabilities


def test_the_connectors_own_capability_comes_first(integration_of: Any, call: Any) -> None:
    """A function of the connector takes the place of the module's."""
    from connector_sdk.models import (
        OauthCredentials,
        RefreshAccessTokenRequest,
        RefreshAccessTokenResponse,
        TokenType,
    )

    integration: Integration = integration_of(OAuthSettings(issuer=ISSUER))

    @integration.register_capability(StandardCapabilityName.REFRESH_ACCESS_TOKEN)
    async def refresh(args: RefreshAccessTokenRequest) -> RefreshAccessTokenResponse:
        tokens = OauthCredentials(access_token="own", token_type=TokenType.BEARER)
        return RefreshAccessTokenResponse(response=tokens)

    payload = {"client_id": "i", "client_secret": "s", "refresh_token": "r"}
    reply = call(integration, "refresh_access_token", payload)
    assert "own" == reply["response"]["access_token"]


def test_info_tells_of_the_flow(integration_of: Any) -> None:
    """The platform learns the scopes from the info document."""
    scopes: dict[str, str] = {StandardCapabilityName.LIST_ACCOUNTS: "users:read users:list"}
    info = integration_of(OAuthSettings(issuer=ISSUER, scopes=scopes)).info()
    assert {"list_accounts": "users:read users:list"} == info.response.oauth_scopes


def test_a_module_without_settings_takes_those_of_its_integration() -> None:
    """A module that is made by itself needs an integration that has OAuth settings."""
    from connector_oauth import OAuthModule

    with pytest.raises(IntegrationError, match="OAuthSettings"):
        _ = OAuthModule().settings
