"""Reading lists page by page: one page per call with a token, or all pages in one call.

Pages come from a `PageSource`, most often an `Endpoint`. What a faulty app can do to a reader is
guarded against: a cursor that repeats, a list that never ends, a next page on another host.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

import httpx
from pydantic import Field
from pydantic_core import to_json

from connector_sdk.http.bodies import find, json_of
from connector_sdk.http.page_styles import Answer, PageStyle, invalid_position
from connector_sdk.http.responses import invalid_response
from connector_sdk.models import Page
from connector_sdk.pagination import NextPageToken, PaginationBase

MOST_PAGES = 10_000
"""Pages of one list, after which it counts as endless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The items of one page, and where the list goes on: what a `PageSource` reads.

    Parameters:
        items: the items.
        following: the position of the next page; None after the last.
        response: the app's response, which is quoted if its pages go in circles.
        is_counted: whether the position was counted on by the client, not given by the app: then
            it always goes on, and only items that repeat show that the app does not.
    """

    items: list[Any]
    following: str | None
    response: httpx.Response
    is_counted: bool = False


class PageSource(Protocol):
    """A list that is read page by page."""

    async def read(self, http: httpx.AsyncClient, *, at: str | None, size: int | None) -> Batch:
        """Read one page.

        Parameters:
            http: the client.
            at: the page's position; None for the first.
            size: how many items are wanted; None for the source's choice.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A list behind a URL.

    Parameters:
        url: the URL, as for `client.get`.
        pages: how it pages.
        items: where the body has the list of items, such as `data.users`; None if it is the list.
        params: query parameters of every page.
    """

    url: str
    pages: PageStyle
    items: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    async def read(self, http: httpx.AsyncClient, *, at: str | None, size: int | None) -> Batch:
        """Read one page.

        Raises:
            httpx.HTTPStatusError: the app refused.
            InvalidResponseError: the body is not a page of this style.
            ConnectorError: `invalid_page_token`, for a position that is none.
        """
        ask = self.pages.ask(at, size)
        url = _absolute(http, self.url)
        if ask.target is None:
            params = {**self.params, **ask.params}
        else:
            url, params = url.copy_with(raw_path=ask.target.encode("ascii")), {}

        response = await http.send(_request(http, url, params))
        body = json_of(response)
        items = body if self.items is None else find(body, self.items)
        if not isinstance(items, list):
            place = "" if self.items is None else f" at {self.items}"
            raise invalid_response(response, f"has no list{place}")

        answer = Answer(response=response, body=body, items=items, at=at, size=size, url=url)
        return Batch(
            items=items,
            following=self.pages.following(answer),
            response=response,
            is_counted=self.pages.is_counted,
        )


class PagePosition(PaginationBase):
    """A position in one of several lists, with what recognises that an app turns in circles."""

    at: str | None = None
    number: int = Field(default=0, ge=0)
    mark: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """One page of items.

    Parameters:
        items: the items, as the app gave them.
        endpoint: the name of the list that they are from; empty if there was no list to read.
        token: the token of the next page; None after the last.
    """

    items: list[Any]
    endpoint: str
    token: str | None

    def to_page(self, size: int | None = None) -> Page:
        """Return the page of a reply: where the list goes on."""
        return Page(token=self.token, size=size)


async def read_page(
    http: httpx.AsyncClient,
    sources: Mapping[str, PageSource],
    *,
    page: Page,
    most_pages: int = MOST_PAGES,
) -> ItemPage:
    """Read the page that a request asks for, from lists that are read one after another.

    ```python
    users = Endpoint(url="/users", pages=OffsetPages(), items="users")
    found = await read_page(client.http, {"users": users}, page=get_page(args))
    return ListAccountsResponse(response=[...], page=found.to_page())
    ```

    Parameters:
        http: the client.
        sources: the lists by name, in order; the names stand in the token. Without any, the page
            is empty and the last.
        page: the request's page.
        most_pages: pages of one list, after which it counts as endless.

    Returns:
        The items of one page, which may be empty although more pages follow.

    Raises:
        httpx.HTTPStatusError: the app refused.
        InvalidResponseError: the app's answer is not a page, or its pages go in circles.
        ConnectorError: `invalid_page_token`, for a token that this did not give.
    """
    positions = NextPageToken[PagePosition](page.token).paginations()
    names = list(sources)
    if not names and not positions:
        return ItemPage(items=[], endpoint="", token=None)

    position = positions[0] if positions else PagePosition(endpoint=names[0])
    name = position.endpoint
    if name is None or name not in sources:
        raise invalid_position()

    batch = await sources[name].read(http, at=position.at, size=page.size)
    following = _following(position, batch, most_pages)
    rest = names[names.index(name) + 1 :]
    if following is None and rest:
        following = PagePosition(endpoint=rest[0])

    rest_of_list = [] if following is None else [following]
    token = NextPageToken[PagePosition].from_paginations(rest_of_list).token
    return ItemPage(items=batch.items, endpoint=name, token=token)


async def all_items(
    http: httpx.AsyncClient,
    source: PageSource,
    *,
    size: int | None = None,
    most_pages: int = MOST_PAGES,
) -> AsyncIterator[Any]:
    """Yield the items of all pages of a list.

    Parameters:
        http: the client.
        source: the list.
        size: items per page; None for the source's choice.
        most_pages: pages after which the list counts as endless.

    Raises:
        httpx.HTTPStatusError: the app refused.
        InvalidResponseError: the app's answer is not a page, or its pages go in circles.
    """
    position: PagePosition | None = PagePosition()
    while position is not None:
        batch = await source.read(http, at=position.at, size=size)
        position = _following(position, batch, most_pages)
        for item in batch.items:
            yield item


def _absolute(http: httpx.AsyncClient, url: str) -> httpx.URL:
    """Return an endpoint's URL with host, path and its own query."""
    given = httpx.URL(url)
    return http.build_request("GET", given.copy_with(query=None)).url.copy_with(
        query=given.query or None
    )


def _request(http: httpx.AsyncClient, url: httpx.URL, params: Mapping[str, str]) -> httpx.Request:
    """Build a request with a URL's own query, `params`, and the client's, in this order of weight.

    httpx replaces a URL's query as soon as there are any other parameters.
    """
    if not params and not http.params:
        return http.build_request("GET", url)

    return http.build_request("GET", url.copy_with(query=None), params=url.params.merge(params))


def _following(position: PagePosition, batch: Batch, most_pages: int) -> PagePosition | None:
    """Return the position after a page; None after the last.

    That an app turns in circles is recognised from one remembered position, renewed whenever the
    number of pages is a power of two (Brent's algorithm): so the token stays short.
    """
    if batch.following is None:
        return None

    number = position.number + 1
    if number >= most_pages:
        raise invalid_response(batch.response, f"has another page after {number} pages")

    mark = _digest(batch.following.encode())
    if mark == position.mark:
        raise invalid_response(batch.response, "has a next page that was read before")

    # A page of one item may equal the next by chance.
    content = _digest(to_json(batch.items)) if batch.is_counted and len(batch.items) > 1 else None
    if content is not None and content == position.content:
        raise invalid_response(batch.response, "has the same items as the page before")

    return PagePosition(
        endpoint=position.endpoint,
        at=batch.following,
        number=number,
        mark=position.mark if number & (number - 1) else mark,
        content=content,
    )


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=9).hexdigest()
