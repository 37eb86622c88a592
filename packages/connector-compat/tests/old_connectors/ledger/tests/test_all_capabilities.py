"""All cases, as they are gathered."""

import json
from typing import Any

import pytest
import pytest_cases
from pytest_httpx import HTTPXMock

from connector.generated import AuthCredential, BasicCredential
from connector.tests.gather_cases import gather_cases
from connector.tests.mock_httpx import mock_requests
from connector.tests.type_definitions import ResponseBodyMap
from ledger_connector.client import BASE_URL
from ledger_connector.integration import integration

AUTH = AuthCredential(basic=BasicCredential(username="ann", password="hunter22"))
NAMES = {
    "ListAccountsRequest": "list_accounts",
    "ValidateCredentialsRequest": "validate_credentials",
}


@pytest_cases.parametrize_with_cases(
    ["args", "response_body_map", "expected_response"], cases=gather_cases(integration)
)
@pytest.mark.asyncio
async def test_a_capability(
    httpx_mock: HTTPXMock, args: Any, response_body_map: ResponseBodyMap, expected_response: Any
) -> None:
    """The reply is the one of the case."""
    mock_requests(response_body_map, httpx_mock, host=BASE_URL)
    args.auth = AUTH
    reply = await integration.dispatch(NAMES[type(args).__name__], args.to_json())
    assert json.loads(reply) == json.loads(expected_response.model_dump_json(by_alias=True))
