"""Replies for people: indented, as a table, or all pages of a list.

Never automatic: without these options everybody gets the one line (contract, section 9).
"""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_origin

from connector_cli.calls import NO_REPLY, REPLIED, Call, NoReply, WrongUse, is_error, read_request
from connector_cli.descriptors import Wire
from connector_cli.progress import Progress
from connector_cli.table import render_table
from connector_sdk import Integration
from connector_sdk.capability import Capability

WIDEST = 100_000
"""Columns of a table that no terminal shows: a program that pages or searches it wants it whole."""

_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that JSON does not escape and that steer a terminal, or reverse its text."""


@dataclass(frozen=True, slots=True)
class View:
    """How a reply is shown to a person."""

    pretty: bool = False
    table: bool = False
    all_pages: bool = False

    def check(self, call: Call) -> None:
        """Find out whether the options go together.

        Raises:
            WrongUse: they do not; `str()` names them.
        """
        if call.result_file_path is not None:
            raise WrongUse(
                "--result-file-path writes the reply as it is; "
                "leave out --all-pages, --pretty and --table"
            )

        if self.pretty and (self.table or self.all_pages):
            raise WrongUse("--pretty shows one reply; leave out --all-pages and --table")


def is_listing(capability: Capability) -> bool:
    """Tell whether the payload of a capability's response is a list."""
    return get_origin(capability.response_model.model_fields["response"].annotation) is list


def present(integration: Integration, wire: Wire, *, call: Call, view: View) -> int:
    """Carry out a call, show what comes back, and return the exit code.

    Raises:
        WrongUse: the request cannot be read.
        NoReply: a page of several is an error.
        ReaderGone: nobody reads the output.
    """
    request = read_request(call, wire)
    with asyncio.Runner() as runner:
        if view.all_pages:
            return _show_all(integration, call, request, runner=runner, view=view, wire=wire)

        reply = runner.run(integration.dispatch(call.name, request))

    if view.table and not is_error(reply):
        wire.write(_table(json.loads(reply)["response"], wire))
    else:
        _write_pretty(reply, wire)

    return NO_REPLY if call.fail and is_error(reply) else REPLIED


def _show_all(
    integration: Integration,
    call: Call,
    request: str | bytes,
    *,
    runner: asyncio.Runner,
    view: View,
    wire: Wire,
) -> int:
    gathered: list[Any] = []
    with Progress(call.name) as progress:
        for items in _pages(integration, call.name, request, runner):
            if view.table:
                gathered.extend(items)
            elif items:
                progress.clear()
                wire.write("\n".join(_lines(items)))

            progress.advance(len(items))

    if view.table:
        wire.write(_table(gathered, wire))

    return REPLIED


def _pages(
    integration: Integration, name: str, request: str | bytes, runner: asyncio.Runner
) -> Iterator[list[Any]]:
    """Yield the items of each page, from the one that the request asks for to the last.

    Raises:
        NoReply: a page is an error reply, or the pages go round in a circle.
    """
    seen: set[str] = set()
    number = 1
    while True:
        reply = json.loads(runner.run(integration.dispatch(name, request)))
        if reply.get("is_error"):
            error = reply["error"]
            raise NoReply(f"{name}, page {number}: {error['error_code']}: {error['message']}")

        yield reply["response"]
        token = (reply.get("page") or {}).get("token")
        if not token:
            return

        if token in seen:
            raise NoReply(f"{name}, page {number}: the connector gave this page token before")

        seen.add(token)
        number += 1
        request = _with_token(request, token)


def _with_token(request: str | bytes, token: str) -> str:
    """Return a request for another page; it was answered once, so it is a JSON object."""
    data = json.loads(request)
    data["page"] = {**(data.get("page") or {}), "token": token}
    return json.dumps(data)


def _lines(items: Iterable[Any]) -> Iterator[str]:
    return (json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items)


def _table(items: list[Any], wire: Wire) -> str:
    rows = [item if isinstance(item, dict) else {"value": item} for item in items]
    return render_table(rows, width=_columns(wire))


def _columns(wire: Wire) -> int:
    if not wire.is_terminal() and not os.environ.get("COLUMNS"):
        return WIDEST

    with wire.restored():
        return shutil.get_terminal_size().columns


def _write_pretty(reply: str, wire: Wire) -> None:
    indented = json.dumps(json.loads(reply), indent=2, ensure_ascii=False)
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", indented)
    wire.write(_coloured(text) if _wants_colour(wire) else text)


def _wants_colour(wire: Wire) -> bool:
    """Tell whether colours are wanted: on a terminal, unless `NO_COLOR` is set (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False

    return wire.is_terminal() or bool(os.environ.get("FORCE_COLOR"))


def _coloured(text: str) -> str:
    try:
        from rich.console import Console
        from rich.highlighter import JSONHighlighter
    except ModuleNotFoundError:  # a compiled connector has no rich
        return text

    console = Console(force_terminal=True, soft_wrap=True)
    with console.capture() as capture:
        console.print(JSONHighlighter()(text), end="")

    return capture.get()
