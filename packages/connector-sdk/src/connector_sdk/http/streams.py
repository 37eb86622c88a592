"""Sockets for httpcore, by asyncio's own transports and their TLS.

httpcore's own go through anyio: each read and write opens a cancel scope, and before each request
every open connection is asked whether the app has closed it, at 25 us each. With ten connections
that was a fifth of the CPU time of a request by HTTPS. Here the question takes 1 us.
"""

import asyncio
import select
import socket
import ssl
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import httpcore
from httpcore import _synchronization

NEXT_ADDRESS_AFTER = 0.25
"""Seconds after which a name's next address is tried as well (RFC 8305, section 5)."""

MOST_UNREAD = 256 * 1024
"""Bytes that have arrived and nobody has read. With more, no more is taken from the socket."""


ANYIO_ON_ASYNCIO = "anyio._backends._asyncio"
"""The module without which no scope of anyio exists on an event loop of asyncio."""


class _Synchronization:
    """What httpcore has of anyio for its locks, without anyio, which takes 15 ms to be loaded.

    A shield is for scopes of anyio: whoever has one has loaded it, and gets what he would get.
    """

    Lock = asyncio.Lock
    Event = asyncio.Event

    @staticmethod
    def CancelScope(*, shield: bool) -> AbstractContextManager[Any]:  # noqa: N802 # as anyio has it
        """Return a scope that keeps those around it from cancelling what is inside."""
        if ANYIO_ON_ASYNCIO not in sys.modules:
            return nullcontext()

        import anyio

        return anyio.CancelScope(shield=shield)

    def __getattr__(self, name: str) -> Any:
        import anyio

        return getattr(anyio, name)


_synchronization.anyio = _Synchronization()  # type: ignore[assignment, attr-defined] # of its kind


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
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection,
                    host,
                    port,
                    local_addr=None if local_address is None else (local_address, 0),
                    happy_eyeballs_delay=NEXT_ADDRESS_AFTER,
                )

        for option in socket_options or ():
            connection.get_extra_info("socket").setsockopt(*option)

        return connection

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Connection(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A TCP connection, which can come to speak TLS, and TLS within that."""

    def __init__(self) -> None:
        self._unread = bytearray()
        self._has_news = asyncio.Event()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._is_over = False
        self._fault: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._has_arrived = _question(transport.get_extra_info("socket"))
        self._speak_through(transport)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._has_news.set()
        if len(self._unread) > MOST_UNREAD:
            self._transport.pause_reading()

    def eof_received(self) -> None:
        self._is_over = True
        self._has_news.set()

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
        """Agree with the other side on keys, and check who it is.

        Raises:
            httpcore.ConnectTimeout: it takes too long; the connection is closed.
            httpcore.ConnectError: the other side does not speak TLS, or is not to be trusted; the
                connection is closed.
        """
        try:
            with _as_httpcore(httpcore.ConnectTimeout, httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    transport = await asyncio.get_running_loop().start_tls(
                        self._transport, self, ssl_context, server_hostname=server_hostname
                    )

        except BaseException:
            await self.aclose()
            raise

        assert transport is not None
        self._speak_through(transport)
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return bool(self._unread) or self._is_over or self._has_arrived()

        name = {"client_addr": "sockname", "server_addr": "peername"}.get(info, info)
        return self._transport.get_extra_info(name)

    def _speak_through(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        # A write is done when the operating system has taken all: the time limit is about that.
        # asyncio's TLS takes a limit of 0 as reached by nothing at all, and would never be done.
        transport.set_write_buffer_limits(1)


@contextmanager
def _as_httpcore(too_late: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Raise httpcore's errors for those of sockets, TLS and time limits."""
    try:
        yield
    except TimeoutError as error:
        raise too_late(error) from error
    except OSError as error:  # those of TLS are OSErrors, too
        raise failed(error) from error


def _question(connection: socket.socket) -> Callable[[], bool]:
    """Return what asks whether anything has arrived that the event loop has not read yet."""
    if not hasattr(select, "poll"):  # on Windows
        return lambda: bool(select.select([connection], [], [], 0)[0])

    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return lambda: bool(poll.poll(0))
