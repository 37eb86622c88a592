"""Answering requests in place of the network, at the one seam that httpx has for it.

Every client of httpx, those of `connector_sdk.http` with their shared connections too, sends
through `AsyncHTTPTransport` or `HTTPTransport`. What stands above that seam (credentials,
redirects, retries, limits) works in a test as it does in earnest.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

import httpx

Answer = Callable[[httpx.Request], httpx.Response]
"""Answers a request, whose body was read; it may raise an exception of httpx in place of that."""


def nothing(_url: httpx.URL) -> bool:
    """Let no request through."""
    return False


@contextmanager
def intercept(
    answer: Answer, *, lets_through: Callable[[httpx.URL], bool] = nothing
) -> Iterator[None]:
    """Let `answer` answer every request of this process through httpx; nothing reaches a network.

    Parameters:
        answer: called for each request, in whichever thread it is sent. Of nested calls the
            innermost answers.
        lets_through: tells of a URL whether its requests are sent all the same.
    """
    send_async = httpx.AsyncHTTPTransport.handle_async_request
    send = httpx.HTTPTransport.handle_request

    async def handle_async_request(
        transport: httpx.AsyncHTTPTransport, request: httpx.Request
    ) -> httpx.Response:
        if lets_through(request.url):
            return await send_async(transport, request)

        await request.aread()
        return answer(request)

    def handle_request(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if lets_through(request.url):
            return send(transport, request)

        request.read()
        return answer(request)

    with (
        mock.patch.object(httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request),
        mock.patch.object(httpx.HTTPTransport, "handle_request", handle_request),
    ):
        yield
