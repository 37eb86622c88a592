"""The connector, called as the platform calls it."""

import json
from typing import Any

import pytest
from httpx import codes
from pytest_httpx import HTTPXMock

from connector.generated import StandardCapabilityName
from connector.oai.capability import (
    capability_has_authenticated_request,
    generate_capability_schema,
)
from connector.tests.mock_httpx import mock_requests
from connector.tests.type_definitions import MockedResponse
from vault_connector.integration import integration, list_accounts

HOST = "https://north.vault.example"
ADMIN = {"username": "root", "password": "hunter22", "pin": "0042", "note": "on call"}
CREDENTIALS = [
    {"id": "reader", "token": {"token": "t-1234567"}},
    {"id": "admin", "basic": ADMIN},
]


async def dispatch(name: str, request: Any, **envelope: Any) -> Any:
    """Call a capability."""
    document = {
        "credentials": CREDENTIALS,
        "settings": {"region": "north"},
        "request": request,
        **envelope,
    }
    return json.loads(await integration.dispatch(name, json.dumps(document)))


@pytest.mark.asyncio
async def test_keepers_are_listed(httpx_mock: HTTPXMock) -> None:
    """With what the app says of them."""
    keepers = {"keepers": [{"id": "k-1", "first": "Ann", "last": "Lee", "keys": 3}]}
    mock_requests({"GET": {"/keepers": MockedResponse(codes.OK, keepers)}}, httpx_mock, host=HOST)
    reply = await dispatch(StandardCapabilityName.LIST_ACCOUNTS, {}, include_raw_data=True)

    assert reply["raw_data"] == {"/keepers": keepers}
    assert reply["response"][0]["username"] == "Ann Lee"
    assert reply["response"][0]["extra_data"] == {"keys": "3"}
    assert [request.headers["x-key"] for request in httpx_mock.get_requests()] == ["t-1234567"]


@pytest.mark.asyncio
async def test_keys_are_taken_by_the_administrator(httpx_mock: HTTPXMock) -> None:
    """Who gives a second password."""
    httpx_mock.add_response(
        method="DELETE",
        url=f"{HOST}/keepers/k-1/keys",
        match_headers={"X-Pin": "0042", "Authorization": "Basic cm9vdDpodW50ZXIyMg=="},
    )
    reply = await dispatch(StandardCapabilityName.DEACTIVATE_ACCOUNT, {"account_id": "k-1"})

    assert reply["response"] == {"status": "INACTIVE", "deactivated": True}


@pytest.mark.asyncio
async def test_a_sealed_vault_is_told_as_such(httpx_mock: HTTPXMock) -> None:
    """By the connector's own handler."""
    httpx_mock.add_response(method="DELETE", url=f"{HOST}/keepers/k-1/keys", text="sealed")
    reply = await dispatch(StandardCapabilityName.DEACTIVATE_ACCOUNT, {"account_id": "k-1"})

    assert reply["error"]["message"] == "The vault is sealed: opens at noon"
    assert reply["error"]["error_code"] == "service_error"
    assert reply["error"]["app_error_code"] == "vault.sealed"


@pytest.mark.asyncio
async def test_an_odd_id_is_refused() -> None:
    """Before any request."""
    reply = await dispatch(StandardCapabilityName.DEACTIVATE_ACCOUNT, {"account_id": "7"})

    assert (reply["error"]["error_code"], reply["error"]["app_error_code"]) == (
        "bad_request",
        "vault.odd_id",
    )


@pytest.mark.asyncio
async def test_keys_are_counted(httpx_mock: HTTPXMock) -> None:
    """By the custom capability."""
    mock_requests(
        {"GET": {"/keys": MockedResponse(codes.OK, {"keys": [1, 2]})}}, httpx_mock, host=HOST
    )
    reply = await dispatch("count_keys", {})

    assert reply["response"] == {"count": 2}


def test_the_declaration_tells_of_its_credentials() -> None:
    """Each with its own fields."""
    schemas = integration.get_credentials_json_schema()

    assert [schema["id"] for schema in schemas] == ["reader", "admin"]
    assert schemas[1]["field_order"] == ["username", "password", "pin", "note"]
    assert capability_has_authenticated_request(list_accounts)
    assert generate_capability_schema("list_accounts", list_accounts).argument["type"] == "object"
