"""An HTTP server on loopback with an app behind it that fails by schedule, on real sockets."""

import asyncio
import socket
import ssl
import struct
from types import TracebackType
from typing import Self

import h11
import httpx

from connector_sdk.testing import own_servers
from connector_sdk.testing.faults import FaultSchedule
from connector_sdk.testing.faulty_app import Arrival, Ending, FaultyApp, Handler, Reply

PIECE = 65_536
"""Bytes that are read at a time."""

NO_LINGER = struct.pack("ii", 1, 0)
"""Option of a socket that is reset, not closed."""


class FaultServer:
    """Serves an app on a free port of 127.0.0.1 while the block runs.

    ```python
    async with FaultServer(app, RandomFaults(seed)) as server:
        async with AsyncClient(base_url=server.url) as client:
            ...
    ```

    The fixture `only_mocked_http` lets requests to it through.

    Parameters:
        handler: the app.
        schedule: the faults; None for none.
        ssl_context: the server's side of TLS; None for plain HTTP.
    """

    def __init__(
        self,
        handler: Handler,
        schedule: FaultSchedule | None = None,
        *,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._app = FaultyApp(handler, schedule or FaultSchedule())
        self._ssl_context = ssl_context
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.connections_made = 0

    @property
    def url(self) -> str:
        """The server's URL, without a path."""
        scheme = "http" if self._ssl_context is None else "https"
        return f"{scheme}://{own_servers.HOST}:{self.port}"

    @property
    def port(self) -> int:
        """The port that it listens on."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def arrivals(self) -> list[Arrival]:
        """What reached the app, in order."""
        return self._app.arrivals

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(
            self._serve, own_servers.HOST, 0, ssl=self._ssl_context
        )
        own_servers.opened(self.port)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the server and all its connections."""
        assert self._server is not None
        own_servers.closed(self.port)
        self._server.close()
        for task in self._connections:
            task.cancel()

        await asyncio.gather(*self._connections)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self.connections_made += 1
        try:
            await self._serve_requests(reader, writer)
        except (ConnectionError, h11.RemoteProtocolError, ssl.SSLError):
            pass  # the client has gone, or does not speak HTTP
        except asyncio.CancelledError:
            pass  # the server closes; asyncio would report a cancelled connection as a fault
        finally:
            writer.transport.abort()
            self._connections.discard(task)

    async def _serve_requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connection = h11.Connection(h11.SERVER)
        while True:
            request = await _read_request(connection, reader, self.url)
            if request is None:
                return

            reply = await self._app.answer(request)
            if not await _write(connection, writer, reply, is_head=request.method == "HEAD"):
                return

            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return

            connection.start_next_cycle()


async def _read_request(
    connection: h11.Connection, reader: asyncio.StreamReader, url: str
) -> httpx.Request | None:
    """Return the next request, its body read; None when the client closes."""
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(PIECE))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            # A client that takes the server for its proxy sends the whole URL (RFC 9112, 3.2.2).
            target = head.target.decode("ascii")
            return httpx.Request(
                head.method.decode("ascii"),
                target if target.startswith("http") else url + target,
                headers=head.headers.raw_items(),
                content=bytes(body),
            )
        else:
            return None


async def _write(
    connection: h11.Connection, writer: asyncio.StreamWriter, reply: Reply, *, is_head: bool
) -> bool:
    """Write a reply, and tell whether the connection lives on."""
    response = reply.response
    if response is None:
        _reset(writer)
        return False

    body = b"" if is_head else response.content
    headers = [pair for pair in response.headers.raw if pair[0].lower() != b"transfer-encoding"]
    writer.write(connection.send(_head(response, headers)) or b"")
    half = len(body) // 2
    writer.write(connection.send(h11.Data(data=body[:half])) or b"")
    await writer.drain()
    if reply.ending is Ending.RESET_IN_BODY:
        _reset(writer)
        return False

    if reply.ending is Ending.SLOW:
        await asyncio.sleep(reply.seconds)

    writer.write(connection.send(h11.Data(data=body[half:])) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()
    return True


def _head(response: httpx.Response, headers: list[tuple[bytes, bytes]]) -> h11.Response:
    return h11.Response(status_code=response.status_code, headers=headers)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection off, so that the client is told of an error and not of an end."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    writer.transport.abort()
