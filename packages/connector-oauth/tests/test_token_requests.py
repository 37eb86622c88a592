"""What a token request says, and where it says it."""

import asyncio
import re
from base64 import b64decode
from typing import Any
from urllib.parse import unquote_plus

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pytest_cases import parametrize

from connector_oauth import (
    Client,
    ClientAuthenticationMethod,
    OAuthFlowType,
    OAuthRequest,
    OAuthSettings,
    RequestDataType,
    RequestMethod,
    TokenEndpoint,
    request_client_tokens,
)
from connector_oauth.client import prove
from connector_sdk import get_settings
from connector_sdk.models import StandardCapabilityName

TOKENS = {"access_token": "at-123456", "token_type": "bearer"}
CLIENT = {"client_id": "id:1", "client_secret": "s&cret +ü"}
BASIC = ClientAuthenticationMethod.CLIENT_SECRET_BASIC
POST = ClientAuthenticationMethod.CLIENT_SECRET_POST


def settings_of(token_url: Any, **fields: Any) -> OAuthSettings:
    """Settings for the client-credentials flow."""
    return OAuthSettings(
        token_url=token_url, **{"flow_type": OAuthFlowType.CLIENT_CREDENTIALS, **fields}
    )


def parameters_of(request: Any, data: RequestDataType) -> dict[str, str]:
    """What a request says, from where it should say it."""
    if data is RequestDataType.QUERY:
        return {name: value for name, value in request.query.items() if name != "tenant"}

    return dict(request.json if data is RequestDataType.JSON else request.form)


def test_a_piece_used_alone_asks_as_settings_do(provider: Any) -> None:
    """`TokenEndpoint` and `OAuthSettings` have one form of request, with one set of defaults."""
    provider.reply("/token", TOKENS)
    endpoint = TokenEndpoint(url=provider.token_url, request=OAuthRequest(method=RequestMethod.GET))
    client = Client(client_id="id", client_secret="secret-1")
    asyncio.run(request_client_tokens(endpoint, client))
    (request,) = provider.requests
    assert ("GET", "client_credentials") == (request.method, request.query["grant_type"])


@parametrize(method=list(RequestMethod))
@parametrize(data=list(RequestDataType))
@parametrize(client_auth=[BASIC, POST])
def test_a_request_has_its_parameters_where_the_provider_wants_them(
    method: RequestMethod,
    data: RequestDataType,
    client_auth: ClientAuthenticationMethod,
    provider: Any,
    call: Any,
) -> None:
    """Every form of request carries the same, and the URL's own query survives them all."""
    provider.reply("/token", TOKENS)
    settings = settings_of(
        f"{provider.token_url}?tenant=a%2Fb+c",
        request_type=OAuthRequest(method=method, data=data),
        client_auth=client_auth,
    )
    payload = {**CLIENT, "scopes": ["read", "write"]}
    reply = call(settings, "handle_client_credentials_request", payload)
    assert "at-123456" == reply["response"]["access_token"]

    [request] = provider.requests
    expected = {"grant_type": "client_credentials", "scope": "read write"}
    assert {**expected, **(CLIENT if client_auth is POST else {})} == parameters_of(request, data)
    assert (method.value, "a/b c") == (request.method, request.query["tenant"])
    assert (client_auth is BASIC) == ("authorization" in request.headers)


@parametrize(fields=[{"method": "GET"}, {"method": RequestMethod.GET, "data": None}])
def test_a_get_has_its_parameters_in_the_query_unless_said_otherwise(
    fields: dict[str, Any], provider: Any, call: Any
) -> None:
    """A provider that takes GET reads no body."""
    provider.reply("/token", TOKENS)
    settings = settings_of(provider.token_url, request_type=OAuthRequest(**fields))
    call(settings, "handle_client_credentials_request", {**CLIENT, "scopes": []})
    [request] = provider.requests
    assert ("GET", "") == (request.method, request.body)
    assert {"grant_type": "client_credentials", **CLIENT} == request.query


@parametrize(
    "data, content_type",
    {
        RequestDataType.FORMDATA: "application/x-www-form-urlencoded",
        RequestDataType.JSON: "application/json",
    }.items(),
    ids=str,
)
def test_a_body_says_what_it_is(
    data: RequestDataType, content_type: str, provider: Any, call: Any
) -> None:
    """The content type is that of the body, and JSON is asked for."""
    provider.reply("/token", TOKENS)
    settings = settings_of(provider.token_url, request_type=OAuthRequest(data=data))
    call(settings, "handle_client_credentials_request", {**CLIENT, "scopes": []})
    [request] = provider.requests
    assert (content_type, "application/json") == (
        request.headers["content-type"],
        request.headers["accept"],
    )


def test_basic_credentials_are_form_encoded_first(provider: Any, call: Any) -> None:
    """A colon in the id, or a letter outside ASCII, does not change who it is (RFC 6749, 2.3.1)."""
    provider.reply("/token", TOKENS)
    settings = settings_of(provider.token_url, client_auth=BASIC)
    call(settings, "handle_client_credentials_request", {**CLIENT, "scopes": []})
    [request] = provider.requests
    scheme, _, credentials = request.headers["authorization"].partition(" ")
    assert ("Basic", "id%3A1:s%26cret+%2B%C3%BC") == (scheme, b64decode(credentials).decode())


@given(
    client_id=st.text(st.characters(codec="utf-8")), secret=st.text(st.characters(codec="utf-8"))
)
def test_basic_credentials_parse_back(client_id: str, secret: str) -> None:
    """Whatever id and secret are, a provider that decodes as RFC 6749 says gets them back."""
    client = Client(client_id=client_id, client_secret=secret, authentication=BASIC)
    header = prove(client, audience="").headers["Authorization"]
    pair = b64decode(header.removeprefix("Basic ")).decode()
    assert [client_id, secret] == [unquote_plus(part) for part in pair.split(":")]


def test_a_client_without_a_secret_only_says_who_it_is(provider: Any, call: Any) -> None:
    """A public client sends no empty secret (RFC 6749, section 3.2.1)."""
    provider.reply("/token", TOKENS)
    payload = {"client_id": "id", "client_secret": "", "scopes": []}
    call(settings_of(provider.token_url), "handle_client_credentials_request", payload)
    [request] = provider.requests
    assert {"grant_type": "client_credentials", "client_id": "id"} == request.form


def test_a_refresh_sends_the_refresh_token(provider: Any, call: Any) -> None:
    """The request is that of RFC 6749, section 6, and asks for no other scopes."""
    provider.reply("/token", TOKENS)
    settings = settings_of(provider.token_url, scopes={"list_accounts": "read"})
    payload = {"client_id": "id", "client_secret": "secret", "refresh_token": "rt", "state": "s"}
    reply = call(settings, "refresh_access_token", payload)
    [request] = provider.requests
    assert request.form == {
        "grant_type": "refresh_token",
        "refresh_token": "rt",
        "client_id": "id",
        "client_secret": "secret",
    }
    assert "s" == reply["response"]["state"]


def test_scopes_are_else_those_of_the_settings(provider: Any, call: Any) -> None:
    """A client that asks for no scopes gets what the connector declares."""
    provider.reply("/token", TOKENS)
    scopes: dict[str, str] = {
        StandardCapabilityName.LIST_ACCOUNTS: "read",
        StandardCapabilityName.CREATE_ACCOUNT: "write read",
    }
    settings = settings_of(provider.token_url, scopes=scopes)
    call(settings, "handle_client_credentials_request", {**CLIENT, "scopes": []})
    assert "read write" == provider.requests[0].form["scope"]


class Tenant(BaseModel):
    """A tenant's settings."""

    path: str


def test_the_token_url_can_be_made_from_the_settings(
    provider: Any, call: Any, integration_of: Any
) -> None:
    """A function of the connector finds each tenant's endpoint."""
    provider.reply("/acme/token", TOKENS)
    settings = settings_of(lambda args: f"{provider.url}/{get_settings(args, Tenant).path}/token")
    integration = integration_of(settings, settings_model=Tenant)
    for capability, payload in {
        "handle_client_credentials_request": {**CLIENT, "scopes": []},
        "refresh_access_token": {**CLIENT, "refresh_token": "rt"},
    }.items():
        reply = call(integration, capability, payload, settings={"path": "acme"})
        assert "at-123456" == reply["response"]["access_token"]


def test_a_request_does_not_show_its_secrets() -> None:
    """What is logged of a client, or of what it sends, has no secret in it."""
    client = Client(client_id="id", client_secret="s3cret")
    assert "s3cret" not in f"{client} {prove(client, audience='')}"
    assert re.search(r"client_id='id'", repr(client))
