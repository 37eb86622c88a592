"""Calling a capability in a test as a platform does: JSON in, JSON out."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from connector_sdk import Integration

Reply = dict[str, Any]
"""A success or an error reply, read from its JSON."""


def call(
    integration: Integration,
    capability: str,
    request: BaseModel | Mapping[str, Any] | None = None,
    *,
    connection: Mapping[str, Any] | None = None,
) -> Reply:
    """Call a capability in an event loop of its own, and return the reply.

    Parameters:
        integration: the connector.
        capability: its name.
        request: the request, as its model or as JSON; None for an empty payload.
        connection: what every request of a tenant carries, `auth` or `credentials` and `settings`;
            what `request` gives itself comes before it.
    """
    text = json.dumps(as_request(request, connection=connection))
    reply: Reply = json.loads(asyncio.run(integration.dispatch(capability, text)))
    return reply


def as_request(
    request: BaseModel | Mapping[str, Any] | None, *, connection: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a request as JSON; parameters as for `call`."""
    if isinstance(request, BaseModel):
        request = request.model_dump(mode="json", by_alias=True, exclude_unset=True)

    return {"request": {}, **(connection or {}), **(request or {})}


def as_reply(response: BaseModel | Mapping[str, Any]) -> Reply:
    """Return a response as the JSON that a platform gets, to compare it with `call`'s.

    Parameters:
        response: the response's model; or JSON already, as where some of it is only `Matching`.
    """
    if isinstance(response, Mapping):
        return dict(response)

    return response.model_dump(mode="json", by_alias=True)


class Matching:
    """Equals each text that matches a pattern as a whole: for what differs from call to call.

    Parameters:
        pattern: a regular expression.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self._pattern.fullmatch(other) is not None

    def __hash__(self) -> int:
        return hash(self._pattern)

    def __repr__(self) -> str:
        return f"Matching({self._pattern.pattern!r})"
