"""The requests that are made of every side."""

import json
from typing import Any

AUTH = {"token": {"token": "token-of-the-bench"}}


def request(**fields: Any) -> str:
    """A request as JSON text."""
    return json.dumps({"auth": AUTH, "request": {}, **fields})


LONGEST = 100_000
"""Accounts of the longest list."""

CONSTANT = request()
"""The smallest: a list of no accounts."""


def accounts(size: int, token: str | None = None) -> str:
    """A request for a list of `size` accounts."""
    return request(page={"size": size, "token": token})


def calling_app(url: str) -> str:
    """A request that makes the connector ask the app at `url` for its users."""
    return request(settings={"url": url})
