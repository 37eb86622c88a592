"""The old test kit: case modules by name, and responses for pytest-httpx."""

import asyncio
import runpy
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize
from pytest_httpx import HTTPXMock

from connector.generated import (
    ListAccountsRequest,
    ListAccountsResponse,
    OAuthCredential,
    StandardCapabilityName,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
)
from connector.httpx_rewrite import AsyncClient
from connector.oai.integration import DescriptionData, Integration
from connector.oai.modules.oauth_module_types import OAuthSettings
from connector.tests.coverage_check import case_coverage_check
from connector.tests.gather_cases import calculate_coverage, gather_cases
from connector.tests.mock_httpx import mock_requests
from connector.tests.type_definitions import MockedResponse
from connector_sdk.testing import CasesError, without_waiting

LIST = "tests.test_basic.test_list_accounts_cases"
VALIDATE = "tests.test_basic.test_validate_credentials_cases"
CHECK = "connector.tests.coverage_check"


@pytest.fixture
def integration() -> Integration:
    """A connector with two capabilities of its own, and those of OAuth."""
    integration = Integration(
        app_id="acme",
        version="1",
        auth=OAuthCredential,
        exception_handlers=[],
        description_data=DescriptionData("Acme", []),
        oauth_settings=OAuthSettings(
            authorization_url="https://auth.example/authorize",
            token_url="https://auth.example/token",
        ),
    )

    @integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        raise NotImplementedError

    @integration.register_capability(StandardCapabilityName.VALIDATE_CREDENTIALS)
    async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
        raise NotImplementedError

    return integration


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """A folder `tests` with the cases of one capability, and of one that is not registered."""
    folder = tmp_path / "acme/tests"
    (folder / "test_basic").mkdir(parents=True)
    for name in ("list_accounts", "list_resources"):
        (folder / f"test_basic/test_{name}_cases.py").write_text("", encoding="utf-8")

    return folder


class TestCases:
    """`gather_cases` and `calculate_coverage`."""

    def test_modules_are_named_from_the_folder_of_the_tests(
        self, integration: Integration, tests: Path
    ) -> None:
        """Only those of registered capabilities; the check stands for those without cases."""
        assert [LIST, CHECK] == gather_cases(integration, tests_dir_path=tests)

    def test_there_is_nothing_to_check_when_all_have_cases(
        self, integration: Integration, tests: Path
    ) -> None:
        """A module's capabilities need none."""
        (tests / "test_basic/test_validate_credentials_cases.py").write_text("", encoding="utf-8")
        assert [LIST, VALIDATE] == gather_cases(integration, None, tests)
        case_coverage_check()

    @parametrize(where=["test_all.py", "test_basic/test_all.py"])
    def test_the_folder_is_the_one_around_the_calling_file(
        self, integration: Integration, tests: Path, where: str
    ) -> None:
        """However deep below `tests` it is."""
        (tests / where).write_text(
            "from connector.tests.gather_cases import gather_cases\n"
            "found = gather_cases(integration, ['list_accounts'])\n",
            encoding="utf-8",
        )
        ran = runpy.run_path(str(tests / where), {"integration": integration})
        assert [LIST, CHECK] == ran["found"]

    def test_a_folder_that_is_not_there_is_an_error(
        self, integration: Integration, tmp_path: Path
    ) -> None:
        """And no empty list of cases."""
        with pytest.raises(CasesError, match="is not a folder"):
            gather_cases(integration, tests_dir_path=tmp_path / "nope")

    def test_the_check_fails_and_names_what_is_missing(
        self, integration: Integration, tests: Path
    ) -> None:
        """Of the connector whose cases were gathered."""
        gather_cases(integration, tests_dir_path=tests)
        with pytest.raises(pytest.fail.Exception, match="acme: validate_credentials"):
            case_coverage_check()

        (tests / "test_basic/test_validate_credentials_cases.py").write_text("", encoding="utf-8")
        gather_cases(integration, tests_dir_path=tests)

    @parametrize(
        "cases, missing",
        [
            ([LIST, VALIDATE], set()),
            ([LIST], {"validate_credentials"}),
            ([], {"list_accounts", "validate_credentials"}),
        ],
        ids=["all", "one", "none"],
    )
    def test_coverage_is_told(
        self, integration: Integration, cases: list[str], missing: set[str]
    ) -> None:
        """Whether it is complete, and what it lacks."""
        assert (not missing, missing) == calculate_coverage(integration, cases)


def ask(method: str, url: str, **options: Any) -> httpx.Response:
    """Send one request as a connector does."""

    async def send() -> httpx.Response:
        async with AsyncClient() as client:
            return await client.request(method, url, **options)

    with without_waiting():
        return asyncio.run(send())


class TestMockedRequests:
    """`mock_requests`."""

    def test_a_response_is_given_to_its_request(self, httpx_mock: HTTPXMock) -> None:
        """With its status, its body and its headers."""
        mock_requests(
            {"GET": {"/users": MockedResponse(httpx.codes.OK, {"users": []}, {"X-A": "b"})}},
            httpx_mock,
            host="https://app.example",
        )
        response = ask("GET", "https://app.example/users")
        assert {"users": []} == response.json()
        assert "b" == response.headers["x-a"]

    def test_a_key_can_be_a_whole_url(self, httpx_mock: HTTPXMock) -> None:
        """With its query."""
        url = "https://app.example/users?page=2"
        mock_requests({"GET": {url: MockedResponse(httpx.codes.OK, "two")}}, httpx_mock)
        assert "two" == ask("GET", url).text

    def test_a_request_can_be_told_by_its_body(self, httpx_mock: HTTPXMock) -> None:
        """The response says which JSON it asks for."""
        url = "https://app.example/users"
        created = MockedResponse(httpx.codes.CREATED, None, request_json_body={"name": "ann"})
        mock_requests({"POST": {url: created}}, httpx_mock)
        assert httpx.codes.CREATED == ask("POST", url, json={"name": "ann"}).status_code

    @pytest.mark.httpx_mock(assert_all_requests_were_expected=False)
    @parametrize(
        "method, url, options",
        [
            ("GET", "https://app.example/other", {}),
            ("POST", "https://app.example/users", {"json": {"name": "bob"}}),
        ],
        ids=["url", "body"],
    )
    def test_another_request_is_not_answered(
        self, httpx_mock: HTTPXMock, method: str, url: str, options: Any
    ) -> None:
        """At another URL, or with another body."""
        wanted = MockedResponse(httpx.codes.OK, None, request_json_body={"name": "ann"})
        wanted_url = "https://app.example/users"
        mock_requests({"POST": {wanted_url: wanted}}, httpx_mock)
        with pytest.raises(httpx.TimeoutException, match="No response can be found"):
            ask(method, url, **options)

        assert 200 == ask("POST", wanted_url, json={"name": "ann"}).status_code

    def test_a_response_that_makes_the_client_try_again_is_given_again(
        self, httpx_mock: HTTPXMock
    ) -> None:
        """So that the test sees how the connector fails."""
        url = "https://app.example/users"
        refused = MockedResponse(httpx.codes.TOO_MANY_REQUESTS, "slowly")
        mock_requests({"GET": {url: refused}}, httpx_mock)
        assert "slowly" == ask("GET", url).text
        assert 1 < len(httpx_mock.get_requests())

    def test_no_map_means_no_request(self, httpx_mock: HTTPXMock) -> None:
        """And nothing is expected."""
        mock_requests(None, httpx_mock)
        assert [] == httpx_mock.get_requests()
