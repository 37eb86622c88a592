"""A load of HTTP requests on loopback: many connections, each asking again once it is answered."""

import asyncio
import time
from statistics import quantiles


class _Connection(asyncio.Protocol):
    """Sends one request over and over, and notes how long each answer took."""

    def __init__(self, request: bytes, until: float) -> None:
        self._request = request
        self._until = until
        self._read = b""
        self._sent = 0.0
        self.took: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end or not _is_whole(head.lower(), body):
            return

        now = time.perf_counter()
        if b'{"response":' not in body:
            self.done.set_exception(RuntimeError(f"the server answered {self._read!r}"))
            return

        self.took.append(now - self._sent)
        self._read = b""
        if now < self._until:
            self._send()
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError("the server closed the connection"))

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)


def _is_whole(head: bytes, body: bytes) -> bool:
    """Whether a body has come to its end, by its length or by its last chunk."""
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")

    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return len(body) >= int(value)

    raise RuntimeError(f"an answer without a length: {head!r}")


async def load(
    port: int, path: str, body: str, *, connections: int, seconds: float
) -> dict[str, float]:
    """Ask for `seconds` over so many connections.

    Returns:
        Requests per second, the 50th and 99th percentile of their times in milliseconds, and how
        many were answered.
    """
    data = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\n\r\n"
    )
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    clients: list[_Connection] = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: _Connection(head.encode() + data, started + seconds), "127.0.0.1", port
        )
        clients.append(client)

    await asyncio.gather(*(client.done for client in clients))
    took = [each for client in clients for each in client.took]
    percentiles = quantiles(took, n=100)
    return {
        "rate": len(took) / (time.perf_counter() - started),
        "p50": percentiles[49] * 1e3,
        "p99": percentiles[98] * 1e3,
        "answered": len(took),
    }
