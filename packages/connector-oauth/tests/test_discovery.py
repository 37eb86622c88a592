"""Endpoints from an issuer, and a provider that would rather be another."""

import asyncio
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_oauth import OAuthFlowType, OAuthSettings, discover
from connector_oauth.discovery import metadata_fault
from connector_sdk import ConnectorError, call_budget
from connector_sdk.testing import without_waiting

OAUTH = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"
TOKENS = {"access_token": "at-123456", "token_type": "bearer"}
ASKED = {"client_id": "id", "scopes": [], "redirect_uri": "https://app.example/cb", "state": "xyz"}
CLIENT = {"client_id": "id", "client_secret": "secret-123456"}
BACK = "https://app.example/cb?code=c"


def metadata_of(provider: Any, path: str = "", **members: Any) -> dict[str, Any]:
    """What the provider says of itself."""
    return {
        "issuer": f"{provider.url}{path}",
        "authorization_endpoint": f"{provider.url}/authorize?via=discovery",
        "token_endpoint": provider.token_url,
        "revocation_endpoint": f"{provider.url}/revoke",
        **members,
    }


def code_flow(issuer: str, **fields: Any) -> OAuthSettings:
    """Settings that have nothing but an issuer."""
    return OAuthSettings(issuer=issuer, **fields)


def test_an_issuer_is_enough_for_the_code_flow(provider: Any, call: Any) -> None:
    """Both the page and the token endpoint are found."""
    provider.reply(OAUTH, metadata_of(provider))
    provider.reply("/token", TOKENS)
    settings = code_flow(provider.url)
    page = call(settings, "get_authorization_url", ASKED)["response"]["authorization_url"]
    assert page.startswith(f"{provider.url}/authorize?via=discovery&response_type=code&")

    payload = {**CLIENT, "redirect_uri_with_code": f"{BACK}&iss={provider.url}"}
    reply = call(settings, "handle_authorization_callback", payload)
    assert "at-123456" == reply["response"]["access_token"]


def test_an_issuer_is_enough_for_client_credentials(provider: Any, call: Any) -> None:
    """The token endpoint is found."""
    provider.reply(OAUTH, metadata_of(provider))
    provider.reply("/token", TOKENS)
    settings = code_flow(provider.url, flow_type=OAuthFlowType.CLIENT_CREDENTIALS)
    reply = call(settings, "handle_client_credentials_request", {**CLIENT, "scopes": []})
    assert "at-123456" == reply["response"]["access_token"]


def test_the_issuer_can_be_made_from_the_request(provider: Any, call: Any) -> None:
    """A tenant's own provider is found, too."""
    provider.reply(f"{OAUTH}/acme", metadata_of(provider, "/acme"))
    settings = OAuthSettings(issuer=lambda args: f"{provider.url}/{args.settings['tenant']}")
    reply = call(settings, "get_authorization_url", ASKED, settings={"tenant": "acme"})
    assert "authorization_url" in reply["response"]


def test_metadata_is_looked_for_where_both_standards_have_it(provider: Any) -> None:
    """RFC 8414 puts its word before the issuer's path, OpenID Connect after it."""
    provider.reply(f"/tenant{OPENID}", metadata_of(provider, "/tenant"))
    found = asyncio.run(discover(f"{provider.url}/tenant"))
    assert provider.token_url == found.token_endpoint
    assert [f"{OAUTH}/tenant", f"/tenant{OPENID}"] == [each.path for each in provider.requests]


def test_a_page_for_whatever_does_not_exist_is_no_metadata(provider: Any) -> None:
    """A site that answers every path with its own page does not hide the second place."""
    provider.reply(OAUTH, body=b"<html>Welcome</html>")
    provider.reply(OPENID, metadata_of(provider))
    assert provider.token_url == asyncio.run(discover(provider.url)).token_endpoint


FAULTS: dict[str, tuple[int, Any, str]] = {
    "503": (503, None, "service_error"),
    "429": (429, {}, "rate_limit"),
    "an error under 200": (200, {"error": "temporarily_unavailable"}, "api_error"),
    "another issuer": (200, {"issuer": "https://honest.example"}, "invalid_response"),
}
"""Status and body of the first place, and the code that they mean."""


@parametrize("status, document, code", FAULTS.values(), ids=list(FAULTS))
def test_a_fault_of_the_first_place_does_not_lead_to_the_second(
    status: int, document: Any, code: str, provider: Any, call: Any
) -> None:
    """What is there and cannot be used is told; the second place is only for where nothing is."""
    provider.reply(OAUTH, document, status=status)
    provider.reply(OPENID, metadata_of(provider))
    with without_waiting():  # a 429 is tried again
        error = call(code_flow(provider.url), "get_authorization_url", ASKED)["error"]

    assert (code, status) == (error["error_code"], error["status_code"])
    assert OPENID not in [request.path for request in provider.requests]


UNFIT: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://honest.example"},
    "no issuer": {"issuer": None},
    "an issuer with a slash more": {"issuer": "+/"},
    "a token endpoint without TLS": {"token_endpoint": "http://auth.example.com/token"},
    "a page that is no URL": {"authorization_endpoint": "javascript:alert(1)"},
    "an endpoint that is a list": {"revocation_endpoint": []},
}


@parametrize("members", UNFIT.values(), ids=list(UNFIT))
def test_metadata_that_cannot_be_trusted_is_not_used(
    members: dict[str, Any], provider: Any, call: Any
) -> None:
    """A provider can speak for itself only, and names no place that secrets may not go to."""
    document = metadata_of(provider, **members)
    if document["issuer"] == "+/":
        document["issuer"] = f"{provider.url}/"

    provider.reply(OAUTH, document)
    provider.reply(OPENID, document)
    provider.reply("/token", TOKENS)
    settings = code_flow(provider.url)
    payload = {**CLIENT, "redirect_uri_with_code": BACK}
    error = call(settings, "handle_authorization_callback", payload)["error"]
    assert "invalid_response" == error["error_code"]
    assert "/token" not in [request.path for request in provider.requests]


def test_no_metadata_is_the_providers_own_answer(provider: Any, call: Any) -> None:
    """The place that was asked last stands in the message."""
    error = call(code_flow(provider.url), "get_authorization_url", ASKED)["error"]
    assert ("api_error", 404) == (error["error_code"], error["status_code"])
    assert f"[404][{provider.url}{OPENID}]" in error["message"]


def test_metadata_without_an_endpoint_says_which_setting_to_give(provider: Any, call: Any) -> None:
    """The author is told what to do."""
    provider.reply(OAUTH, metadata_of(provider, authorization_endpoint=None))
    error = call(code_flow(provider.url), "get_authorization_url", ASKED)["error"]
    assert "invalid_response" == error["error_code"]
    assert "set authorization_url" in error["message"]


def test_a_silent_provider_is_asked_once(provider: Any, call: Any) -> None:
    """When the time is used up at the first place, the second is not tried."""
    provider.stall(OAUTH)
    with call_budget(0.4):
        error = call(code_flow(provider.url), "get_authorization_url", ASKED)["error"]

    assert "request_timeout" == error["error_code"]
    assert [OAUTH] == [request.path for request in provider.requests]


def test_what_is_configured_is_not_asked_for(provider: Any, call: Any) -> None:
    """With all URLs given, the issuer is only for comparing."""
    settings = OAuthSettings(
        issuer=provider.url, authorization_url=f"{provider.url}/own", token_url=provider.token_url
    )
    reply = call(settings, "get_authorization_url", ASKED)
    assert reply["response"]["authorization_url"].startswith(f"{provider.url}/own?")
    assert [] == provider.requests


def test_a_redirect_of_another_issuer_is_refused_before_any_call(provider: Any, call: Any) -> None:
    """The code of one provider is never shown to another (RFC 9207, section 2.4)."""
    provider.reply(OAUTH, metadata_of(provider))
    payload = {**CLIENT, "redirect_uri_with_code": f"{BACK}&iss=https://evil.example"}
    error = call(code_flow(provider.url), "handle_authorization_callback", payload)["error"]
    assert "bad_request" == error["error_code"]
    assert [] == provider.requests


def test_a_redirect_without_an_issuer_is_refused_where_one_was_promised(
    provider: Any, call: Any
) -> None:
    """A provider that always names itself did not send a redirect without a name."""
    document = metadata_of(provider, authorization_response_iss_parameter_supported=True)
    provider.reply(OAUTH, document)
    payload = {**CLIENT, "redirect_uri_with_code": BACK}
    error = call(code_flow(provider.url), "handle_authorization_callback", payload)["error"]
    assert "bad_request" == error["error_code"]
    assert [OAUTH] == [request.path for request in provider.requests]


@parametrize(issuer=["http://auth.example.com", "https://auth.example.com/?a=b", "nonsense"])
def test_what_is_no_issuer_is_not_asked(issuer: str) -> None:
    """An issuer that is used alone is held to the rules of one in settings."""
    with pytest.raises(ConnectorError) as refused:
        asyncio.run(discover(issuer))

    assert "bad_request" == refused.value.error_code.value


@parametrize(endless=[OAUTH, OPENID])
def test_metadata_without_an_end_is_not_read_to_it(endless: str, provider: Any, call: Any) -> None:
    """A provider cannot fill the memory, at either place."""
    provider.pour(endless)
    error = call(code_flow(provider.url), "get_authorization_url", ASKED)["error"]
    assert "invalid_response" == error["error_code"]


def test_a_provider_elsewhere_cannot_name_an_endpoint_on_this_machine() -> None:
    """Metadata by TLS that names plain HTTP would make the connector call what else is here."""
    document = {
        "issuer": "https://auth.example.com",
        "token_endpoint": "http://127.0.0.1:8080/admin",
    }
    assert "token_endpoint" in str(metadata_fault(document, "https://auth.example.com"))
