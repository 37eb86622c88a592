"""HTTP/2, with a server that speaks it: requests share a connection."""

import asyncio
import socket
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import trustme

from connector_sdk.http import AsyncClient, Tls
from connector_sdk.http.pool import shared_connections

pytestmark = pytest.mark.slow  # it needs packages of its own

AT_ONCE = 5


async def ask_at_once_and_later(folder: Path) -> tuple[list[httpx.Response], int]:
    """Make requests; return their responses, and over how many connections they came."""
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    clients = set()

    async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return

        clients.add(scope["client"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["http_version"].encode()})

    listening = socket.create_server(("127.0.0.1", 0))
    url = f"https://127.0.0.1:{listening.getsockname()[1]}"
    config = Config()
    config.certfile = config.keyfile = f"{folder}/server.pem"
    config.bind = [f"fd://{listening.detach()}"]
    config.loglevel = "ERROR"
    over = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(cast("Any", app), config, shutdown_trigger=over.wait))
        async with AsyncClient(
            base_url=url, http2=True, tls=Tls(ca_file=f"{folder}/ca.pem")
        ) as client:
            answers = await asyncio.gather(*(client.get("/") for _ in range(AT_ONCE)))
            answers.append(await client.get("/"))

        await shared_connections().aclose()  # the server waits for them
        over.set()

    return answers, len(clients)


def test_requests_share_a_connection(tmp_path: Path) -> None:
    """Requests at the same time, and one later, all come over the same connection."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(f"{tmp_path}/ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        f"{tmp_path}/server.pem"
    )
    answers, connections = asyncio.run(ask_at_once_and_later(tmp_path))
    assert ["2"] * (AT_ONCE + 1) == [answer.text for answer in answers]
    assert {"HTTP/2"} == {answer.http_version for answer in answers}
    assert 1 == connections
