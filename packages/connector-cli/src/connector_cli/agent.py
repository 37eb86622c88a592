"""`connector agent run`: bundles tried as an on-premises agent would run them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from connector_cli.bundling.deployment import Deployment, Reply, deployed
from connector_cli.bundling.metadata import ON_PREM
from connector_cli.bundling.signals import ended_by_sigterm
from connector_cli.calls import NO_REPLY, REPLIED, Call, NoReply, WrongUse, read_request
from connector_cli.descriptors import Wire, say
from connector_cli.table import render_table

FAILED = "failed"
"""State of a bundle that is refused, or that gave no reply."""


@dataclass(frozen=True, slots=True)
class Order:
    """A call that each bundle is to carry out."""

    capability: str
    """Its name, with underscores."""

    request: bytes
    """JSON text."""


def order(capability: str | None, *, json: str | None, json_file: str | None) -> Order | None:
    """Return the call that a command line asks for, if it asks for one.

    Raises:
        typer.BadParameter: the request is missing, cannot be read, or is there without a call.
    """
    if capability is None:
        if json is not None or json_file is not None:
            raise typer.BadParameter("a request needs --once CAPABILITY, to which it goes")

        return None

    name = capability.replace("-", "_")
    try:
        request = read_request(Call(name, json, json_file), Wire(request=0, reply=1))
    except WrongUse as error:
        raise typer.BadParameter(str(error)) from None

    return Order(name, request.encode() if isinstance(request, str) else request)


def run_agent(bundles: Sequence[Path], *, order: Order | None, timeout: float) -> int:
    """Try bundles, show what was found, and return the exit code.

    The table of what was found is on stdout; with an order it is on stderr, and stdout has the
    replies, a line each. Why a bundle failed is on stderr.

    Parameters:
        bundles: paths of archives, each with its digest beside it.
        order: what to call besides `info`.
        timeout: seconds that each call may take.

    Returns:
        0 if there was a reply, be it an error reply, to each call of each bundle, else 1.
    """
    with ended_by_sigterm():
        rows = [_try(path, order=order, timeout=timeout) for path in bundles]

    table = render_table(rows, width=shutil.get_terminal_size().columns)
    typer.echo(table, err=order is not None)
    return NO_REPLY if any(row["state"] == FAILED for row in rows) else REPLIED


def _try(path: Path, *, order: Order | None, timeout: float) -> dict[str, str]:
    """Try one bundle, and return what the table has of it."""
    row = {"bundle": path.name, "state": FAILED}
    try:
        with deployed(path) as deployment:
            metadata = deployment.metadata
            row |= {"app_id": f"{metadata.app_id}{ON_PREM}", "version": metadata.version}
            reply = deployment.call("info", b"{}", timeout=timeout)
            info = _checked_info(reply, deployment)
            row |= {
                "took": f"{reply.seconds:.2f} s",
                "cpu": f"{reply.cpu_seconds:.2f} s",
                "capabilities": " ".join(map(str, info["capabilities"])),
            }
            if order is None:
                return row | {"state": "ready"}

            reply = deployment.call(order.capability, order.request, timeout=timeout)
            typer.echo(reply.line)
            return row | {"state": _state(reply)}
    except NoReply as error:
        say(f"connector: {path}: {error}")
        return row


def _checked_info(reply: Reply, deployment: Deployment) -> dict[str, Any]:
    """Return what a connector says of itself.

    Raises:
        NoReply: it is not who its bundle says it is, or says too little.
    """
    info = reply.data.get("response")
    wanted = {"app_id": str, "version": str, "capabilities": list}
    if not isinstance(info, dict) or not all(
        isinstance(info.get(key), kind) for key, kind in wanted.items()
    ):
        raise NoReply(f"info: the reply lacks some of {', '.join(wanted)}")

    metadata = deployment.metadata
    if info["version"] != metadata.version:
        raise NoReply(
            f"the bundle says it has version {metadata.version}, "
            f"and the connector in it {info['version']}"
        )

    if info["app_id"] != metadata.app_id:
        say(
            f"connector: warning: the connector calls itself {info['app_id']!r}, "
            f"and the bundle says {metadata.app_id!r}"
        )

    return info


def _state(reply: Reply) -> str:
    """Return what kind of reply it is: an error reply names its code."""
    if not reply.data.get("is_error"):
        return "replied"

    error = reply.data.get("error")
    return f"error: {error.get('error_code') if isinstance(error, dict) else '?'}"
