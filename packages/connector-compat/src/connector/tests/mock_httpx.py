"""Mocked HTTP with pytest-httpx."""

from typing import TYPE_CHECKING

from connector_sdk.http.retries import PASSING_STATUSES
from connector_sdk.testing import ResponseBodyMap
from connector_sdk.testing.responses import routes_of

if TYPE_CHECKING:
    from pytest_httpx import HTTPXMock

__all__ = ["mock_requests"]


def mock_requests(
    response_body_map: ResponseBodyMap, httpx_mock: "HTTPXMock", *, host: str | None = None
) -> None:
    """Let pytest-httpx answer the requests of a test; each has to be sent, and once.

    A response whose status lets the client send the request again is given each time.

    Parameters:
        response_body_map: responses by HTTP method and URL. None: no request is to be sent.
        httpx_mock: the fixture of pytest-httpx.
        host: what stands before each key to make it a URL, such as `https://app.example.com`.
    """
    for route in routes_of(response_body_map):
        for response in route.responses:
            body = response.request_json_body
            httpx_mock.add_callback(
                response.as_httpx,
                method=route.method,
                url=f"{host or ''}{route.key}",
                **({} if body is None else {"match_json": body}),
                **({"is_reusable": True} if response.status_code in PASSING_STATUSES else {}),
            )
