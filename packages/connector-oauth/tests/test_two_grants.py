"""Two grants in one integration: how they are declared, and what `info` tells of them."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_oauth import OAuthCapabilities, OAuthModule, OAuthSettings
from connector_oauth import OAuthFlowType as Flow
from connector_sdk import DuplicateCapabilityError, Integration, IntegrationError
from connector_sdk.models import AuthModel, CredentialConfig, OAuthCredential

URL = "https://auth.example"
CLIENT = CredentialConfig(
    id="client", type=AuthModel.OAUTH_CLIENT_CREDENTIALS, description="", optional=True
)
PERSON = CredentialConfig(id="person", type=AuthModel.OAUTH, description="", optional=True)
KEY = CredentialConfig(id="key", type=AuthModel.TOKEN, description="", optional=True)
NO_REFRESH = OAuthCapabilities(refresh_access_token=False)


def code(**fields: Any) -> OAuthSettings:
    """Settings of a person's grant."""
    return OAuthSettings(
        authorization_url=f"{URL}/authorize", token_url=f"{URL}/token", pkce=True, **fields
    )


def machine(flow: Flow = Flow.CLIENT_CREDENTIALS, **fields: Any) -> OAuthSettings:
    """Settings of a client's own grant, which brings no refresh unless that is asked for."""
    fields = {"capabilities": NO_REFRESH, "scopes": {"list_accounts": "all"}, **fields}
    return OAuthSettings(token_url=f"{URL}/token", flow_type=flow, **fields)


@pytest.fixture
def both(integration_of: Callable[..., Integration]) -> Integration:
    """An integration with both grants."""
    integration = integration_of(code(), credentials=[CLIENT, PERSON])
    integration.add_module(OAuthModule(machine()))
    return integration


def test_each_grant_has_its_capabilities(both: Integration) -> None:
    """The refresh is that of the one grant that has a refresh token."""
    assert {
        "get_authorization_url",
        "handle_authorization_callback",
        "refresh_access_token",
        "handle_client_credentials_request",
    } == set(both.capabilities)


@parametrize(machine_first=[False, True], ids=["the person's first", "the machine's first"])
@parametrize(flow=[Flow.CLIENT_CREDENTIALS, Flow.JWT_BEARER], ids=lambda flow: flow.value)
def test_info_tells_each_credential_its_own_grant(
    integration_of: Callable[..., Integration], flow: Flow, machine_first: bool
) -> None:
    """Whichever of the two is `oauth_settings`, and whichever credential comes first."""
    settings = [code(), machine(flow=flow)]
    first, second = reversed(settings) if machine_first else settings
    integration = integration_of(first, credentials=[KEY, CLIENT, PERSON])
    integration.add_module(OAuthModule(second))

    told = {
        each["id"]: each.get("oauth_settings")
        for each in integration.info().response.credentials_schema
    }

    assert {
        "key": None,
        "client": {
            "oauth_type": flow.value,
            "scopes": {"list_accounts": "all"},
            "pkce_enabled": False,
        },
        "person": {"oauth_type": "CODE_FLOW", "scopes": {}, "pkce_enabled": True},
    } == told


SHARED = [
    (code(), machine(capabilities=None)),
    (machine(capabilities=None), code()),
    (
        code(revocation_url=f"{URL}/revoke", capabilities=OAuthCapabilities(revoke_token=True)),
        machine(
            revocation_url=f"{URL}/revoke",
            capabilities=OAuthCapabilities(refresh_access_token=False, revoke_token=True),
        ),
    ),
]


@parametrize(settings=SHARED, ids=["refresh", "refresh, the machine's first", "revocation"])
def test_a_capability_of_both_is_refused_and_can_be_switched_off(
    integration_of: Callable[..., Integration], settings: tuple[OAuthSettings, OAuthSettings]
) -> None:
    """The message has the words with which it is."""
    integration = integration_of(settings[0], credentials=[CLIENT, PERSON])

    with pytest.raises(DuplicateCapabilityError) as refused:
        integration.add_module(OAuthModule(settings[1]))

    assert "does not say which grant it is for" in str(refused.value)
    name = refused.value.capability_name
    assert f"capabilities=OAuthCapabilities({name}=False)" in str(refused.value)


@parametrize(
    "first, second",
    [(machine(), machine(flow=Flow.JWT_BEARER)), (code(), code())],
    ids=["of a machine", "of a person"],
)
def test_two_grants_for_one_kind_of_credential_are_refused(
    integration_of: Callable[..., Integration], first: OAuthSettings, second: OAuthSettings
) -> None:
    """Nothing in a request could tell them apart."""
    integration = integration_of(first, credentials=[CLIENT, PERSON])

    with pytest.raises(DuplicateCapabilityError, match="one grant for each kind of credential"):
        integration.add_module(OAuthModule(second))


UNDECLARED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "of type oauth and one of type oauth_client_credentials"),
    "auth": ({"auth": OAuthCredential}, "of type oauth and one of type oauth_client_credentials"),
    "one of the two": ({"credentials": [CLIENT, KEY]}, "of type oauth$"),
}
"""What an integration declares, and what the message says that it lacks."""


@parametrize("declared, lacking", UNDECLARED.values(), ids=UNDECLARED)
def test_each_of_two_grants_needs_a_credential_of_its_own(
    integration_of: Callable[..., Integration], declared: dict[str, Any], lacking: str
) -> None:
    """Else `info` could not tell of both."""
    integration = integration_of(code(), **declared)

    with pytest.raises(IntegrationError, match=rf"lacks a CredentialConfig {lacking}"):
        integration.add_module(OAuthModule(machine()))


def test_a_module_without_capabilities_is_no_second_grant(
    integration_of: Callable[..., Integration],
) -> None:
    """Settings whose capabilities are all switched off make room for another module."""
    off = OAuthCapabilities(handle_client_credentials_request=False, refresh_access_token=False)
    integration = integration_of(machine(capabilities=off), auth=OAuthCredential)

    integration.add_module(OAuthModule(code()))

    assert "get_authorization_url" in integration.capabilities
