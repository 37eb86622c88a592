"""Bodies that their author reads piece by piece."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx


class StreamedBody(httpx.AsyncByteStream):
    """A body that calls `on_close` when it is closed, and is read under `keep`.

    Parameters:
        stream: the body.
        on_close: called once.
        keep: awaits the reading of each piece, and may end it.
    """

    def __init__(
        self,
        stream: httpx.AsyncByteStream,
        *,
        on_close: Callable[[], None],
        keep: Callable[[Awaitable[bytes]], Awaitable[bytes]],
    ) -> None:
        self._stream = stream
        self._on_close = on_close
        self._keep = keep
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = aiter(self._stream)
        while True:
            try:
                piece = await self._keep(anext(pieces))
            except StopAsyncIteration:
                return

            yield piece

    async def aclose(self) -> None:
        """Close the body."""
        try:
            await self._stream.aclose()
        finally:
            if self._is_open:
                self._is_open = False
                self._on_close()
