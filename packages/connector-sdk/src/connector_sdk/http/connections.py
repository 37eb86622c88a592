"""Open connections of one way, on httpcore's connections; of those that are idle, the last is used.

httpcore's own pool asks every idle connection whether the app has closed it, when a request comes
and when it is done: with 8 of them that is a sixth of a request's time, and with 32 a third. Here
only the connection that is about to be used is asked.
"""

import asyncio
import select
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from socket import socket
from typing import Any

import anyio
import httpcore
import httpx

from connector_sdk.http.network import ClosingNetwork

MOST_IDLE = 32
"""Connections that a way keeps open for later requests."""

IDLE_SECONDS = 30.0
"""How long a connection stays open for later requests."""

OURS = (b"http", b"https")
"""Schemes of requests that are sent here."""


@dataclass(slots=True, eq=False)
class _Connection:
    """An open connection that one request at a time uses."""

    origin: httpcore.Origin
    http: httpcore.AsyncConnectionInterface
    below: socket | None = None
    """Known once there is a response."""

    idle_since: float = 0.0

    def has_expired(self) -> bool:
        """Whether it was idle for too long, or the app has closed it."""
        # The connection itself would tell, but takes 35 us to find its socket.
        return self.idle_since + IDLE_SECONDS < _now() or (
            self.below is not None and _can_be_read(self.below)
        )

    async def close(self) -> None:
        """Close it, also when the task is being cancelled."""
        if not self.http.is_closed():
            with anyio.CancelScope(shield=True):
                await self.http.aclose()


def open_transport(
    context: ssl.SSLContext, proxy: httpx.Proxy | None, *, http1: bool, http2: bool
) -> "WayTransport":
    """Return a transport that has no connections yet.

    Parameters:
        context: how TLS is spoken with apps.
        proxy: what requests go through, if anything.
        http1: whether HTTP/1.1 may be spoken.
        http2: whether HTTP/2 may be spoken.

    Raises:
        ImportError: the package that speaks SOCKS is missing.
    """
    if proxy is not None and proxy.url.scheme.startswith("socks"):
        import_module("socksio")  # or httpcore would miss it at the first request

    maker = httpcore.AsyncConnectionPool(
        ssl_context=context,
        proxy=None if proxy is None else _as_httpcore(proxy),
        # How many connections are open is for the gates to say, who know about tenants.
        max_connections=None,
        max_keepalive_connections=MOST_IDLE,
        keepalive_expiry=IDLE_SECONDS,
        http1=http1,
        http2=http2,
        network_backend=ClosingNetwork(),
    )
    return WayTransport(KeptConnections(maker, shares=http2))


class WayTransport(httpx.AsyncHTTPTransport):
    """httpx's transport, with a pool of ours in the place of httpcore's.

    That place is not public. But the transport's method is where `connector_sdk.testing`,
    pytest-httpx and others answer in tests, so a transport of another class would pass them by.

    Parameters:
        connections: the pool.
    """

    def __init__(self, connections: "KeptConnections") -> None:
        self.connections = connections
        self._pool = connections  # type: ignore[assignment] # all that httpx calls is there


class KeptConnections:
    """Sends requests over connections that it keeps open.

    Parameters:
        maker: makes the connections; those that many requests share, of HTTP/2, it also keeps.
        shares: whether requests may share connections.
    """

    def __init__(self, maker: httpcore.AsyncConnectionPool, *, shares: bool) -> None:
        self._maker = maker
        self._shares = shares
        self._idle: list[_Connection] = []
        self._busy: set[_Connection] = set()
        self.users = 0
        """Requests whose responses are not closed yet."""

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request; its connection is free again when the response is closed."""
        self.users += 1
        try:
            response, leave = await self._send(request)
        except BaseException:
            self.users -= 1
            raise

        response.stream = _Body(response.stream, leave)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        connections = [*self._busy, *self._idle]
        self._busy.clear()
        self._idle.clear()
        cancelled = None
        for close in [*(each.close for each in connections), self._maker.aclose]:
            try:
                await close()
            except asyncio.CancelledError as error:
                cancelled = error  # when the others are closed, too

        if cancelled is not None:
            raise cancelled

    async def _send(
        self, request: httpcore.Request
    ) -> tuple[httpcore.Response, Callable[[], Awaitable[None]]]:
        """Send a request; return the response, and what to await when it is closed."""
        if self._shares or request.url.scheme not in OURS:  # which the maker refuses in words
            return await self._maker.handle_async_request(request), self._leave

        connection = await self._take(request.url.origin)
        try:
            response = await connection.http.handle_async_request(request)
        except BaseException as error:
            self._busy.discard(connection)
            await connection.close()
            if type(error).__module__.startswith("socksio"):
                raise httpcore.ProxyError(
                    f"it does not speak SOCKS as it should: {error}"
                ) from error

            raise

        if connection.below is None:
            stream: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
            connection.below = stream.get_extra_info("socket")

        return response, partial(self._give_back, connection)

    async def _leave(self) -> None:
        self.users -= 1

    async def _take(self, origin: httpcore.Origin) -> _Connection:
        """Return a connection that nobody uses: the one that was used last, or a new one."""
        while (connection := self._last_idle(origin)) is not None:
            self._idle.remove(connection)
            if not connection.has_expired():
                self._busy.add(connection)
                return connection

            await connection.close()

        connection = _Connection(origin, self._maker.create_connection(origin))
        self._busy.add(connection)
        return connection

    def _last_idle(self, origin: httpcore.Origin) -> _Connection | None:
        return next((each for each in reversed(self._idle) if each.origin == origin), None)

    async def _give_back(self, connection: _Connection) -> None:
        """Keep a connection for later requests, if it can be used for any, and close old ones."""
        self.users -= 1
        if connection not in self._busy:  # everything has been closed
            return

        self._busy.discard(connection)
        if connection.http.is_idle():
            connection.idle_since = _now()
            self._idle.append(connection)
        else:
            await connection.close()

        while self._idle and self._is_too_much(self._idle[0]):
            await self._idle.pop(0).close()

    def _is_too_much(self, oldest: _Connection) -> bool:
        return len(self._idle) > MOST_IDLE or oldest.idle_since + IDLE_SECONDS < _now()


class _Body:
    """A response's body; when it is closed, `leave` is awaited."""

    def __init__(self, stream: Any, leave: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._leave = leave
        self._is_open = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        if not self._is_open:
            return

        self._is_open = False
        try:
            await self._stream.aclose()
        finally:
            await self._leave()


def _as_httpcore(proxy: httpx.Proxy) -> httpcore.Proxy:
    return httpcore.Proxy(
        _as_httpcore_url(proxy.url),
        auth=proxy.raw_auth,
        headers=proxy.headers.raw,
        ssl_context=proxy.ssl_context,
    )


def _as_httpcore_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _now() -> float:
    return asyncio.get_running_loop().time()


def _can_be_read(sock: socket) -> bool:
    """Whether there is something to read; of an idle connection, that is its end."""
    if not hasattr(select, "poll"):  # on Windows, where select has no highest number
        return bool(select.select([sock], [], [], 0)[0])

    if sock.fileno() < 0:  # it was closed by hand
        return True

    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
