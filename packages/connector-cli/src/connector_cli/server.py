"""A connector's HTTP server, for people who develop it and for platforms that speak HTTP.

`POST /<capability>` answers what `dispatch` answers, always with the status 200; what never
reaches `dispatch` has a status of its own and the same form of error reply (contract, section 9).
"""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from typing import NoReturn

from connector_cli.calls import REPLIED, NoReply, WrongUse, leave
from connector_cli.descriptors import say
from connector_cli.hosting import GRACE, Host, run
from connector_cli.http_app import HttpOptions, make_app
from connector_sdk import Integration
from connector_sdk.extras import MissingExtraError

try:
    import uvicorn

    from connector_cli.http_writes import GatheringProtocol
except ModuleNotFoundError as error:
    raise MissingExtraError("server", error, distribution="connector-cli") from error

PARTING = 1.0
"""Seconds after the grace time for error replies to be written, before connections are closed."""

TOKEN_VARIABLE = "CONNECTOR_HTTP_TOKEN"
"""Environment variable with the bearer token that requests must bring."""


def serve(integration: Integration, *, host: str, port: int, options: HttpOptions) -> NoReturn:
    """Answer requests until SIGTERM comes, then finish those that are being answered, and end.

    Parameters:
        integration: what is called.
        host: address or name to listen on.
        port: TCP port; 0 takes a free one.
        options: who is answered, and what.

    Raises:
        NoReply: the address cannot be listened on.
    """
    listening = _listen(host, port)
    say(f"{integration.app_id}: listening on {_url(listening)} (a page to try it on: /docs)")
    calls = Host(integration)
    config = uvicorn.Config(
        make_app(calls, options),
        http=GatheringProtocol,
        # Nothing here asks who the client is, or would believe what a proxy says of it.
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=int(GRACE + 2 * PARTING),
    )
    run(_serve(_Server(config, calls), listening, calls))
    leave(REPLIED)


def read_token(path: str | None) -> str | None:
    """Return the bearer token in a file, or else in the environment; None if there is none.

    Raises:
        WrongUse: the file cannot be read, or the token is empty: a server that should ask for one
            must not run without.
    """
    if path is None and TOKEN_VARIABLE not in os.environ:
        return None

    where = TOKEN_VARIABLE if path is None else f"--token-file {path!r}"
    token = os.environ.get(TOKEN_VARIABLE, "") if path is None else _read(path)
    if not token.strip():
        raise WrongUse(f"{where}: the token is empty")

    return token.strip()


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"--token-file: cannot read {path!r}: {error}") from None


async def _serve(server: "_Server", listening: socket.socket, calls: Host) -> None:
    await server.serve(sockets=[listening])
    await calls.settle()


class _Server(uvicorn.Server):
    """Ends on SIGTERM after what it is doing; Ctrl-C ends the process at once, as everywhere.

    Calls that are not done after the grace time get an error reply. Then connections are closed:
    what uvicorn cancels itself, it answers with a text and a traceback.
    """

    def __init__(self, config: uvicorn.Config, calls: Host) -> None:
        super().__init__(config)
        self._calls = calls

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(GRACE, self._calls.give_up)
        loop.call_later(GRACE + PARTING, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            transport: asyncio.Transport = connection.transport
            transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        previous = signal.signal(signal.SIGTERM, self.handle_exit)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, previous)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address, family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or error
        raise NoReply(
            f"cannot listen on {host}:{port}: {reason}; choose others with --host and --port"
        ) from None

    # asyncio does so for sockets that it makes: else a reply's body waits 40 ms for the client.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
