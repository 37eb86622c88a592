"""httpcore's network, but no connection stays open when it is given up."""

import ssl
from collections.abc import Awaitable
from typing import Any, TypeVar

import anyio
import httpcore

ResultT = TypeVar("ResultT")


class ClosingNetwork(httpcore.AnyIOBackend):
    """httpcore's network, whose connections are closed when a handshake on them fails."""

    async def connect_tcp(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        """Connect; see httpcore."""
        return _Tcp(await super().connect_tcp(*args, **options))


class _Tcp(httpcore.AsyncNetworkStream):
    """A connection that is closed when reading or a TLS handshake is given up.

    httpcore drops it then: the socket of a handshake that was cancelled, or of a SOCKS proxy that
    is silent, would be open until garbage is collected. After a failed write httpcore goes on to
    read, as the app may have answered before it hung up.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._or_close(self._stream.read(max_bytes, timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return await self._or_close(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    async def _or_close(self, work: Awaitable[ResultT]) -> ResultT:
        try:
            return await work
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self._stream.aclose()

            raise
