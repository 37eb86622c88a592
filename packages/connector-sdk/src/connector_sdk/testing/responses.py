"""What an app is made to answer in a test: responses by method and URL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

EXAMPLE = '{"GET": {"/users": MockedResponse(200, {"users": []})}}'
"""A map of responses, for messages."""

ANY_HOST = "http://any.host"
"""Stands before a key that is only a path, so that it can be read as a URL."""


@dataclass(frozen=True, slots=True)
class MockedResponse:
    """One response of the app.

    Parameters:
        status_code: its HTTP status.
        response_body: the body: JSON for a dictionary or a list, else text or bytes as they are;
            None for an empty body.
        headers: its headers; they come before those that the body implies.
        request_json_body: the JSON body that the request must have; None for any request.
    """

    status_code: int
    response_body: dict[str, Any] | list[Any] | str | bytes | None = None
    headers: Mapping[str, str] | None = None
    request_json_body: Any = None

    def as_httpx(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request."""
        body = self.response_body
        if isinstance(body, dict | list):
            content: str | bytes | None = json.dumps(body)
            implied = {"Content-Type": "application/json"}
        else:
            content = body
            implied = {"Content-Type": "text/plain; charset=utf-8"} if body else {}

        headers = httpx.Headers(implied)
        headers.update(self.headers)
        return httpx.Response(
            int(self.status_code), headers=headers, content=content, request=request
        )


ResponseBodyMap = Mapping[str, Mapping[str, MockedResponse | Sequence[MockedResponse]]] | None
"""Responses by HTTP method, then by path or URL; several are given in turn. None for no app.

A key such as `/users` stands for the path with any query or none, `/users?page=2` for exactly this
query in any order, `https://app.example.com/users` for one host. The most exact key counts.
"""


@dataclass(slots=True)
class Route:
    """The responses to one kind of request, and how many were given."""

    method: str
    key: str
    responses: tuple[MockedResponse, ...]
    repeats: bool
    """Whether its one response is given again and again."""

    url: httpx.URL = field(init=False)
    given: int = 0

    def __post_init__(self) -> None:
        self.method = self.method.upper()
        self.url = httpx.URL(f"{ANY_HOST}{self.key}" if self.key.startswith("/") else self.key)
        if not self.url.host:
            raise ValueError(
                f"{self.key!r} is neither a path nor a URL; write '/users' or "
                "'https://app.example.com/users'"
            )

    @property
    def name(self) -> str:
        """Method and key, as the author wrote them."""
        return f"{self.method} {self.key}"

    @property
    def exactness(self) -> tuple[bool, bool]:
        """How much of a request the key determines, to compare it with others."""
        return bool(self.url.query), not self.key.startswith("/")

    def fits(self, request: httpx.Request, *, host: str | None) -> bool:
        """Tell whether a request is of this kind."""
        return (
            self.method == request.method.upper()
            and self._has_host_of(request.url, host)
            and _path(self.url) == _path(request.url)
            and (not self.url.query or _query(self.url) == _query(request.url))
        )

    @property
    def turn(self) -> MockedResponse | None:
        """The response whose turn it is; None when all were given."""
        position = 0 if self.repeats else self.given
        return self.responses[position] if position < len(self.responses) else None

    def accepts_body_of(self, request: httpx.Request) -> bool:
        """Tell whether a request has the body that the next response asks for, if it asks."""
        if self.turn is None or self.turn.request_json_body is None:
            return True

        try:
            return bool(json.loads(request.content) == self.turn.request_json_body)
        except ValueError:
            return False

    def _has_host_of(self, url: httpx.URL, host: str | None) -> bool:
        if not self.key.startswith("/"):
            return (self.url.scheme, self.url.netloc) == (url.scheme, url.netloc)

        return host is None or host in (url.host, url.netloc.decode("ascii"))


def routes_of(response_body_map: ResponseBodyMap) -> list[Route]:
    """Return the routes of a map, the most exact first.

    Raises:
        TypeError: the map has another shape.
        ValueError: a key is neither a path nor a URL, or has no response.
    """
    routes = [
        _route(method, key, responses)
        for method, by_url in _items(response_body_map or {}, "response_body_map")
        for key, responses in _items(by_url, f"response_body_map[{method!r}]")
    ]
    return sorted(routes, key=lambda route: route.exactness, reverse=True)


def _route(method: str, key: str, responses: Any) -> Route:
    if isinstance(responses, MockedResponse):
        return Route(method, key, (responses,), repeats=True)

    place = f"response_body_map[{method!r}][{key!r}]"
    if isinstance(responses, str | bytes) or not isinstance(responses, Sequence):
        raise _misshapen(place, responses)

    for position, response in enumerate(responses):
        if not isinstance(response, MockedResponse):
            raise _misshapen(f"{place}[{position}]", response)

    if not responses:
        raise ValueError(f"{method} {key} has no response; give at least one")

    return Route(method, key, tuple(responses), repeats=False)


def _items(value: Any, place: str) -> list[tuple[str, Any]]:
    """Return the pairs of a map, whose keys are text."""
    if not isinstance(value, Mapping):
        raise _misshapen(place, value)

    for key in value:
        if not isinstance(key, str):
            raise _misshapen(f"a key of {place}", key)

    return list(value.items())


def _misshapen(place: str, found: Any) -> TypeError:
    return TypeError(
        f"{place} is of type {type(found).__name__}; expected is a method, then a path or URL, "
        f"then a MockedResponse or a list of them: {EXAMPLE}"
    )


def _path(url: httpx.URL) -> bytes:
    return url.raw_path.partition(b"?")[0]


def _query(url: httpx.URL) -> list[tuple[str, str]]:
    return sorted(url.params.multi_items())
