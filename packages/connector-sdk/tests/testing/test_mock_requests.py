"""Mocked HTTP: which response a request gets, and what is said when there is none."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_sdk.http import NO_RETRIES, AsyncClient
from connector_sdk.testing import (
    MockedResponse,
    ResponseBodyMap,
    UnexpectedRequestError,
    mock_requests,
)

APP = "https://app.example.com"

Send = Callable[..., httpx.Response]


def send_sync(method: str, url: str, **options: Any) -> httpx.Response:
    """Send a request with httpx's own client."""
    with httpx.Client(verify=False) as client:
        return client.request(method, url, **options)


def send_async(method: str, url: str, **options: Any) -> httpx.Response:
    """Send a request with httpx's own asynchronous client."""

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(verify=False) as client:
            return await client.request(method, url, **options)

    return asyncio.run(send())


def send_shared(method: str, url: str, **options: Any) -> httpx.Response:
    """Send a request with the SDK's client, over its shared connections."""

    async def send() -> httpx.Response:
        async with AsyncClient(retries=NO_RETRIES) as client:
            return await client.request(method, url, **options)

    return asyncio.run(send())


def send_and_hide_failures() -> None:
    """Send a request as careless connector code does."""
    with suppress(Exception):
        send_sync("GET", f"{APP}/users")


def ok(name: str) -> MockedResponse:
    """A response that can be told from others."""
    return MockedResponse(200, {"name": name})


@parametrize(send=[send_sync, send_async, send_shared])
def test_every_client_of_httpx_is_answered(send: Send) -> None:
    """Plain, asynchronous and shared clients all get the response, and reach no network."""
    with mock_requests({"GET": {"/users": ok("users")}}) as app:
        response = send("GET", f"{APP}/users", headers={"X-Sent": "yes"})

    assert {"name": "users"} == response.json()
    assert ["yes"] == [request.headers["X-Sent"] for request in app.requests]


ROUTES: ResponseBodyMap = {
    "GET": {
        "/users": ok("list"),
        "/users?page=2&size=5": ok("second page"),
        "/users/1": ok("one"),
        "/users/a%2Fb": ok("encoded"),
        "https://other.example.com/users": ok("other host"),
    },
    "post": {"/users": ok("made")},
}


@parametrize(
    "method, url, expected",
    [
        ("GET", f"{APP}/users", "list"),
        ("GET", f"{APP}/users?page=3&size=5", "list"),
        ("GET", f"{APP}/users?size=5&page=2", "second page"),
        ("GET", f"{APP}/users/1", "one"),
        ("GET", f"{APP}/users/a%2Fb", "encoded"),
        ("GET", "https://other.example.com/users", "other host"),
        ("POST", f"{APP}/users", "made"),
    ],
    idgen="{method} {url}",
)
def test_the_most_exact_key_gives_the_response(method: str, url: str, expected: str) -> None:
    """Method, whole path, query in any order, and host count; a part of a path never does."""
    found = ""
    with suppress(AssertionError), mock_requests(ROUTES):  # the other routes are not asked for
        found = send_sync(method, url).json()["name"]

    assert expected == found


@parametrize(
    "method, url",
    [
        ("GET", f"{APP}/user"),
        ("GET", f"{APP}/users/12"),
        ("GET", f"{APP}/v1/users"),
        ("GET", f"{APP}/users/a/b"),
        ("DELETE", f"{APP}/users"),
        ("GET", f"{APP}/users/"),
    ],
)
def test_a_key_that_is_only_similar_gives_none(method: str, url: str) -> None:
    """A prefix, a suffix or another method is another request, and is named as such."""
    with pytest.raises(UnexpectedRequestError) as caught, mock_requests(ROUTES):
        send_sync(method, url)

    assert f"unexpected request {method} {url}" in str(caught.value)
    assert "there are responses to GET /users?page=2&size=5, " in str(caught.value)


def test_a_host_limits_the_paths() -> None:
    """With a host given, a path on another host has no response."""
    with mock_requests({"GET": {"/users": ok("list")}}, host="app.example.com"):
        assert "list" == send_sync("GET", f"{APP}/users").json()["name"]

    with (
        pytest.raises(UnexpectedRequestError),
        mock_requests({"GET": {"/users": ok("list")}}, host="app.example.com"),
    ):
        send_sync("GET", "https://app.example.com.evil.example/users")


def test_the_headers_arrive() -> None:
    """A response's own headers come along, before those that its body implies."""
    headers = {"Link": '<https://app.example.com/users?page=2>; rel="next"', "X-Rate": "7"}
    own_type = {"Content-Type": "application/scim+json"}
    responses = {"/a": MockedResponse(200, [], headers), "/b": MockedResponse(200, [], own_type)}
    with mock_requests({"GET": responses}):
        first, second = send_sync("GET", f"{APP}/a"), send_sync("GET", f"{APP}/b")

    assert ("7", "application/json") == (first.headers["X-Rate"], first.headers["Content-Type"])
    assert f"{APP}/users?page=2" == first.links["next"]["url"]
    assert ["application/scim+json"] == second.headers.get_list("Content-Type")


@parametrize(
    "body, content, content_type",
    [
        ({"a": "ä"}, b'{"a": "\\u00e4"}', "application/json"),
        ([], b"[]", "application/json"),
        ("ä", "ä".encode(), "text/plain; charset=utf-8"),
        (b"\xff", b"\xff", "text/plain; charset=utf-8"),
        (None, b"", None),
    ],
    idgen="{content}",
)
def test_the_body_is_sent_as_what_it_is(
    body: Any, content: bytes, content_type: str | None
) -> None:
    """Dictionaries and lists are JSON, texts and bytes are themselves, None is nothing."""
    with mock_requests({"GET": {"/": MockedResponse(200, body)}}):
        response = send_async("GET", APP)

    assert (content, content_type) == (response.content, response.headers.get("Content-Type"))


def test_several_responses_are_given_in_turn() -> None:
    """A list gives one response a request, and the request after the last is unexpected."""
    responses: ResponseBodyMap = {"GET": {"/users": [ok("first"), ok("second")]}}
    with mock_requests(responses):
        names = [send_sync("GET", f"{APP}/users").json()["name"] for _ in range(2)]

    assert ["first", "second"] == names

    with pytest.raises(UnexpectedRequestError, match="all 2 responses"), mock_requests(responses):
        [send_sync("GET", f"{APP}/users") for _ in range(3)]


def test_one_response_is_given_again_and_again() -> None:
    """A single response answers as many requests as there are."""
    with mock_requests({"GET": {"/users": ok("list")}}) as app:
        for _ in range(3):
            send_sync("GET", f"{APP}/users")

    assert 3 == len(app.requests)


def test_a_response_can_ask_for_a_body() -> None:
    """A request with another JSON body is unexpected, and with none too."""
    wanted: ResponseBodyMap = {
        "POST": {"/users": MockedResponse(201, request_json_body={"email": "ada@example.com"})}
    }
    with mock_requests(wanted):
        assert (
            201 == send_sync("POST", f"{APP}/users", json={"email": "ada@example.com"}).status_code
        )

    for options in ({"json": {"email": "grace@example.com"}}, {}):
        with pytest.raises(UnexpectedRequestError, match="JSON body"), mock_requests(wanted):
            send_sync("POST", f"{APP}/users", **options)


def test_a_response_that_nobody_asks_for_fails_the_test() -> None:
    """What is written down and not used is a mistake in the test, or in the connector."""
    with (
        pytest.raises(AssertionError, match="of 1 responses to GET /groups, 0 were asked for"),
        mock_requests({"GET": {"/users": ok("list"), "/groups": ok("groups")}}),
    ):
        send_sync("GET", f"{APP}/users")


def test_an_unexpected_request_fails_even_if_the_connector_hides_it() -> None:
    """Connector code that catches every exception cannot hide what it asked for."""
    with pytest.raises(AssertionError, match="unexpected request GET"), mock_requests(None):
        send_and_hide_failures()


def test_a_failed_test_is_told_what_went_wrong_besides() -> None:
    """The test's own failure stays, with a note of each fault of the requests."""
    with (
        pytest.raises(ValueError, match="mine") as caught,
        mock_requests({"GET": {"/users": ok("list")}}),
    ):
        raise ValueError("mine")

    assert ["of 1 responses to GET /users, 0 were asked for"] == caught.value.__notes__


@parametrize("key", ["users", "ftp//x", ""])
def test_a_key_that_is_no_url_is_refused(key: str) -> None:
    """A key is a path or a URL; anything else would never match."""
    with (
        pytest.raises(ValueError, match="neither a path nor a URL"),
        mock_requests({"GET": {key: ok("x")}}),
    ):
        pass


def test_an_empty_list_of_responses_is_refused() -> None:
    """A route without a response would only ever fail."""
    with pytest.raises(ValueError, match="has no response"), mock_requests({"GET": {"/a": []}}):
        pass


@parametrize(
    "wrong, where",
    [
        ({"/users": ok("x")}, "response_body_map['/users'] is of type MockedResponse"),
        ({"GET": "/users"}, "response_body_map['GET'] is of type str"),
        ({"GET": {"/users": {"users": []}}}, "response_body_map['GET']['/users'] is of type dict"),
        ({"GET": {"/users": "text"}}, "response_body_map['GET']['/users'] is of type str"),
        ({"GET": {"/users": [200]}}, "response_body_map['GET']['/users'][0] is of type int"),
        ({("GET", "/users"): ok("x")}, "a key of response_body_map is of type tuple"),
        ([ok("x")], "response_body_map is of type list"),
    ],
    idgen="{where}",
)
def test_a_map_of_another_shape_is_refused(wrong: Any, where: str) -> None:
    """The message names the place, what stands there, and shows a map as it is meant."""
    with pytest.raises(TypeError) as caught, mock_requests(wrong):
        pass

    assert str(caught.value).startswith(f"{where}; expected is a method, then a path or URL")
    assert '{"GET": {"/users": MockedResponse(200, ' in str(caught.value)


def test_the_network_is_back_afterwards() -> None:
    """After the block httpx sends for real again: here to a port on which nobody listens."""
    with mock_requests(None):
        pass

    with pytest.raises(httpx.ConnectError):
        send_sync("GET", "http://127.0.0.1:1/")
