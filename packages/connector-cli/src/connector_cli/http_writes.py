"""Each response in one piece: what is written within a turn of the event loop is sent together.

uvicorn writes the head of a response and its body one after the other, and each write is a call of
the operating system and wakes the client: 30 of the 110 us of a small call.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

LARGE = 65536
"""Bytes of a piece that is sent as it is: to join it to another would copy it."""


class GatheringProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # which one is found out when it is imported
    """uvicorn's protocol, before a transport that gathers what is written."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(_Gathering(transport))


class _Gathering:
    """A transport of the event loop; all but its writes goes through."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._pieces: list[bytes] = []
        # What uvicorn asks for with each request; all else comes from `__getattr__`.
        self.is_closing = transport.is_closing
        self.get_extra_info = transport.get_extra_info

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send a piece, together with what else is written in this turn."""
        if not self._pieces:
            asyncio.get_running_loop().call_soon(self._flush)

        self._pieces.append(data)
        if len(data) >= LARGE:
            self._flush()

    def close(self) -> None:
        """Close the connection when all is sent."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        pieces, self._pieces = self._pieces, []
        if pieces and len(pieces[-1]) >= LARGE:
            self._transport.write(b"".join(pieces[:-1]))
            self._transport.write(pieces[-1])
        elif pieces:
            self._transport.write(b"".join(pieces))
