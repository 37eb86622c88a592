"""Failed requests and bodies that are not what was expected, as a platform is told of them."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector_sdk import DescriptionData, Integration
from connector_sdk.http import (
    AsyncClient,
    InvalidResponseError,
    Response,
    create_client_response,
)
from connector_sdk.http.responses import LONGEST_EXCERPT
from connector_sdk.models import (
    AppCategory,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
    TokenCredential,
)
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultServer,
    run_in_virtual_time,
)

TOKEN = "token-that-nobody-may-see"


class User(BaseModel):
    """A user of the app."""

    id: int
    name: str


async def get_json(http: AsyncClient) -> Any:
    """What an author writes who knows no helper."""
    response = await http.get("/users?key=in-the-query")
    response.raise_for_status()
    return response.json()


async def get_user(http: AsyncClient) -> User:
    """What an author writes who has a model."""
    return create_client_response(await http.get("/users?key=in-the-query"), User)


async def post_user(http: AsyncClient) -> User:
    """A write."""
    return create_client_response(await http.post("/users?key=in-the-query", json={}), User)


def error_of(
    body: Callable[[AsyncClient], Awaitable[Any]],
    answer: httpx.Response | None = None,
    fault: FaultKind | None = None,
) -> dict[str, Any]:
    """The error of the reply when the app answers so, or fails so, however often it is asked."""
    integration = Integration(
        app_id="acme",
        version="1.0.0",
        auth=TokenCredential,
        exception_handlers=[],
        description_data=DescriptionData(
            user_friendly_name="Acme", categories=[AppCategory.INTERNAL]
        ),
    )

    def app(_request: httpx.Request) -> httpx.Response:
        return answer or httpx.Response(200, json={"id": 1, "name": "Ada"})

    async def main() -> dict[str, Any]:
        faults = [Fault(fault, seconds=1000.0)] * 9 if fault else []
        target = "/users?key=in-the-query"
        schedule = FaultSchedule({f"GET {target}": faults, f"POST {target}": faults})
        async with FaultServer(app, schedule) as server:

            @integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
            async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
                async with AsyncClient(base_url=server.url) as http:
                    await body(http)

                return ListAccountsResponse(response=[])

            request = {"auth": {"token": {"token": TOKEN}}, "request": {}}
            reply = json.loads(await integration.dispatch("list_accounts", json.dumps(request)))
            error: dict[str, Any] = reply["error"]
            error["message"] = error["message"].replace(server.url, "URL")
            return error

    return run_in_virtual_time(main())


UNEXPECTED = {
    "a login page": (httpx.Response(200, html="<html>Log in</html>"), "is not JSON"),
    "truncated JSON": (httpx.Response(200, text='{"id": 1, "na'), "is not JSON"),
    "nothing": (httpx.Response(204), "is not JSON"),
    "no text": (httpx.Response(200, content=b"\xff\xfe\xfd"), "is not JSON"),
    "JSON without end": (httpx.Response(200, text="[" * 100_000), "is not JSON"),
}


@parametrize("body", [get_json, get_user])
@parametrize("answer, words", UNEXPECTED.values(), ids=UNEXPECTED)
def test_a_body_that_is_no_json_is_an_invalid_response(
    answer: httpx.Response, words: str, body: Any
) -> None:
    """Whether its author used a model or `response.json()`."""
    error = error_of(body, answer)
    assert ("invalid_response", answer.status_code) == (error["error_code"], error["status_code"])
    assert words in error["message"]
    assert len(error["message"]) < 600


def test_the_message_has_all_that_helps_and_nothing_secret() -> None:
    """Method, URL without query, status, content type and the beginning of the body."""
    page = f"<html>Hello {TOKEN}" + "." * 5000
    error = error_of(get_json, httpx.Response(200, html=page))
    begin = "GET URL/users: 200, text/html; charset=utf-8: the body is not JSON; it begins: <html>"
    assert error["message"].startswith(begin)
    assert TOKEN not in error["message"]
    assert "in-the-query" not in error["message"]


def test_no_half_of_a_secret_is_left_where_the_body_is_cut() -> None:
    """A secret is replaced before the cut, which could leave what is not recognised any more."""
    page = "x" * (LONGEST_EXCERPT - 10) + TOKEN
    error = error_of(get_json, httpx.Response(200, text=page))
    assert TOKEN[:10] not in error["message"]
    assert error["message"].endswith("x***")


@parametrize(
    "data, place",
    [
        ({"id": "secret-value", "name": "Ada"}, "body.id: "),
        ({"id": 1}, "body.name: Field required"),
        ([1], "body: "),
        (None, "body: "),
    ],
)
def test_json_of_another_shape_names_the_places(data: Any, place: str) -> None:
    """What is wrong, before the beginning of the body."""
    error = error_of(get_user, httpx.Response(200, content=json.dumps(data)))
    fault, _, _ = error["message"].partition("; it begins: ")
    assert "invalid_response" == error["error_code"]
    assert f"does not fit User: {place}" in fault
    assert "secret-value" not in fault


def test_any_type_that_pydantic_reads_will_do() -> None:
    """A list of models, for example."""
    request = httpx.Request("GET", "http://app.test/users")
    body = [{"id": 1, "name": "Ada"}]
    response = Response(200, json=body, request=request)
    assert [User(id=1, name="Ada")] == create_client_response(response, list[User])
    with pytest.raises(InvalidResponseError, match=r"does not fit list\[.*User\]"):
        create_client_response(Response(200, json=[1], request=request), list[User])


def test_an_invalid_response_is_a_value_error() -> None:
    """Code that caught what httpx raises goes on to work."""
    response = Response(200, text="?", request=httpx.Request("GET", "http://app.test/"))
    with pytest.raises(ValueError, match="is not JSON"):
        response.json()


@parametrize(
    "status, code",
    [
        (302, "api_error"),
        (400, "bad_request"),
        (401, "unauthorized"),
        (403, "permission_denied"),
        (404, "not_found"),
        (409, "api_error"),
        (429, "rate_limit"),
        (500, "api_error"),
        (503, "api_error"),
    ],
)
@parametrize("body", [get_json, get_user, post_user])
def test_a_status_has_the_code_of_the_contract(status: int, code: str, body: Any) -> None:
    """With the body's beginning, and without the URL's query."""
    error = error_of(body, httpx.Response(status, text="it is so"))
    assert (code, status) == (error["error_code"], error["status_code"])
    assert f"[{status}][URL/users] it is so" == error["message"]


@parametrize(
    "fault, codes",
    [
        (FaultKind.LATENCY, {"request_timeout"}),
        (FaultKind.SLOW_BODY, {"request_timeout"}),
        (FaultKind.RESET_BEFORE, {"connection_closed"}),
        (FaultKind.RESET_AFTER, {"connection_closed"}),
        (FaultKind.RESET_IN_BODY, {"connection_closed"}),
        (FaultKind.THROTTLED, {"rate_limit"}),
        (FaultKind.LYING_THROTTLE, {"rate_limit"}),
        (FaultKind.UNAVAILABLE, {"api_error"}),
        (FaultKind.ERROR_AFTER_COMMIT, {"api_error"}),
        (FaultKind.TRUNCATED, {"invalid_response"}),
        (FaultKind.WRONG_BODY, {"invalid_response"}),
        (FaultKind.EXPIRED_TOKEN, {"unauthorized"}),
    ],
)
@parametrize("body", [get_json, post_user])
def test_each_fault_has_its_code(fault: FaultKind, codes: set[str], body: Any) -> None:
    """On real sockets, for reads and writes."""
    error = error_of(body, fault=fault)
    assert error["error_code"] in codes
    assert "in-the-query" not in error["message"]


def test_a_connection_that_breaks_off_is_told() -> None:
    """The words of httpx are empty."""
    error = error_of(post_user, fault=FaultKind.RESET_BEFORE)
    assert "POST URL/users: the connection broke off" == error["message"]


def test_a_host_that_refuses_is_told() -> None:
    """The message says which, and how often it was tried."""

    async def refused(_http: AsyncClient) -> None:
        async with AsyncClient() as http:
            await http.get("http://127.0.0.1:1/users")

    error = error_of(refused)
    assert "connection_rejected" == error["error_code"]
    assert "GET http://127.0.0.1:1/users: " in error["message"]
    assert error["message"].endswith(", after 4 attempts")


def test_a_header_that_cannot_be_sent_is_not_quoted() -> None:
    """The words of httpx would show the value, which may be a credential."""

    async def unsendable(http: AsyncClient) -> None:
        await http.get("/", headers={"X-Key": "line\nbreak-of-a-secret"})

    error = error_of(unsendable)
    assert "break-of-a-secret" not in error["message"]
    assert "line break in a header" in error["message"]
