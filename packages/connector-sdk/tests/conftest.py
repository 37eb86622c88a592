"""What the tests of the core share: declaring a small integration, and asking it something."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from connector_sdk import DescriptionData, Integration

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def declare() -> Declare:
    """Declare an integration with what matters to a test, and the rest as it mostly is."""

    def make(**declaration: Any) -> Integration:
        plain: dict[str, Any] = {
            "app_id": "acme",
            "version": "1.2.3",
            "exception_handlers": [],
            "description_data": DescriptionData(user_friendly_name="Acme", categories=[]),
        }
        return Integration(**(plain | declaration))

    return make


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Dispatch one request, given as text or as data, and return the reply as data."""

    def dispatched(integration: Integration, name: str, request: Any) -> dict[str, Any]:
        text = request if isinstance(request, str | bytes) else json.dumps(request)
        reply = asyncio.run(integration.dispatch(name, text))
        assert not {"\n", "\r"} & set(reply), "a reply is one line"
        data: dict[str, Any] = json.loads(reply)
        return data

    return dispatched
