"""Every flow, against providers that other people wrote: the same tests for each of them."""

from dataclasses import dataclass
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_oauth import (
    ClientAuthenticationMethod,
    OAuthAssertion,
    OAuthCapabilities,
    OAuthFlowType,
    OAuthSettings,
)

pytestmark = pytest.mark.slow

METHODS = {
    "post": ClientAuthenticationMethod.CLIENT_SECRET_POST,
    "basic": ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
    "key": ClientAuthenticationMethod.PRIVATE_KEY_JWT,
    "public": ClientAuthenticationMethod.CLIENT_SECRET_POST,
}
"""How each client says who it is."""


@dataclass(frozen=True)
class Platform:
    """What the platform does with a connector that has nothing but the provider's issuer."""

    provider: Any
    client_id: str
    client_secret: str
    redirect_uri: str
    dispatch: Any

    def settings(self, **fields: Any) -> OAuthSettings:
        """The connector's settings."""
        audience = self.provider.assertion_audience
        if METHODS[self.client_id] is METHODS["key"] and audience is not None:
            fields["assertion"] = OAuthAssertion(claims={"aud": audience})

        return OAuthSettings(
            **{
                "issuer": self.provider.issuer,
                "client_auth": METHODS[self.client_id],
                "pkce": True,
                "capabilities": OAuthCapabilities(revoke_token=True),
                **fields,
            }
        )

    def call(self, capability: str, *, settings: OAuthSettings | None = None, **fields: Any) -> Any:
        """Call a capability as this client, and return the reply."""
        client = {"client_id": self.client_id, "client_secret": self.client_secret}
        return self.dispatch(settings or self.settings(), capability, {**client, **fields})

    def consent(self) -> tuple[str, str]:
        """Send a person to the provider; the redirect that comes back, and the verifier."""
        reply = self.call(
            "get_authorization_url",
            scopes=self.provider.scopes,
            redirect_uri=self.redirect_uri,
            state="st/ate+1",
        )
        page = reply["response"]
        return self.provider.agree(page["authorization_url"]), page["code_verifier"]

    def exchange(self, redirect: str, code_verifier: str | None) -> Any:
        """Exchange the code in a redirect, and return the reply."""
        return self.call(
            "handle_authorization_callback",
            redirect_uri_with_code=redirect,
            state="st/ate+1",
            code_verifier=code_verifier,
        )

    def log_in(self) -> dict[str, Any]:
        """Go through the whole code flow, and return the tokens."""
        tokens: dict[str, Any] = self.exchange(*self.consent())["response"]
        return tokens


@pytest.fixture
def platform(real_provider: Any, redirect_uri: str, secret: str, call: Any) -> Any:
    """Make a platform for one of the provider's clients."""

    def make(client_id: str = "post") -> Platform:
        pem = real_provider.key.as_pem(private=True).decode()
        secrets = {"post": secret, "basic": secret, "key": pem, "public": ""}
        return Platform(real_provider, client_id, secrets[client_id], redirect_uri, call)

    return make


@parametrize(client_id=list(METHODS))
def test_a_person_agrees_and_the_connector_gets_tokens(client_id: str, platform: Any) -> None:
    """The code flow with PKCE, from discovery to a refresh token that rotates."""
    connector = platform(client_id)
    tokens = connector.log_in()
    assert ("bearer", "st/ate+1") == (tokens["token_type"], tokens["state"])
    assert connector.provider.accepts(tokens["access_token"])

    old = tokens["refresh_token"]
    fresh = connector.call("refresh_access_token", refresh_token=old)["response"]
    assert fresh["refresh_token"] not in (None, old)

    reply = connector.call("refresh_access_token", refresh_token=old)
    assert "authentication_expired" == reply["error"]["error_code"]


def test_the_redirect_names_its_issuer(platform: Any) -> None:
    """Both providers keep RFC 9207, so a redirect without its issuer is refused."""
    connector = platform()
    redirect, verifier = connector.consent()
    assert "iss=" in redirect
    reply = connector.exchange(redirect.replace("iss=", "other="), verifier)
    assert "bad_request" == reply["error"]["error_code"]
    assert "bearer" == connector.exchange(redirect, verifier)["response"]["token_type"]


def test_a_code_is_good_for_one_time(platform: Any) -> None:
    """A code that was used is refused, and the secret is not in the reply."""
    connector = platform()
    redirect, verifier = connector.consent()
    assert "response" in connector.exchange(redirect, verifier)
    reply = connector.exchange(redirect, verifier)
    assert ("unauthorized", "invalid_grant") == (
        reply["error"]["error_code"],
        reply["error"]["app_error_code"],
    )
    assert connector.client_secret not in str(reply)


def test_a_code_that_expired_is_refused(platform: Any) -> None:
    """Who takes too long has to begin again."""
    connector = platform()
    redirect, verifier = connector.consent()
    with connector.provider.later():
        reply = connector.exchange(redirect, verifier)

    assert "unauthorized" == reply["error"]["error_code"]


def test_another_verifier_is_refused(platform: Any) -> None:
    """A stolen code is worth nothing: the provider compares the challenge."""
    connector = platform()
    redirect, _ = connector.consent()
    reply = connector.exchange(redirect, "x" * 43)
    assert "unauthorized" == reply["error"]["error_code"]


def test_a_refresh_token_that_expired_means_to_connect_again(platform: Any) -> None:
    """The platform learns that a person is needed."""
    connector = platform()
    tokens = connector.log_in()
    with connector.provider.later():
        reply = connector.call("refresh_access_token", refresh_token=tokens["refresh_token"])

    assert "authentication_expired" == reply["error"]["error_code"]


def test_a_token_that_was_given_back_is_void(platform: Any) -> None:
    """Neither the access token nor the refresh token works after its revocation."""
    connector = platform("basic")
    tokens = connector.log_in()
    for name in ("access_token", "refresh_token"):
        reply = connector.call("revoke_token", token=tokens[name], token_type_hint=name)
        assert {"revoked": True} == reply["response"]

    assert not connector.provider.accepts(tokens["access_token"])
    reply = connector.call("refresh_access_token", refresh_token=tokens["refresh_token"])
    assert "authentication_expired" == reply["error"]["error_code"]


def test_an_unknown_token_can_be_given_back(platform: Any) -> None:
    """It is void in any case (RFC 7009, section 2.2)."""
    reply = platform("basic").call("revoke_token", token="never issued")
    assert {"revoked": True} == reply["response"]


@parametrize(client_id=["post", "basic", "key"])
def test_a_client_acts_for_itself(client_id: str, platform: Any, request: Any) -> None:
    """Client credentials, by each way to say who it is that the provider has for them."""
    connector = platform(client_id)
    settings = connector.settings(
        flow_type=OAuthFlowType.CLIENT_CREDENTIALS, pkce=False, scopes={"list_accounts": ""}
    )
    reply = connector.call("handle_client_credentials_request", settings=settings, scopes=[])
    if client_id != "basic" and "canaille" in request.node.name:
        # It is the one that Authlib's grant takes: the others are refused, and told so.
        assert ("unauthorized", "invalid_client") == (
            reply["error"]["error_code"],
            reply["error"]["app_error_code"],
        )
        return

    assert "bearer" == reply["response"]["token_type"]


def test_a_wrong_secret_is_unauthorized(platform: Any) -> None:
    """The provider's own words are in the message, the secret is not."""
    connector = platform("basic")
    settings = connector.settings(flow_type=OAuthFlowType.CLIENT_CREDENTIALS, pkce=False)
    wrong = {"client_secret": "wrong-secret-1"}
    reply = connector.call(
        "handle_client_credentials_request", settings=settings, scopes=[], **wrong
    )
    assert ("unauthorized", 401) == (reply["error"]["error_code"], reply["error"]["status_code"])
    assert "wrong-secret-1" not in str(reply)
