"""The URL on which a user grants access."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from connector_oauth import (
    OAuthSettings,
    build_authorization_url,
    make_code_challenge,
    make_code_verifier,
)
from connector_sdk import get_settings
from connector_sdk.models import StandardCapabilityName

ASKED = {"client_id": "id", "scopes": [], "redirect_uri": "https://app.example/cb", "state": "xyz"}
TOKEN = "https://auth.example.com/token"

PLAIN = st.text(st.characters(codec="utf-8"))
SCOPE = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"\\'), min_size=1
)
"""Scopes in the grammar of RFC 6749, section 3.3."""

OWN = st.lists(st.tuples(PLAIN.map("own-{}".format), PLAIN))


def settings_of(url: Any, **fields: Any) -> OAuthSettings:
    """Settings with an authorization URL."""
    return OAuthSettings(authorization_url=url, token_url=TOKEN, **fields)


def query_of(url: str) -> dict[str, str]:
    """The parameters of a URL."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing=True))


@given(
    client_id=PLAIN,
    redirect_uri=PLAIN,
    state=PLAIN,
    scopes=st.lists(SCOPE, unique=True),
    own=OWN,
)
def test_the_url_parses_back_to_what_it_was_made_of(
    client_id: str, redirect_uri: str, state: str, scopes: list[str], own: list[tuple[str, str]]
) -> None:
    """Whatever the values, they come out as they went in, after the URL's own query."""
    from urllib.parse import quote_plus, urlencode

    own_query = urlencode(own, quote_via=quote_plus)
    base = (
        f"https://auth.example.com/a%2Fb?{own_query}" if own else "https://auth.example.com/a%2Fb"
    )
    url = build_authorization_url(
        base, client_id=client_id, redirect_uri=redirect_uri, state=state, scopes=scopes
    )
    expected = [
        *own,
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        *([("scope", " ".join(scopes))] if scopes else []),
        ("state", state),
    ]
    assert url.startswith(base)
    assert expected == parse_qsl(urlsplit(url).query, keep_blank_values=True)


@given(state=PLAIN)
def test_the_url_is_encoded_by_rfc_3986(state: str) -> None:
    """Only unreserved characters and percent-encoded octets stand in a value, and no plus."""
    url = build_authorization_url(
        "https://a.example/", client_id="a b", redirect_uri="c+d", state=state, scopes=["e", "f"]
    )
    assert "client_id=a%20b&redirect_uri=c%2Bd&scope=e%20f&state=" in url
    assert re.fullmatch(r"([A-Za-z0-9._~=&-]|%[0-9A-F]{2})*", urlsplit(url).query)


def test_the_challenge_is_that_of_rfc_7636() -> None:
    """The example of RFC 7636, appendix B."""
    challenge = make_code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" == challenge


def test_verifiers_are_long_and_never_the_same() -> None:
    """Each verifier is new, and in the grammar of RFC 7636, section 4.1."""
    verifiers = {make_code_verifier() for _ in range(100)}
    assert 100 == len(verifiers)
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", each) for each in verifiers)


def test_with_pkce_the_verifier_comes_beside_the_url_and_its_challenge_inside(call: Any) -> None:
    """The provider sees the challenge only; the platform keeps the verifier."""
    settings = settings_of("https://auth.example.com/authorize", pkce=True)
    response = call(settings, "get_authorization_url", ASKED)["response"]
    verifier, url = response["code_verifier"], response["authorization_url"]
    assert verifier not in url
    query = query_of(url)
    assert (make_code_challenge(verifier), "S256") == (
        query["code_challenge"],
        query["code_challenge_method"],
    )


def test_without_pkce_there_is_no_verifier(call: Any) -> None:
    """Neither a challenge nor a verifier comes without PKCE."""
    response = call(settings_of("https://a.example/"), "get_authorization_url", ASKED)["response"]
    assert response["code_verifier"] is None
    assert "code_challenge" not in query_of(response["authorization_url"])


def test_scopes_are_those_of_the_request(call: Any) -> None:
    """What the platform asks for is asked for, each scope once."""
    settings = settings_of("https://a.example/", scopes={"list_accounts": "other"})
    payload = {**ASKED, "scopes": ["b", "a c", "b"]}
    response = call(settings, "get_authorization_url", payload)["response"]
    assert "b a c" == query_of(response["authorization_url"])["scope"]


def test_scopes_are_else_those_of_the_settings_in_order(call: Any) -> None:
    """Without scopes in the request all declared ones are asked for, each once."""
    scopes: dict[str, str] = {
        StandardCapabilityName.VALIDATE_CREDENTIALS: "z:read a:read",
        StandardCapabilityName.LIST_ACCOUNTS: "m:read  z:read",
        "own_capability": "b",
    }
    settings = settings_of("https://a.example/", scopes=scopes)
    response = call(settings, "get_authorization_url", ASKED)["response"]
    assert "z:read a:read m:read b" == query_of(response["authorization_url"])["scope"]


def test_without_any_scope_the_provider_decides(call: Any) -> None:
    """An empty scope is not sent."""
    response = call(settings_of("https://a.example/"), "get_authorization_url", ASKED)["response"]
    assert "scope" not in query_of(response["authorization_url"])


class Acme(BaseModel):
    """A tenant's settings."""

    subdomain: str


def test_a_url_can_be_made_from_the_settings_and_the_form(call: Any, integration_of: Any) -> None:
    """A function of the connector sees the request; nothing of the form gets into the query."""

    def page(args: Any) -> str:
        host = f"{get_settings(args, Acme).subdomain}.{args.request.form_data['region']}"
        return f"https://{host}.example.com/authorize?prompt=consent"

    integration = integration_of(settings_of(page), settings_model=Acme)
    payload = {**ASKED, "form_data": {"region": "eu"}}
    reply = call(integration, "get_authorization_url", payload, settings={"subdomain": "acme"})
    url = reply["response"]["authorization_url"]
    assert url.startswith("https://acme.eu.example.com/authorize?prompt=consent&response_type=code")
    assert "eu" not in query_of(url).values()


def test_a_url_that_is_made_of_nonsense_is_a_bad_request(call: Any, integration_of: Any) -> None:
    """A made URL is held to the same rules, and what it is made of is not repeated."""

    def page(args: Any) -> str:
        return f"https://{get_settings(args, Acme).subdomain}.example.com/authorize"

    integration = integration_of(settings_of(page), settings_model=Acme)
    tenant = {"subdomain": "evil.example/#"}
    error = call(integration, "get_authorization_url", ASKED, settings=tenant)["error"]
    assert "bad_request" == error["error_code"]
    assert "authorization_url" in error["message"]
    assert "evil" not in error["message"]


def test_a_function_that_fails_keeps_its_own_error(call: Any, integration_of: Any) -> None:
    """Settings that do not fit are reported by the function's own reading of them."""

    def page(args: Any) -> str:
        return f"https://{get_settings(args, Acme).subdomain}.example.com/authorize"

    error = call(settings_of(page), "get_authorization_url", ASKED)["error"]
    assert ("bad_request", "get_authorization_url") == (
        error["error_code"],
        error["raised_in"].partition(":")[2],
    )
    assert "subdomain" in error["message"]
