"""One exchange with a provider: a request as data, sent, and the reply as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from connector_oauth.reply import Reply
from connector_oauth.urls import without_query

MOST_BYTES = 1024 * 1024
"""Size of a reply beyond which it is not read on: tokens are a few kilobytes."""

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}
"""Headers of every request. Compressed, a small reply could become one of any size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request to a provider."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


async def send(request: HttpRequest) -> Reply:
    """Send a request, and return the reply as it is.

    A redirect is a reply like any other, and not followed: the request has secrets in it, and they
    are for no other address. How long all of it may take is the call's budget.

    Raises:
        ConnectorError: `invalid_response`, when the reply is longer than `MOST_BYTES` or is
            compressed; `request_timeout`, when the budget is used up.
        httpx.TransportError: there is no connection, or it broke off.
    """
    from connector_sdk.http import NO_RETRIES, AsyncClient, Retries

    # A POST is sent again only if it never reached the provider. A GET would be in any case, but a
    # code is good for one time, and a refresh token may be.
    retries = Retries() if request.method == "POST" else NO_RETRIES
    async with (
        AsyncClient(follow_redirects=False, retries=retries) as client,
        client.stream(
            request.method,
            request.url,
            headers={**HEADERS, **request.headers},
            content=request.body or None,
        ) as response,
    ):
        reply = Reply(url=without_query(request.url), status=response.status_code)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise reply.invalid("it is compressed, which was not asked for")

        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                raise reply.invalid(f"it is longer than {MOST_BYTES} bytes")

        return replace(reply, body=bytes(body))
