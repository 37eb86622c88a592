"""Fixtures for the tests of a connector, active only where they are asked for.

A connector's `conftest.py` imports them by name; `pytest -p connector_sdk.testing.plugin` has them
everywhere. No entry point announces them, so other tests of an environment never meet them.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from connector_sdk.testing.interception import intercept
from connector_sdk.testing.mocking import MockedApp, UnexpectedRequestError, mock_requests
from connector_sdk.testing.own_servers import is_own
from connector_sdk.testing.responses import ResponseBodyMap

__all__ = ["MockHttp", "mock_http", "only_mocked_http"]

MockHttp = Callable[[ResponseBodyMap], MockedApp]
"""The fixture `mock_http`: lets the app answer as the map says for the rest of the test."""


@pytest.fixture(autouse=True)
def only_mocked_http() -> Iterator[None]:
    """Keep each test of the connector off the network, and fail one that tried to use it.

    Requests to a `FaultServer` that is running are let through: it is part of the test.
    """
    sent: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        sent.append(f"{request.method} {request.url}")
        raise UnexpectedRequestError(f"{sent[-1]} would leave this machine; mock it")

    with intercept(refuse, lets_through=is_own):
        yield

    if sent:
        pytest.fail(f"requests that were not mocked: {', '.join(sent)}", pytrace=False)


@pytest.fixture
def mock_http() -> Iterator[MockHttp]:
    """Answer the connector's requests from a map, as `mock_requests` does, until the test ends."""
    with ExitStack() as stack:
        yield lambda response_body_map: stack.enter_context(mock_requests(response_body_map))
