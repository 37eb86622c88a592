"""A transport of httpx with an app behind it that fails by schedule; no socket is opened."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from connector_sdk.testing.faults import FaultSchedule
from connector_sdk.testing.faulty_app import Arrival, Ending, FaultyApp, Handler, Reply


class FaultTransport(httpx.AsyncBaseTransport):
    """Answers requests in place of the network.

    ```python
    schedule = FaultSchedule({"GET /users": [Fault(FaultKind.UNAVAILABLE)]})
    client = AsyncClient(base_url="http://app.test", transport=FaultTransport(app, schedule))
    ```

    Parameters:
        handler: the app.
        schedule: the faults; None for none.
    """

    def __init__(self, handler: Handler, schedule: FaultSchedule | None = None) -> None:
        self._app = FaultyApp(handler, schedule or FaultSchedule())

    @property
    def arrivals(self) -> list[Arrival]:
        """What reached the app, in order."""
        return self._app.arrivals

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.ReadError: the connection is reset before the answer.
            httpx.ReadTimeout: the answer takes longer than the request's time limit.
        """
        await request.aread()
        limit = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(limit):
                reply = await self._app.answer(request)
        except TimeoutError:
            raise httpx.ReadTimeout("", request=request) from None

        if reply.response is None:
            raise httpx.ReadError("the connection was reset", request=request)

        response = reply.response
        return httpx.Response(
            response.status_code, headers=response.headers, stream=_Body(reply, response.content)
        )


class _Body(httpx.AsyncByteStream):
    def __init__(self, reply: Reply, content: bytes) -> None:
        self._reply = reply
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        half = len(self._content) // 2
        yield self._content[:half]
        if self._reply.ending is Ending.RESET_IN_BODY:
            raise httpx.ReadError("the connection was reset")

        await asyncio.sleep(self._reply.seconds)
        yield self._content[half:]
