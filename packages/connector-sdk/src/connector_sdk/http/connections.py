"""Open connections of one way, on httpcore's connections; of those that are idle, the last is used.

httpcore's own pool asks every idle connection whether the app has closed it, when a request comes
and when it is done: with 8 of them that is a sixth of a request's time, and with 32 a third. Here
only the connection that is about to be used is asked.
"""

import asyncio
import select
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from socket import socket

import anyio
import httpcore
import httpx

from connector_sdk.http.responses import Response

MOST_IDLE = 32
"""Connections that a way keeps open for later requests."""

IDLE_SECONDS = 30.0
"""How long a connection stays open for later requests."""

_MEANINGS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
}
"""httpx's errors by httpcore's."""

_FAILURES = tuple(_MEANINGS)


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
        ImportError: the package that speaks SOCKS or HTTP/2 is missing.
    """
    if proxy is not None and proxy.url.scheme.startswith("socks"):
        import_module("socksio")  # or httpcore would miss it at the first request

    pool = httpcore.AsyncConnectionPool(
        ssl_context=context,
        proxy=None if proxy is None else _as_httpcore(proxy),
        # How many connections are open is for the gates to say, who know about tenants.
        max_connections=None,
        max_keepalive_connections=MOST_IDLE,
        keepalive_expiry=IDLE_SECONDS,
        http1=http1,
        http2=http2,
        network_backend=httpcore.AnyIOBackend(),
    )
    return WayTransport(pool, shares=http2)


def _is_replaced() -> bool:
    """Whether something else, such as a test, answers in the place of httpx's transport.

    Known by its name: it may have been replaced before this module was loaded.
    """
    method = httpx.AsyncHTTPTransport.handle_async_request
    return getattr(method, "__qualname__", "") != "AsyncHTTPTransport.handle_async_request"


class WayTransport(httpx.AsyncHTTPTransport):
    """Sends requests over connections that it keeps open.

    It is a transport of httpx because tests answer requests in the place of httpx's method: those
    of `connector_sdk.testing`, of pytest-httpx, and others.

    Parameters:
        pool: makes the connections; those that many requests share, of HTTP/2, it also keeps.
        shares: whether requests may share connections.
    """

    def __init__(self, pool: httpcore.AsyncConnectionPool, *, shares: bool) -> None:
        self._pool = pool
        self._shares = shares
        self._idle: list[_Connection] = []
        self._busy: set[_Connection] = set()
        self.users = 0
        """Requests whose responses are not closed yet."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its connection is free again when the response is closed.

        Raises:
            httpx.TransportError: there is no response.
        """
        if _is_replaced():
            return await super().handle_async_request(request)

        asked = httpcore.Request(
            method=request.method,
            url=_as_httpcore_url(request.url),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        self.users += 1
        try:
            response, leave = await self._send(asked)
        except _FAILURES as error:
            self.users -= 1
            raise _meaning(error) from error
        except BaseException:
            self.users -= 1
            raise

        return Response(
            response.status,
            headers=response.headers,
            stream=_Body(response, leave),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        connections = [*self._busy, *self._idle]
        self._busy.clear()
        self._idle.clear()
        for connection in connections:
            await connection.close()

        await self._pool.aclose()

    async def _send(
        self, request: httpcore.Request
    ) -> tuple[httpcore.Response, Callable[[], Awaitable[None]]]:
        """Send a request; return the response, and what to await when it is closed."""
        if self._shares:
            return await self._pool.handle_async_request(request), self._leave

        connection = await self._take(request.url.origin)
        try:
            response = await connection.http.handle_async_request(request)
        except BaseException:
            self._busy.discard(connection)
            await connection.close()
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

        connection = _Connection(origin, self._pool.create_connection(origin))
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


class _Body(httpx.AsyncByteStream):
    """A response's body, whose failures are httpx's; when it is closed, `leave` is awaited."""

    def __init__(self, response: httpcore.Response, leave: Callable[[], Awaitable[None]]) -> None:
        self._response = response
        self._leave = leave
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._response.stream, AsyncIterable)
        try:
            async for piece in self._response.stream:
                yield piece
        except _FAILURES as error:
            raise _meaning(error) from error

    async def aclose(self) -> None:
        if not self._is_open:
            return

        self._is_open = False
        try:
            await self._response.aclose()
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

    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _meaning(error: Exception) -> httpx.TransportError:
    return next(to for kind, to in _MEANINGS.items() if isinstance(error, kind))(str(error))
