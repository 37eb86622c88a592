"""Ways to call the connector as a platform does: JSON in, JSON out."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest

from mock_connector.integration import integration

_NUMBERS = count(1)


def _call(host: str, capability: str, request: Any = None, **envelope: Any) -> Any:
    document = {
        "auth": {"basic": {"username": "foo", "password": "bar"}},
        "request": request or {},
        "settings": {"host": host},
        **envelope,
    }
    return json.loads(asyncio.run(integration.dispatch(capability, json.dumps(document))))


def _listed(host: str, capability: str, request: Any = None, **envelope: Any) -> list[Any]:
    items = []
    tokens = set()
    page = envelope.pop("page", None)
    while True:
        reply = _call(host, capability, request, page=page, **envelope)
        items += reply["response"]
        page = reply["page"]
        if page is None:
            return items

        assert page["token"] not in tokens, "the list never ends"
        tokens.add(page["token"])


@pytest.fixture(scope="session")
def call_at() -> Callable[..., Any]:
    """Call a capability of the tenant at a host, and return the reply."""
    return _call


@pytest.fixture(scope="session")
def listed_at() -> Callable[..., list[Any]]:
    """Read all pages of a list of the tenant at a host."""
    return _listed


@pytest.fixture
def host() -> str:
    """Name a tenant that no other test changes."""
    return f"tenant-{next(_NUMBERS)}.example.com"


@pytest.fixture
def call(host: str) -> Callable[..., Any]:
    """Call a capability of this test's own tenant."""
    return partial(_call, host)


@pytest.fixture
def listed(host: str) -> Callable[..., list[Any]]:
    """Read all pages of a list of this test's own tenant."""
    return partial(_listed, host)
