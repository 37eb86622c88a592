"""The connector, called as the platform calls it."""

import json
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from connector.generated import (
    FoundAccountData,
    GetAuthorizationUrl,
    GetAuthorizationUrlRequest,
    GetAuthorizationUrlResponse,
    ListAccounts,
    ListAccountsRequest,
    ListAccountsResponse,
    RefreshAccessToken,
    RefreshAccessTokenRequest,
    RefreshAccessTokenResponse,
    StandardCapabilityName,
)
from quill_connector.integration import integration

SETTINGS = {"subdomain": "acme"}


async def dispatch(name: StandardCapabilityName, request: Any) -> Any:
    """Call a capability."""
    text = json.dumps({"auth": {"oauth": {"access_token": "at-1234567"}}, **request.to_dict()})
    return json.loads(await integration.dispatch(name, text))


@pytest.mark.asyncio
async def test_the_authorization_url_is_the_tenants() -> None:
    """It is made from the settings."""
    request = GetAuthorizationUrlRequest(
        request=GetAuthorizationUrl(
            client_id="c", scopes=["me"], redirect_uri="https://back.example", state="s"
        ),
        settings=SETTINGS,
    )
    reply = await dispatch(StandardCapabilityName.GET_AUTHORIZATION_URL, request)
    found = GetAuthorizationUrlResponse.from_dict(reply)

    assert found is not None
    assert found.response.code_verifier is not None
    assert found.response.authorization_url.startswith(
        "https://acme.quill.example/oauth/authorize?response_type=code&client_id=c"
    )


@pytest.mark.asyncio
async def test_a_token_is_refreshed_at_the_tenants_url(httpx_mock: HTTPXMock) -> None:
    """With the client's secret in the header."""
    httpx_mock.add_response(
        method="POST",
        url="https://acme.quill.example/oauth/token",
        match_headers={"Authorization": "Basic Yzpz"},
        json={"access_token": "at-2", "token_type": "Bearer"},
    )
    request = RefreshAccessTokenRequest(
        request=RefreshAccessToken(client_id="c", client_secret="s", refresh_token="r"),
        settings=SETTINGS,
    )
    reply = await dispatch(StandardCapabilityName.REFRESH_ACCESS_TOKEN, request)
    found = RefreshAccessTokenResponse.from_dict(reply)

    assert found is not None
    assert (found.response.access_token, found.response.token_type.value) == ("at-2", "bearer")


@pytest.mark.asyncio
async def test_accounts_are_listed(httpx_mock: HTTPXMock) -> None:
    """All that the app has."""
    httpx_mock.add_response(
        method="GET",
        url="https://acme.quill.example/api/writers",
        match_headers={"Authorization": "Token at-1234567"},
        json={"writers": [{"id": "1", "email": "ann@acme.example"}]},
    )
    request = ListAccountsRequest(request=ListAccounts(), settings=SETTINGS)
    reply = await dispatch(StandardCapabilityName.LIST_ACCOUNTS, request)
    expected = ListAccountsResponse(
        response=[FoundAccountData(integration_specific_id="1", email="ann@acme.example")]
    )
    assert reply["response"] == json.loads(expected.model_dump_json())["response"]


@pytest.mark.asyncio
async def test_an_attribute_of_the_module_is_listed() -> None:
    """The module that the connector added has registered its capability."""
    request = {"request": {}, "settings": SETTINGS, "auth": {"oauth": {"access_token": "at-1"}}}
    name = StandardCapabilityName.LIST_CUSTOM_ATTRIBUTES_SCHEMA
    reply = json.loads(await integration.dispatch(name, json.dumps(request)))

    assert [each["name"] for each in reply["response"]] == ["pen_name"]
