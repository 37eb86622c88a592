"""Mocked HTTP: the app's responses as a test writes them down, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from connector_sdk.testing.interception import intercept
from connector_sdk.testing.responses import ResponseBodyMap, Route, routes_of
from connector_sdk.testing.waiting import without_waiting


class UnexpectedRequestError(AssertionError):
    """Connector code sent a request for which the test has no response."""


class MockedApp:
    """The app of one test: answers what it was told to, and notes what it was asked."""

    def __init__(self, response_body_map: ResponseBodyMap, *, host: str | None = None) -> None:
        self.requests: list[httpx.Request] = []
        """The requests that it was sent, in order."""

        self._host = host
        self._routes = routes_of(response_body_map)
        self._unexpected: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            UnexpectedRequestError: there is no response for it.
        """
        self.requests.append(request)
        route, why_not = self._find(request)
        if route is None:
            return self._refuse(request, why_not)

        response = route.turn
        if response is None:
            return self._refuse(
                request, f"all {len(route.responses)} responses to {route.name} were given"
            )

        route.given += 1
        return response.as_httpx(request)

    def faults(self) -> list[str]:
        """Return what went otherwise than written down: unexpected requests, unused responses."""
        unused = [
            f"of {len(route.responses)} responses to {route.name}, {route.given} were asked for"
            for route in self._routes
            if route.given < len(route.responses)
        ]
        return self._unexpected + unused

    def _find(self, request: httpx.Request) -> tuple[Route | None, str]:
        fitting = [route for route in self._routes if route.fits(request, host=self._host)]
        accepting = next((route for route in fitting if route.accepts_body_of(request)), None)
        if accepting is not None:
            return accepting, ""

        if fitting:
            return None, f"its JSON body is not the one that {fitting[0].name} asks for"

        known = ", ".join(route.name for route in self._routes) or "nothing"
        at = f" at {self._host}" if self._host else ""
        return None, f"there are responses to {known}{at}"

    def _refuse(self, request: httpx.Request, why: str) -> httpx.Response:
        fault = f"unexpected request {request.method} {request.url}: {why}"
        self._unexpected.append(fault)
        raise UnexpectedRequestError(fault)


@contextmanager
def mock_requests(
    response_body_map: ResponseBodyMap, *, host: str | None = None
) -> Iterator[MockedApp]:
    """Answer the requests of connector code from a map of responses, and let no wait take time.

    ```python
    with mock_requests({"GET": {"/users": MockedResponse(200, {"users": []})}}) as app:
        reply = call(integration, "list_accounts", request)

    assert "Bearer ..." == app.requests[0].headers["Authorization"]
    ```

    Parameters:
        response_body_map: responses by method and path or URL; see `ResponseBodyMap`. None: the
            connector is not to send any request.
        host: the host whose paths the keys are, such as `app.example.com`; by default any.

    Raises:
        TypeError: the map does not have the shape of a `ResponseBodyMap`.
        ValueError: a key is neither a path nor a URL, or has no response.
        AssertionError: at the end, when connector code sent a request for which there is no
            response, even if it went on without one, or when a response was not asked for.
    """
    app = MockedApp(response_body_map, host=host)
    try:
        with without_waiting(), intercept(app.answer):
            yield app
    except BaseException as error:
        for fault in app.faults():
            error.add_note(fault)

        raise

    if app.faults():
        raise AssertionError("; ".join(app.faults()))
