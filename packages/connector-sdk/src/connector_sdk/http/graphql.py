"""GraphQL over the same client: queries, mutations, and connections that are read in pages."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from connector_sdk.errors import ConnectorError
from connector_sdk.http.bodies import find, json_of
from connector_sdk.http.failures import place_of
from connector_sdk.http.paging import Batch
from connector_sdk.http.responses import invalid_response
from connector_sdk.models.errors import ErrorCode
from connector_sdk.redaction import redact

CODES = {
    "UNAUTHENTICATED": ErrorCode.UNAUTHORIZED,
    "UNAUTHORIZED": ErrorCode.UNAUTHORIZED,
    "AUTHENTICATION_ERROR": ErrorCode.UNAUTHORIZED,
    "FORBIDDEN": ErrorCode.PERMISSION_DENIED,
    "ACCESS_DENIED": ErrorCode.PERMISSION_DENIED,
    "NOT_FOUND": ErrorCode.NOT_FOUND,
    "BAD_REQUEST": ErrorCode.BAD_REQUEST,
    "BAD_USER_INPUT": ErrorCode.BAD_REQUEST,
    "GRAPHQL_PARSE_FAILED": ErrorCode.BAD_REQUEST,
    "GRAPHQL_VALIDATION_FAILED": ErrorCode.BAD_REQUEST,
    "RATE_LIMITED": ErrorCode.RATE_LIMIT,
    "RATELIMITED": ErrorCode.RATE_LIMIT,
    "THROTTLED": ErrorCode.RATE_LIMIT,
    "TOO_MANY_REQUESTS": ErrorCode.RATE_LIMIT,
    "INTERNAL_SERVER_ERROR": ErrorCode.SERVICE_ERROR,
    "SERVICE_UNAVAILABLE": ErrorCode.SERVICE_ERROR,
}
"""What codes mean that apps put into `extensions.code` or `type`; every other is `api_error`."""

STATUSES_WITH_ERRORS = frozenset({400, 422})
"""Statuses under which the body may say in GraphQL's own form what is wrong."""

MOST_MESSAGES = 5
"""Errors of one response that a message quotes."""

LONGEST_MESSAGE = 800
"""Characters of the app's own words in a message."""

_TOKEN = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|[{}]|\w+')


class GraphQL:
    """A GraphQL interface of an app.

    ```python
    graphql = GraphQL(client.http)
    data = await graphql.query("query ($id: ID!) { user(id: $id) { name } }", {"id": id})
    ```

    Parameters:
        http: the client.
        url: the endpoint, as for `client.post`.
    """

    def __init__(self, http: httpx.AsyncClient, url: str = "/graphql") -> None:
        self._http = http
        self._url = url

    async def query(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> dict[str, Any]:
        """Return the data of a query; it may be sent again when it fails, since it changes nothing.

        Parameters:
            document: the query.
            variables: its variables.
            operation_name: which of several operations in the document is meant.

        Raises:
            ValueError: the document has a mutation or a subscription.
            httpx.HTTPStatusError: the app refused the request.
            ConnectorError: the app answered with errors, also beside data.
            InvalidResponseError: the body is no GraphQL response.
        """
        others = set(_operations(document)) & {"mutation", "subscription"}
        if others:
            raise ValueError(f"the document has a {others.pop()}; use mutate for a mutation")

        response = await self._send(document, variables, operation_name, is_repeatable=True)
        return _data(response)

    async def mutate(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        operation_name: str | None = None,
    ) -> dict[str, Any]:
        """Return the data of a mutation; once it may have reached the app it is not sent again.

        Parameters and errors are those of `query`.
        """
        response = await self._send(document, variables, operation_name, is_repeatable=False)
        return _data(response)

    async def _send(
        self,
        document: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        *,
        is_repeatable: bool,
    ) -> httpx.Response:
        body: dict[str, Any] = {"query": document}
        if variables:
            body["variables"] = dict(variables)

        if operation_name is not None:
            body["operationName"] = operation_name

        return await self._http.post(
            self._url,
            json=body,
            headers={"Accept": "application/graphql-response+json, application/json;q=0.9"},
            extensions={"idempotent": is_repeatable},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQLConnection:
    """A connection with cursors as a list that is read in pages, for `read_page` and `all_items`.

    Parameters:
        document: a query with variables for size and cursor, which asks for `nodes` or for
            `edges { node }`, and for `pageInfo { hasNextPage endCursor }`.
        path: where the connection stands in the data, such as `organization.members`.
        variables: the query's other variables.
        url: the endpoint.
        cursor_variable: the variable for the cursor.
        size_variable: the variable for the size.
        size: items per page, when the platform does not say.
        largest_size: the most that the app allows.
    """

    document: str
    path: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    url: str = "/graphql"
    cursor_variable: str = "after"
    size_variable: str = "first"
    size: int = 100
    largest_size: int = 100

    async def read(self, http: httpx.AsyncClient, *, at: str | None, size: int | None) -> Batch:
        """Read one page; errors are those of `GraphQL.query`."""
        wanted = size if size is not None and size > 0 else self.size
        variables = {
            **self.variables,
            self.cursor_variable: at,
            self.size_variable: min(wanted, self.largest_size),
        }
        graphql = GraphQL(http, self.url)
        response = await graphql._send(self.document, variables, None, is_repeatable=True)  # noqa: SLF001
        connection = find(_data(response), self.path)
        items, info = _items(connection), find(connection, "pageInfo")
        if items is None or not isinstance(info, dict):
            raise invalid_response(response, f"has no connection with pageInfo at {self.path}")

        following = info.get("endCursor") if info.get("hasNextPage") else None
        if info.get("hasNextPage") and not isinstance(following, str):
            raise invalid_response(response, f"has a next page without cursor at {self.path}")

        return Batch(items=items, following=following, response=response)


def _items(connection: Any) -> list[Any] | None:
    nodes = find(connection, "nodes")
    if isinstance(nodes, list):
        return nodes

    edges = find(connection, "edges")
    return [find(edge, "node") for edge in edges] if isinstance(edges, list) else None


def _data(response: httpx.Response) -> dict[str, Any]:
    body = _body(response)
    errors = find(body, "errors")
    if errors:
        raise _refused(response, errors)

    data = find(body, "data")
    if not isinstance(data, dict):
        raise invalid_response(response, "has no data of a GraphQL response")

    return data


def _body(response: httpx.Response) -> Any:
    """Return the body, also of a failed request that says in GraphQL's own form what is wrong."""
    if response.status_code in STATUSES_WITH_ERRORS:
        with suppress(ValueError):
            body = response.json()
            if find(body, "errors"):
                return body

    return json_of(response)


def _refused(response: httpx.Response, errors: Any) -> ConnectorError:
    listed = (
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    )
    if not listed:
        return invalid_response(response, "has errors that are not of GraphQL's form")

    codes = [code for code in map(_code, listed) if code is not None]
    known = next((code for code in codes if code in CODES), None)
    words = "; ".join(str(error.get("message", "")) for error in listed[:MOST_MESSAGES])
    more = f"; and {len(listed) - MOST_MESSAGES} more" if len(listed) > MOST_MESSAGES else ""
    return ConnectorError(
        message=f"{place_of(response.request)}: {redact(words)[:LONGEST_MESSAGE]}{more}",
        error_code=ErrorCode.API_ERROR if known is None else CODES[known],
        app_error_code=known or next(iter(codes), None),
        status_code=response.status_code,
    )


def _code(error: dict[str, Any]) -> str | None:
    for code in (find(error, "extensions.code"), error.get("type")):
        if isinstance(code, str) and code:
            return code

    return None


def _operations(document: str) -> Iterator[str]:
    """Yield the first word of each definition in a document, such as `query` or `fragment`."""
    depth = 0
    is_start = True
    for token in _TOKEN.findall(document):
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
            is_start = depth == 0
        elif not depth and is_start and not token.startswith(("#", '"')):
            yield token
            is_start = False
