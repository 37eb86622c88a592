"""What a tenant configures, and the one credential that a request carries."""

from collections.abc import Mapping
from typing import Any

import httpx
from pytest_cases import parametrize

from connector_sdk.testing import MockedResponse, call, intercept
from scim_connector.integration import integration

SETTINGS = {"base_url": "https://scim.example.com/scim/v2"}
CREDENTIALS: dict[str, dict[str, Any]] = {
    "bearer": {"id": "bearer", "token": {"token": "sample-token"}},
    "basic": {"id": "basic", "basic": {"username": "ada", "password": "sample-password"}},
    "oauth": {
        "id": "oauth",
        "oauth_client_credentials": {
            "access_token": "sample-access-token",
            "client_id": "client",
            "client_secret": "sample-secret",
            "scopes": [],
        },
    },
}


def ask(settings: Mapping[str, Any], *ids: str) -> tuple[dict[str, Any], list[httpx.Request]]:
    """List the accounts of an empty service; the reply, and what was sent."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return MockedResponse(200, {"totalResults": 0}).as_httpx(request)

    connection = {"settings": settings, "credentials": [CREDENTIALS[each] for each in ids]}
    with intercept(answer):
        return call(integration, "list_accounts", connection=connection), requests


@parametrize(
    "credential, header",
    [
        ("bearer", "Bearer sample-token"),
        ("basic", "Basic YWRhOnNhbXBsZS1wYXNzd29yZA=="),
        ("oauth", "Bearer sample-access-token"),
    ],
)
def test_each_credential_is_sent_in_its_way(credential: str, header: str) -> None:
    """A token and an access token go as Bearer, user name and password as Basic."""
    _, [request] = ask(SETTINGS, credential)
    assert header == request.headers["Authorization"]


@parametrize(
    "ids, message",
    [
        ((), "credentials: required, one of the ids bearer, basic, oauth"),
        (
            ("bearer", "basic"),
            "credentials: give exactly one of bearer, basic and oauth; there are 2",
        ),
        (
            ("bearer", "basic", "oauth"),
            "credentials: give exactly one of bearer, basic and oauth; there are 3",
        ),
    ],
    ids=["none", "two", "three"],
)
def test_exactly_one_credential_is_taken(ids: tuple[str, ...], message: str) -> None:
    """None and several are `bad_request`, the message says that it is one, and nothing is sent."""
    reply, requests = ask(SETTINGS, *ids)
    assert ("bad_request", message) == (reply["error"]["error_code"], reply["error"]["message"])
    assert [] == requests


@parametrize(
    "base_url",
    [
        "scim.example.com",
        "ftp://scim.example.com",
        "https://",
        "http://scim.example.com/v2",
        "https://ada:secret@scim.example.com/v2",
        "https://scim.example.com/v2?tenant=1",
        "https://scim.example.com/v2#users",
        "https://[scim",
    ],
)
def test_a_base_url_that_cannot_be_used_is_refused(base_url: str) -> None:
    """What is no URL, would send credentials in the clear, or has more than a path is refused."""
    reply, requests = ask({"base_url": base_url}, "bearer")
    assert ("bad_request", []) == (reply["error"]["error_code"], requests)
    assert "settings.base_url" in reply["error"]["message"]


def test_the_path_of_the_base_url_is_kept() -> None:
    """Endpoints stand below the base URL, with a slash at its end or without."""
    urls = {
        str(ask({"base_url": url}, "bearer")[1][0].url.copy_with(query=None))
        for url in ("https://scim.example.com/scim/v2", "https://scim.example.com/scim/v2/")
    }
    assert {"https://scim.example.com/scim/v2/Users"} == urls


def test_tokens_are_got_where_the_settings_say() -> None:
    """The client-credentials flow asks the token URL of the settings."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        body = {"access_token": "new-token", "token_type": "Bearer"}
        return MockedResponse(200, body).as_httpx(request)

    payload = {"client_id": "client", "client_secret": "sample-secret", "scopes": []}
    settings = {**SETTINGS, "token_url": "https://auth.example.com/token"}
    with intercept(answer):
        reply = call(
            integration,
            "handle_client_credentials_request",
            {"request": payload, "settings": settings},
        )

    assert "new-token" == reply["response"]["access_token"]
    assert ["https://auth.example.com/token"] == [str(each.url) for each in requests]


def test_without_a_token_url_no_token_can_be_got() -> None:
    """Who has the credential `oauth` has to say where its tokens are made."""
    payload = {"client_id": "client", "client_secret": "sample-secret", "scopes": []}
    reply = call(
        integration,
        "handle_client_credentials_request",
        {"request": payload, "settings": SETTINGS},
    )
    assert "integration_missing_parameter" == reply["error"]["error_code"]
