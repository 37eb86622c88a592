"""GraphQL: queries, mutations, errors and connections."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk import ConnectorError
from connector_sdk.http import (
    AsyncClient,
    GraphQL,
    GraphQLConnection,
    InvalidResponseError,
    all_items,
    read_page,
)
from connector_sdk.http.graphql import _operations
from connector_sdk.models import Page
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultTransport,
    run_in_virtual_time,
)

QUERY = "query User($id: ID!) { user(id: $id) { name } }"
MUTATION = 'mutation { createUser(name: "Ada") { id } }'
MEMBERS = """
query Members($team: ID!, $first: Int!, $after: String) {
  team(id: $team) { members(first: $first, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor }
  } }
}
"""


def run(
    answer: Callable[[httpx.Request], httpx.Response],
    body: Callable[[AsyncClient], Awaitable[Any]],
    schedule: FaultSchedule | None = None,
) -> tuple[Any, FaultTransport]:
    """What comes of something that is done with an app."""
    transport = FaultTransport(answer, schedule)

    async def main() -> Any:
        async with AsyncClient(base_url="https://app.test", transport=transport) as http:
            return await body(http)

    return run_in_virtual_time(main()), transport


def answering(status: int = 200, **body: Any) -> Callable[[httpx.Request], httpx.Response]:
    """An app that gives one answer."""
    return lambda _request: httpx.Response(status, json=body)


def error_of(answer: Callable[[httpx.Request], httpx.Response]) -> ConnectorError:
    """The error that a query ends in."""
    with pytest.raises(ConnectorError) as caught:
        run(answer, lambda http: GraphQL(http).query(QUERY))

    return caught.value


def test_a_query_is_sent_with_its_variables() -> None:
    """As JSON, by POST; what comes back is the data."""
    sent: list[Any] = []

    def app(request: httpx.Request) -> httpx.Response:
        sent.append((request.method, request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"data": {"user": {"name": "Ada"}}})

    async def body(http: AsyncClient) -> Any:
        graphql = GraphQL(http, "/api/graphql")
        return await graphql.query(QUERY, {"id": "7"}, operation_name="User")

    data, _ = run(app, body)
    assert {"user": {"name": "Ada"}} == data
    expected = {"query": QUERY, "variables": {"id": "7"}, "operationName": "User"}
    assert [("POST", "/api/graphql", expected)] == sent


def unavailable_once() -> FaultSchedule:
    """The first attempt of each request fails."""
    return FaultSchedule({"POST /graphql": [Fault(FaultKind.RESET_AFTER)]})


def test_a_query_is_sent_again_and_a_mutation_is_not() -> None:
    """Both go by POST, and one of them changes something."""
    app = answering(data={})
    _, transport = run(app, lambda http: GraphQL(http).query(QUERY), unavailable_once())
    assert 2 == len(transport.arrivals)
    with pytest.raises(httpx.ReadError):
        run(app, lambda http: GraphQL(http).mutate(MUTATION), unavailable_once())


@parametrize(
    "document",
    [
        MUTATION,
        f"{QUERY} {MUTATION}",
        f"# query\n{MUTATION}",
        "fragment F on User { id } mutation M { a }",
        "subscription { a }",
        '"""query""" mutation M { a }',
    ],
)
def test_a_mutation_is_not_sent_as_a_query(document: str) -> None:
    """It would be sent twice."""
    with pytest.raises(ValueError, match=r"mutation|subscription"):
        run(answering(data={}), lambda http: GraphQL(http).query(document))


@parametrize(
    "document",
    [
        "{ mutation { id } }",
        "query mutation { a }",
        'query { a(b: "} mutation {") }',
        'query { a(b: """ } mutation { \\""" """) }',
        "query { a } # mutation",
        "query ($mutation: ID!) { a }",
        "query Q($a: In = {mutation: 1}) { a }",
    ],
)
def test_the_word_mutation_makes_no_mutation(document: str) -> None:
    """Names, strings and comments may have it."""
    data, _ = run(answering(data={"a": 1}), lambda http: GraphQL(http).query(document))
    assert {"a": 1} == data


@settings(deadline=None)
@given(document=st.text(alphabet='{}"#\\ \nmutationquery'))
def test_no_document_is_more_than_unreadable(document: str) -> None:
    """The app says what is wrong with it."""
    list(_operations(document))


@parametrize(
    "error, code, app_code",
    [
        ({"extensions": {"code": "UNAUTHENTICATED"}}, "unauthorized", "UNAUTHENTICATED"),
        ({"extensions": {"code": "FORBIDDEN"}}, "permission_denied", "FORBIDDEN"),
        ({"type": "NOT_FOUND"}, "not_found", "NOT_FOUND"),
        ({"extensions": {"code": "BAD_USER_INPUT"}}, "bad_request", "BAD_USER_INPUT"),
        ({"extensions": {"code": "THROTTLED"}}, "rate_limit", "THROTTLED"),
        ({"extensions": {"code": "INTERNAL_SERVER_ERROR"}}, "service_error", None),
        ({"extensions": {"code": "SEATS"}}, "api_error", "SEATS"),
        ({"extensions": {"code": 7}}, "api_error", None),
        ({"extensions": None}, "api_error", None),
    ],
)
def test_errors_have_the_codes_of_the_contract(
    error: dict[str, Any], code: str, app_code: str | None
) -> None:
    """Data beside them is not taken for the whole."""
    raised = error_of(answering(data={"user": None}, errors=[{"message": "no", **error}]))
    assert (code, 200) == (raised.error_code.value, raised.status_code)
    assert "POST https://app.test/graphql: no" == raised.message
    assert app_code in (None, raised.app_error_code)


def test_the_first_known_code_of_several_counts() -> None:
    """And no more than five messages are quoted."""
    errors = [{"message": f"m{number}"} for number in range(8)]
    errors[3]["extensions"] = {"code": "FORBIDDEN"}  # type: ignore[assignment]
    raised = error_of(answering(errors=errors))
    assert "permission_denied" == raised.error_code.value
    assert raised.message.endswith("m0; m1; m2; m3; m4; and 3 more")


def test_errors_are_read_under_a_status_too() -> None:
    """As GraphQL over HTTP has it for a query that is not valid."""
    error = {"message": "no field x", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}
    raised = error_of(answering(400, errors=[error]))
    assert ("bad_request", 400) == (raised.error_code.value, raised.status_code)


@parametrize("status", [400, 401, 403, 422, 500])
def test_a_status_without_errors_stays_a_status(status: int) -> None:
    """A page of HTML says nothing in GraphQL."""
    with pytest.raises(httpx.HTTPStatusError):
        run(
            lambda _: httpx.Response(status, html="<html>"),
            lambda http: GraphQL(http).query(QUERY),
        )


@parametrize("body", [{}, {"data": None}, {"data": [1]}, {"errors": "no"}, {"errors": ["no"]}, [1]])
def test_another_body_is_an_invalid_response(body: Any) -> None:
    """Neither data nor errors."""
    raised = error_of(lambda _: httpx.Response(200, json=body))
    assert isinstance(raised, InvalidResponseError)


def members(request: httpx.Request) -> httpx.Response:
    """An app with a connection of seven members."""
    variables = json.loads(request.content)["variables"]
    start, size = int(variables["after"] or 0), min(variables["first"], 3)
    end = start + size
    nodes = [{"id": number} for number in range(7)][start:end]
    info = {"hasNextPage": end < 7, "endCursor": str(end)}
    connection = {"nodes": nodes, "pageInfo": info}
    return httpx.Response(200, json={"data": {"team": {"members": connection}}})


CONNECTION = GraphQLConnection(document=MEMBERS, path="team.members", variables={"team": "t"})


@parametrize("size", [None, 2, 1000])
def test_a_connection_is_read_in_pages(size: int | None) -> None:
    """With a token, as every list."""

    async def body(http: AsyncClient) -> list[int]:
        found: list[int] = []
        token = None
        while True:
            page = Page(token=token, size=size)
            items = await read_page(http, {"members": CONNECTION}, page=page)
            found.extend(item["id"] for item in items.items)
            token = items.token
            if token is None:
                return found

    assert list(range(7)) == run(members, body)[0]


def test_a_connection_of_edges_is_read_too() -> None:
    """The older form."""

    def app(_request: httpx.Request) -> httpx.Response:
        connection = {"edges": [{"node": {"id": 1}}], "pageInfo": {"hasNextPage": False}}
        return httpx.Response(200, json={"data": {"team": {"members": connection}}})

    async def body(http: AsyncClient) -> list[Any]:
        return [item async for item in all_items(http, CONNECTION)]

    assert [{"id": 1}] == run(app, body)[0]


@parametrize(
    "connection, words",
    [
        (None, "has no connection"),
        ({"nodes": []}, "has no connection with pageInfo"),
        ({"nodes": 1, "pageInfo": {}}, "has no connection"),
        ({"nodes": [], "pageInfo": {"hasNextPage": True}}, "next page without cursor"),
        (
            {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "a"}},
            "was read before",
        ),
    ],
)
def test_a_connection_of_another_shape_is_an_invalid_response(connection: Any, words: str) -> None:
    """The message says what is missing."""

    async def body(http: AsyncClient) -> list[Any]:
        return [item async for item in all_items(http, CONNECTION)]

    with pytest.raises(InvalidResponseError, match=words):
        run(answering(data={"team": {"members": connection}}), body)
