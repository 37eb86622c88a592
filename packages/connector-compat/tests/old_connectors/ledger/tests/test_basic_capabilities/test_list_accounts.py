"""The cases of list_accounts, by the name of their module."""

import json
from typing import Any

import pytest
import pytest_cases
from pytest_httpx import HTTPXMock

from connector.generated import AuthCredential, BasicCredential, StandardCapabilityName
from connector.tests.mock_httpx import mock_requests
from connector.tests.type_definitions import ResponseBodyMap
from ledger_connector.client import BASE_URL
from ledger_connector.integration import integration

AUTH = AuthCredential(basic=BasicCredential(username="ann", password="hunter22"))


@pytest_cases.parametrize_with_cases(
    ["args", "response_body_map", "expected_response"],
    cases=["tests.test_basic_capabilities.test_list_accounts_cases"],
)
@pytest.mark.asyncio
async def test_list_accounts(
    httpx_mock: HTTPXMock, args: Any, response_body_map: ResponseBodyMap, expected_response: Any
) -> None:
    """The reply is the one of the case."""
    mock_requests(response_body_map, httpx_mock, host=BASE_URL)
    args.auth = AUTH
    reply = await integration.dispatch(
        StandardCapabilityName.LIST_ACCOUNTS, args.model_dump_json(by_alias=True)
    )
    assert json.loads(reply) == json.loads(expected_response.model_dump_json(by_alias=True))
