"""Sockets for httpcore, on asyncio itself.

httpcore's own go through anyio: each read and write opens a cancel scope, and before each request
every open connection is asked whether the app has closed it, at 25 us each. With ten connections
that was a fifth of the CPU time of a request by HTTPS. Here the question takes 1 us.
"""

import asyncio
import select
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpcore

ResultT = TypeVar("ResultT")

NEXT_ADDRESS_AFTER = 0.25
"""Seconds after which a name's next address is tried as well (RFC 8305, section 5)."""

MOST_UNREAD = 256 * 1024
"""Bytes that have arrived and nobody has read. With more, no more is taken from the socket."""

PIECE = 64 * 1024
"""Bytes of TLS records that are taken at a time."""


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Opens connections on the running event loop."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a host.

        Raises:
            httpcore.ConnectTimeout: it takes too long.
            httpcore.ConnectError: there is no such host, or it refuses.
        """
        with _as_httpcore(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                _, stream = await asyncio.get_running_loop().create_connection(
                    _SocketStream,
                    host,
                    port,
                    local_addr=None if local_address is None else (local_address, 0),
                    happy_eyeballs_delay=NEXT_ADDRESS_AFTER,
                )

        for option in socket_options or ():
            stream.get_extra_info("socket").setsockopt(*option)

        return stream

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _SocketStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A TCP connection."""

    def __init__(self) -> None:
        self._unread = bytearray()
        self._has_news = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._is_over = False
        self._fault: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._socket: socket.socket = transport.get_extra_info("socket")
        self._ask = _question(self._socket)
        # A write is done when the operating system has taken all: the time limit is about that.
        transport.set_write_buffer_limits(0)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._has_news.set()
        if len(self._unread) > MOST_UNREAD:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        self._is_over = True
        self._has_news.set()
        return True  # the connection is closed by whoever uses it

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_over = True
        self._fault = exc
        self._has_news.set()
        self._may_write.set()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's interface
    ) -> bytes:
        if not self._unread and not self._is_over:
            self._has_news.clear()
            with _as_httpcore(httpcore.ReadTimeout, httpcore.ReadError):
                async with asyncio.timeout(timeout):
                    await self._has_news.wait()

        if not self._unread and self._fault is not None:
            raise httpcore.ReadError(self._fault) from self._fault

        data = bytes(self._unread[:max_bytes])
        del self._unread[:max_bytes]
        if not self._unread and not self._is_over:
            self._transport.resume_reading()

        return data

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's interface
    ) -> None:
        if not self._transport.is_closing():
            self._transport.write(buffer)

        if not self._may_write.is_set():
            with _as_httpcore(httpcore.WriteTimeout, httpcore.WriteError):
                async with asyncio.timeout(timeout):
                    await self._may_write.wait()

        if self._transport.is_closing():
            raise httpcore.WriteError(self._fault or "the connection is closed")

    async def aclose(self) -> None:
        self._transport.abort()
        await asyncio.sleep(0)  # after which the event loop has closed the socket

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        return await _speaking_tls(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return bool(self._unread) or self._is_over or self._ask()

        if info == "socket":
            return self._socket

        name = {"client_addr": "sockname", "server_addr": "peername"}.get(info)
        return None if name is None else self._transport.get_extra_info(name)


class _TlsStream(httpcore.AsyncNetworkStream):
    """TLS over another stream, which may speak TLS itself: with a proxy."""

    def __init__(
        self,
        below: httpcore.AsyncNetworkStream,
        context: ssl.SSLContext,
        server_hostname: str | None,
    ) -> None:
        self._below = below
        self._arrived = ssl.MemoryBIO()
        self._leaving = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._arrived, self._leaving, server_hostname=server_hostname)

    async def shake_hands(self) -> None:
        """Agree with the other side on keys, and check who it is."""
        await self._go_on(self._tls.do_handshake)

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's interface
    ) -> bytes:
        try:
            return await self._go_on(self._tls.read, max_bytes, timeout=timeout)
        except ssl.SSLEOFError:
            return b""  # many servers end without saying so; HTTP knows whether all has come
        except ssl.SSLError as error:
            raise httpcore.ReadError(error) from error

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's interface
    ) -> None:
        try:
            await self._go_on(self._tls.write, buffer, timeout=timeout)
        except ssl.SSLError as error:
            raise httpcore.WriteError(error) from error

    async def aclose(self) -> None:
        await self._below.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        return await _speaking_tls(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else self._below.get_extra_info(info)

    async def _go_on(
        self,
        step: Callable[..., ResultT],
        *arguments: Any,
        timeout: float | None = None,  # noqa: ASYNC109 # of each read and write below
    ) -> ResultT:
        """Take a step of TLS, as soon as what it needs has arrived, and send what it says."""
        while True:
            try:
                result = step(*arguments)
            except ssl.SSLWantReadError:
                await self._send(timeout)
                data = await self._below.read(PIECE, timeout=timeout)
                self._arrived.write(data) if data else self._arrived.write_eof()
            else:
                await self._send(timeout)
                return result

    async def _send(self, timeout: float | None) -> None:  # noqa: ASYNC109 # see above
        if self._leaving.pending:
            await self._below.write(self._leaving.read(), timeout=timeout)


async def _speaking_tls(
    below: httpcore.AsyncNetworkStream,
    context: ssl.SSLContext,
    server_hostname: str | None,
    timeout: float | None,  # noqa: ASYNC109 # httpcore's interface
) -> httpcore.AsyncNetworkStream:
    """Return a stream over another one, which is closed if that fails.

    Raises:
        httpcore.ConnectTimeout: it takes too long.
        httpcore.ConnectError: the other side does not speak TLS, or is not to be trusted.
    """
    try:
        with _as_httpcore(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                stream = _TlsStream(below, context, server_hostname)
                await stream.shake_hands()

    except BaseException:
        await below.aclose()
        raise

    return stream


@contextmanager
def _as_httpcore(too_late: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Raise httpcore's errors for those of sockets, TLS and time limits."""
    try:
        yield
    except TimeoutError as error:
        raise too_late(error) from error
    except (OSError, httpcore.NetworkError) as error:  # those of TLS are OSErrors, too
        raise failed(error) from error


def _question(connection: socket.socket) -> Callable[[], bool]:
    """Return what asks whether anything has arrived that the event loop has not read yet."""
    if not hasattr(select, "poll"):  # on Windows
        return lambda: bool(select.select([connection], [], [], 0)[0])

    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return lambda: bool(poll.poll(0))
