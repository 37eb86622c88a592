"""Giving a token back."""

from typing import Any

from pytest_cases import parametrize

from connector_oauth import ClientAuthenticationMethod, OAuthCapabilities, OAuthSettings

TOKEN = {"client_id": "id", "client_secret": "secret-123456", "token": "rt-123456"}


def settings_of(provider: Any, **fields: Any) -> OAuthSettings:
    """Settings with revocation switched on."""
    return OAuthSettings(
        authorization_url=provider.url,
        token_url=provider.token_url,
        revocation_url=f"{provider.url}/revoke",
        capabilities=OAuthCapabilities(revoke_token=True),
        **fields,
    )


def test_a_token_is_given_back(provider: Any, call: Any) -> None:
    """The request is that of RFC 7009, section 2.1; an empty answer is what it wants."""
    provider.reply("/revoke", body=b"")
    reply = call(
        settings_of(provider), "revoke_token", {**TOKEN, "token_type_hint": "refresh_token"}
    )
    assert {"revoked": True} == reply["response"]
    [request] = provider.requests
    assert request.form == {
        "token": "rt-123456",
        "token_type_hint": "refresh_token",
        "client_id": "id",
        "client_secret": "secret-123456",
    }


def test_the_client_says_who_it_is_as_at_the_token_endpoint(provider: Any, call: Any) -> None:
    """A client that uses Basic uses it here, too."""
    provider.reply("/revoke", {})
    basic = ClientAuthenticationMethod.CLIENT_SECRET_BASIC
    call(settings_of(provider, client_auth=basic), "revoke_token", TOKEN)
    [request] = provider.requests
    assert {"token": "rt-123456"} == request.form
    assert request.headers["authorization"].startswith("Basic ")


def test_a_refusal_has_its_code(provider: Any, call: Any) -> None:
    """An error is reported as at the token endpoint, without the token."""
    document = {"error": "unsupported_token_type", "error_description": "not rt-123456"}
    provider.reply("/revoke", document, status=400)
    error = call(settings_of(provider), "revoke_token", TOKEN)["error"]
    assert ("api_error", "unsupported_token_type") == (error["error_code"], error["app_error_code"])
    assert "not ***" in error["message"]


@parametrize("status, code", [(404, "api_error"), (500, "service_error")])
def test_a_failing_provider_has_its_code(provider: Any, call: Any, status: int, code: str) -> None:
    """Codes are those of the token endpoint (contract, section 8)."""
    provider.reply("/revoke", {}, status=status)
    assert code == call(settings_of(provider), "revoke_token", TOKEN)["error"]["error_code"]


def test_the_body_of_a_success_is_ignored(provider: Any, call: Any) -> None:
    """All that matters is in the status (RFC 7009, section 2.2)."""
    provider.reply("/revoke", body=b"<!doctype html>")
    assert {"revoked": True} == call(settings_of(provider), "revoke_token", TOKEN)["response"]


def test_the_endpoint_can_be_discovered(provider: Any, call: Any) -> None:
    """With an issuer, the revocation endpoint needs no setting."""
    metadata = {"issuer": provider.url, "revocation_endpoint": f"{provider.url}/revoke"}
    provider.reply("/.well-known/oauth-authorization-server", metadata)
    provider.reply("/revoke", {})
    settings = OAuthSettings(issuer=provider.url, capabilities=OAuthCapabilities(revoke_token=True))
    assert {"revoked": True} == call(settings, "revoke_token", TOKEN)["response"]
