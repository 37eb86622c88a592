"""The lines that a worker reads: a request, a cancellation, or neither."""

import json
from dataclasses import dataclass

Identity = str | int
"""What a request goes by, chosen by the caller: a text or a whole number."""


@dataclass(frozen=True, slots=True)
class Request:
    """`{"id": 1, "capability": "list_accounts", "request": {...}}`."""

    id: Identity
    capability: str
    """Its name, with underscores."""

    text: str
    """The request as JSON text."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """`{"id": 1, "cancel": true}`."""

    id: Identity


@dataclass(frozen=True, slots=True)
class Invalid:
    """A line that is neither."""

    id: Identity | None
    """Its id, if it has one."""

    reason: str
    """What is wrong with it, and where; never what it holds."""


Message = Request | Cancel | Invalid


def parse(line: bytes) -> Message:
    """Return what one line says."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        where = f": {error}" if isinstance(error, json.JSONDecodeError) else ""
        return Invalid(None, f"the line is not JSON{where}")

    if not isinstance(data, dict):
        return Invalid(None, "the line is JSON, but not an object")

    identity = data.get("id")
    if not isinstance(identity, str | int) or isinstance(identity, bool):
        return Invalid(None, "id: must be a text or a whole number")

    if data.get("cancel") is True:
        return Cancel(identity)

    capability = data.get("capability")
    if not isinstance(capability, str):
        return Invalid(identity, "capability: must be the name of a capability")

    # A text of ASCII only: half of a surrogate pair is the business of whoever reads the request.
    return Request(identity, capability.replace("-", "_"), json.dumps(data.get("request", {})))
