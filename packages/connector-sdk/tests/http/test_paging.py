"""Lists that are read page by page, and what a faulty app could do to their reader."""

import asyncio
import itertools
import json
import math
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk import ConnectorError
from connector_sdk.http import (
    AsyncClient,
    CursorPages,
    Endpoint,
    InvalidResponseError,
    LinkPages,
    NextUrlPages,
    NumberedPages,
    OffsetPages,
    OnePage,
    PageSource,
    all_items,
    read_page,
)
from connector_sdk.http.bodies import find
from connector_sdk.http.page_styles import link_target
from connector_sdk.http.paging import PagePosition
from connector_sdk.models import Page
from connector_sdk.testing import FaultTransport

ITEMS = [{"id": number} for number in range(7)]
BASE = "https://app.test/api"

Answer = Callable[[httpx.Request], httpx.Response]


def number_in(request: httpx.Request, name: str, default: int) -> int:
    """A number in a request's query."""
    return int(request.url.params.get(name, default))


def size_of(request: httpx.Request) -> int:
    """How many items the app puts on a page: three at the most, whatever is asked for."""
    return min(number_in(request, "limit", 3), 3)


def part(request: httpx.Request, start: int, **more: Any) -> dict[str, Any]:
    """The body of a page."""
    return {"items": ITEMS[start : start + size_of(request)], **more}


def after(request: httpx.Request, start: int) -> int | None:
    """Where the next page starts; None after the last."""
    end = start + size_of(request)
    return end if end < len(ITEMS) else None


def by_offset(request: httpx.Request) -> httpx.Response:
    """Pages by offset."""
    return httpx.Response(200, json=part(request, number_in(request, "offset", 0)))


def by_offset_with_total(request: httpx.Request) -> httpx.Response:
    """Pages by offset from 1, as in SCIM, with the total."""
    start = number_in(request, "startIndex", 1) - 1
    assert start < len(ITEMS), "asked beyond the end"
    return httpx.Response(200, json=part(request, start, meta={"total": len(ITEMS)}))


def by_number(request: httpx.Request) -> httpx.Response:
    """Pages by number."""
    return httpx.Response(
        200, json=part(request, (number_in(request, "page", 1) - 1) * size_of(request))
    )


def by_number_with_pages(request: httpx.Request) -> httpx.Response:
    """Pages by number from 0, with their number."""
    page, pages = number_in(request, "page", 0), math.ceil(len(ITEMS) / size_of(request))
    assert page < pages, "asked beyond the end"
    return httpx.Response(200, json=part(request, page * size_of(request), pages=pages))


def by_number_with_total(request: httpx.Request) -> httpx.Response:
    """Pages by number, with the number of items."""
    start = (number_in(request, "page", 1) - 1) * size_of(request)
    assert start < len(ITEMS), "asked beyond the end"
    return httpx.Response(200, json=part(request, start, total=len(ITEMS)))


def all_at_once(_request: httpx.Request) -> httpx.Response:
    """No pages."""
    return httpx.Response(200, json={"items": ITEMS})


def by_cursor(request: httpx.Request) -> httpx.Response:
    """Pages by cursor."""
    start = number_in(request, "cursor", 0)
    following = str(after(request, start) or "")
    return httpx.Response(200, json=part(request, start, meta={"next": following}))


def by_last_id(request: httpx.Request) -> httpx.Response:
    """Pages by the last item's id, with a word on whether there are more."""
    start = number_in(request, "after", -1) + 1
    has_more = after(request, start) is not None
    return httpx.Response(200, json=part(request, start, has_more=has_more))


def by_link(request: httpx.Request) -> httpx.Response:
    """Pages by `Link` header."""
    start = number_in(request, "start", 0)
    following = after(request, start)
    links = '<https://app.test/api/list>; rel="first", '
    if following is not None:
        query = f"start={following}&limit={size_of(request)}&key=a%2Bb"
        links += f'<{request.url.path}?{query}>; title="a, b"; rel="next last"'

    assert start == 0 or "a+b" == request.url.params["key"]
    return httpx.Response(200, json=part(request, start), headers={"Link": links})


def by_next_url(request: httpx.Request) -> httpx.Response:
    """Pages by a next URL in the body, whose scheme is wrong, as behind a proxy."""
    start = number_in(request, "$skip", 0)
    following = after(request, start)
    url = f"http://app.test/api/list?$skip={following}&limit={size_of(request)}"
    link = None if following is None else url
    return httpx.Response(200, json=part(request, start, **{"@odata.nextLink": link}))


def last_id(answer: Any) -> str:
    """The cursor of an app that takes the last item's id for it."""
    return str(answer.items[-1]["id"])


STYLES = {
    "offset": (by_offset, OffsetPages()),
    "offset with total": (
        by_offset_with_total,
        OffsetPages(parameter="startIndex", first=1, total="meta.total"),
    ),
    "number": (by_number, NumberedPages()),
    "number with pages": (by_number_with_pages, NumberedPages(first=0, pages="pages")),
    "number with total": (by_number_with_total, NumberedPages(total="total")),
    "one page": (all_at_once, OnePage()),
    "cursor": (by_cursor, CursorPages(next="meta.next")),
    "last id": (by_last_id, CursorPages(next=last_id, parameter="after", has_more="has_more")),
    "link": (by_link, LinkPages()),
    "next url": (by_next_url, NextUrlPages(next="@odata.nextLink")),
}


def with_client(app: Answer, body: Callable[[AsyncClient], Awaitable[Any]], **options: Any) -> Any:
    """What comes of something that is done with a client of an app."""

    async def main() -> Any:
        async with AsyncClient(base_url=BASE, transport=FaultTransport(app), **options) as http:
            return await body(http)

    return asyncio.run(main())


def read_by_tokens(
    app: Answer, sources: dict[str, PageSource], *, size: int | None = None, **options: Any
) -> list[Any]:
    """All items, read as the platform does: one page per call, with the token of the last."""

    async def body(http: AsyncClient) -> list[Any]:
        items, token = [], None
        while True:
            found = await read_page(http, sources, page=Page(token=token, size=size), **options)
            items.extend(found.items)
            assert found.to_page(size) == Page(token=found.token, size=size)
            token = found.token
            if token is None:
                return items

    found: list[Any] = with_client(app, body)
    return found


@parametrize("app, style", STYLES.values(), ids=STYLES)
@parametrize("size", [None, 2, 3, 1000, 0, -1])
def test_each_item_of_each_style_is_read_once(app: Answer, style: Any, size: int | None) -> None:
    """A page that is smaller than was asked for is not taken for the last."""
    endpoint = Endpoint(url="/list", pages=style, items="items")
    assert read_by_tokens(app, {"list": endpoint}, size=size) == ITEMS


@parametrize("app, style", STYLES.values(), ids=STYLES)
def test_all_pages_can_be_read_in_one_call(app: Answer, style: Any) -> None:
    """Item by item, the next page when it is needed."""
    endpoint = Endpoint(url="/list", pages=style, items="items")

    async def body(http: AsyncClient) -> list[Any]:
        return [item async for item in all_items(http, endpoint)]

    assert ITEMS == with_client(app, body)


@parametrize("app, style", STYLES.values(), ids=STYLES)
def test_parameters_of_client_and_endpoint_go_with_every_page(app: Answer, style: Any) -> None:
    """Also when the app gives the next page's URL, whose own query stays."""
    seen: list[dict[str, str]] = []

    def noting(request: httpx.Request) -> httpx.Response:
        seen.append(dict(request.url.params))
        return app(request)

    endpoint = Endpoint(
        url="/list?filter=active", pages=style, items="items", params={"fields": "id"}
    )

    async def body(http: AsyncClient) -> list[Any]:
        return [item async for item in all_items(http, endpoint)]

    assert ITEMS == with_client(noting, body, params={"version": "2"})
    assert {"2"} == {params["version"] for params in seen}
    first = seen[0]
    assert ("active", "id") == (first["filter"], first["fields"])


def test_the_query_of_a_next_url_is_left_as_it_is() -> None:
    """A cursor in it may be signed as it is written."""
    query = "cursor=a%20b+c%2Fd%3D&flag&cursor=2"
    seen: list[bytes] = []

    def app(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.query)
        following = None if request.url.query else f"/api/list?{query}"
        return httpx.Response(200, json={"items": [], "next": following})

    pages = NextUrlPages(size_parameter=None)
    read_by_tokens(app, {"list": Endpoint(url="/list", pages=pages, items="items")})
    assert [b"", query.encode()] == seen


def test_several_lists_are_read_one_after_another() -> None:
    """One token leads through all of them; an empty list is an empty page."""

    def app(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/empty":
            return httpx.Response(200, json={"items": []})

        return by_offset(request) if request.url.path == "/api/offset" else by_cursor(request)

    sources: dict[str, PageSource] = {
        "empty": Endpoint(url="/empty", pages=OffsetPages(), items="items"),
        "offset": Endpoint(url="/offset", pages=OffsetPages(), items="items"),
        "cursor": Endpoint(url="/cursor", pages=CursorPages(next="meta.next"), items="items"),
    }
    assert ITEMS + ITEMS == read_by_tokens(app, sources)


@parametrize("app, style", STYLES.values(), ids=STYLES)
def test_each_item_is_read_once_though_the_size_changes(app: Answer, style: Any) -> None:
    """A platform may want another size for each page."""
    endpoint = Endpoint(url="/list", pages=style, items="items")

    async def body(http: AsyncClient) -> list[Any]:
        items: list[Any] = []
        token = None
        for size in itertools.cycle([2, 3, 1]):
            found = await read_page(http, {"l": endpoint}, page=Page(token=token, size=size))
            items.extend(found.items)
            token = found.token
            if token is None:
                break

        return items

    assert ITEMS == with_client(app, body)


def test_sizes_are_kept_within_what_the_app_allows() -> None:
    """The platform's wish, else the endpoint's choice, and never more than the most."""
    style = OffsetPages(size=50, largest_size=200)
    found = [style.ask(None, size).params["limit"] for size in (None, 0, -5, 10, 1000)]
    assert ["50", "50", "50", "10", "200"] == found
    assert {"offset": "0"} == OffsetPages(size_parameter=None).ask(None, 10).params


def test_no_list_is_an_empty_page() -> None:
    """Lists that come from the app, such as the members of each group, may be none."""
    assert [] == read_by_tokens(by_offset, {})


def repeating(cursors: dict[str, str]) -> Answer:
    """An app whose cursors lead as a table says, and at the end in a circle."""

    def answer(request: httpx.Request) -> httpx.Response:
        following = cursors[request.url.params.get("cursor", "")]
        return httpx.Response(200, json={"items": [{"id": 1}, {"id": 2}], "next": following})

    return answer


CIRCLES = {
    "at once": {"": "a", "a": "a"},
    "of two": {"": "a", "a": "b", "b": "a"},
    "of three, after two": {"": "x", "x": "y", "y": "a", "a": "b", "b": "c", "c": "a"},
}


@parametrize("cursors", CIRCLES.values(), ids=CIRCLES)
def test_cursors_that_go_in_circles_are_found_out(cursors: dict[str, str]) -> None:
    """However the pages are read, the reader does not follow for ever."""
    endpoint = Endpoint(url="/list", pages=CursorPages(next="next"), items="items")
    app = repeating(cursors)
    with pytest.raises(InvalidResponseError, match="was read before"):
        read_by_tokens(app, {"list": endpoint})


def stuck(_request: httpx.Request) -> httpx.Response:
    """An app that does not care for offsets."""
    return httpx.Response(200, json=[{"id": 1}, {"id": 2}])


@parametrize("style", [OffsetPages(), NumberedPages()])
def test_an_app_that_gives_the_same_page_again_is_found_out(style: Any) -> None:
    """Counted positions always go on, so the items are compared."""
    with pytest.raises(InvalidResponseError, match="the same items as the page before"):
        read_by_tokens(stuck, {"list": Endpoint(url="/list", pages=style)})


def test_a_list_without_end_is_ended() -> None:
    """After so many pages nobody believes that there is an end."""

    def endless(request: httpx.Request) -> httpx.Response:
        following = number_in(request, "cursor", 0) + 1
        return httpx.Response(200, json={"items": [], "next": following})

    endpoint = Endpoint(url="/list", pages=CursorPages(next="next"), items="items")
    with pytest.raises(InvalidResponseError, match="another page after 5 pages"):
        read_by_tokens(endless, {"list": endpoint}, most_pages=5)


@parametrize(
    "url",
    [
        "https://evil.test/list",
        "//evil.test/list",
        "https://app.test:8443/list",
        "https://app.test@evil.test/list",
    ],
)
@parametrize("style", [NextUrlPages(), LinkPages()])
def test_a_next_page_on_another_host_is_refused(url: str, style: Any) -> None:
    """Credentials are not sent where an answer says."""

    def app(_request: httpx.Request) -> httpx.Response:
        body = {"items": ITEMS, "next": url}
        return httpx.Response(200, json=body, headers={"Link": f'<{url}>; rel="next"'})

    with pytest.raises(InvalidResponseError, match="another host"):
        read_by_tokens(app, {"list": Endpoint(url="/list", pages=style, items="items")})


def token_of(document: Any) -> str:
    """A page token that somebody made up."""
    return "1." + urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def position(**fields: Any) -> str:
    """A page token with one position that somebody made up."""
    return token_of({"pagination": PagePosition.__name__, "pages": [{"endpoint": "l", **fields}]})


@parametrize(
    "style, token",
    [
        (NextUrlPages(), position(at="https://evil.test/")),
        (NextUrlPages(), position(at="/list\u00e9")),
        (NextUrlPages(), position(at="/list\n")),
        (LinkPages(), position(at="evil")),
        (OffsetPages(), position(at="-1")),
        (OffsetPages(), position(at="1e3")),
        (OffsetPages(), position(at="9" * 5000)),
        (NumberedPages(), position(at="\u0663/3")),
        (NumberedPages(), position(at="3")),
        (NumberedPages(), position(at="3/100/x")),
        (OnePage(), position(at="2")),
        (OffsetPages(), position(number=-1)),
        (OffsetPages(), position(endpoint="other")),
        (OffsetPages(), position(endpoint=None)),
        (OffsetPages(), "nonsense"),
    ],
)
def test_a_token_that_was_tampered_with_is_refused(style: Any, token: str) -> None:
    """It leads to no request at all."""

    def app(_request: httpx.Request) -> httpx.Response:
        raise AssertionError("a request was sent")

    async def body(http: AsyncClient) -> None:
        sources: dict[str, PageSource] = {"l": Endpoint(url="/list", pages=style)}
        await read_page(http, sources, page=Page(token=token))

    with pytest.raises(ConnectorError) as caught:
        with_client(app, body)

    assert "invalid_page_token" == caught.value.error_code.value


@parametrize("style", [NextUrlPages(), LinkPages()])
def test_a_next_page_whose_path_begins_with_two_slashes_is_read(style: Any) -> None:
    """So write apps that join a base URL, slash at its end, and a path."""

    def app(request: httpx.Request) -> httpx.Response:
        if request.url.raw_path == b"//api/list?page=2":
            return httpx.Response(200, json={"items": ITEMS[3:]})

        url = "https://app.test//api/list?page=2"
        body = {"items": ITEMS[:3], "next": url}
        return httpx.Response(200, json=body, headers={"Link": f'<{url}>; rel="next"'})

    source = Endpoint(url="/list", pages=style, items="items")
    assert ITEMS == read_by_tokens(app, {"list": source})


@parametrize("style", [NextUrlPages(), LinkPages()])
@parametrize(
    "at", ["//evil.test/", "//evil.test:1/", "///evil.test/", "/\\\\evil.test/", "//u@evil.test"]
)
@parametrize("params", [{}, {"version": "2"}])
def test_a_token_cannot_lead_to_another_host(style: Any, at: str, params: dict[str, str]) -> None:
    """Whatever path somebody writes into it, the endpoint's own host is asked."""
    asked: list[str] = []

    def app(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.scheme}://{request.url.host}:{request.url.port}")
        assert "app.test" == request.headers["host"]
        return httpx.Response(200, json=[])

    async def body(http: AsyncClient) -> None:
        http.params = httpx.QueryParams(params)
        sources: dict[str, PageSource] = {"l": Endpoint(url="/list", pages=style)}
        await read_page(http, sources, page=Page(token=position(at=at)))

    with_client(app, body)
    assert ["https://app.test:None"] == asked


BODIES = {
    "no list": ({"items": {"id": 1}}, OffsetPages(), "has no list at items"),
    "nothing there": ({}, OffsetPages(), "has no list at items"),
    "another shape": ([], OffsetPages(), "has no list at items"),
    "no number": ({"items": [1], "n": "7"}, OffsetPages(total="n"), "has no number at n"),
    "no text": ({"items": [1], "next": {"a": 1}}, CursorPages(next="next"), "has no text at next"),
    "a truth": ({"items": [1], "next": True}, CursorPages(next="next"), "has no text at next"),
}


@parametrize("body, style, words", BODIES.values(), ids=BODIES)
def test_a_body_of_another_shape_is_an_invalid_response(body: Any, style: Any, words: str) -> None:
    """The message names the place."""
    endpoint = Endpoint(url="/list", pages=style, items="items")
    with pytest.raises(InvalidResponseError, match=words):
        read_by_tokens(lambda _: httpx.Response(200, json=body), {"list": endpoint})


def test_a_refusal_is_no_empty_page() -> None:
    """An error of the app is raised as it is."""
    endpoint = Endpoint(url="/list", pages=OffsetPages())
    with pytest.raises(httpx.HTTPStatusError):
        read_by_tokens(lambda _: httpx.Response(403, json=[]), {"list": endpoint})


LINKS = {
    "plain": (['<https://a.test/2>; rel="next"'], "https://a.test/2"),
    "without quotes": (["<https://a.test/2>;rel=next"], "https://a.test/2"),
    "in capitals": (['<https://a.test/2>; REL="NEXT"'], "https://a.test/2"),
    "several relations": (['<https://a.test/2>; rel="last next"'], "https://a.test/2"),
    "several links": (['<a>; rel="prev", <b>; rel="next"'], "b"),
    "several headers": (['<a>; rel="prev"', '<b>; rel="next"'], "b"),
    "signs within the target": (["<https://a.test/?q=a,b;c>; rel=next"], "https://a.test/?q=a,b;c"),
    "signs within a parameter": (['<a>; title="x, <y>; rel=next"; rel=prev, <b>; rel=next'], "b"),
    "an escaped quote": ([r'<a>; title="say \"x\""; rel=next'], "a"),
    "the first relation counts": (['<a>; rel=prev; rel=next, <b>; rel="next"'], "b"),
    "an anchor": (['<a>; rel=next; anchor="#x", <b>; rel=next'], "b"),
    "part of a word": (['<a>; rel="nextpage"'], None),
    "nothing": ([], None),
    "nonsense": (["<a; rel=next", ";;;", "<>"], None),
}


@parametrize("headers, expected", LINKS.values(), ids=LINKS)
def test_link_headers_are_read_as_their_rfc_says(headers: list[str], expected: str | None) -> None:
    """RFC 8288, section 3, with its parameters, quotes and commas."""
    assert expected == link_target(headers, "next")


@settings(deadline=None)
@given(header=st.text(alphabet='<>;,="\\ relnxt', max_size=60))
def test_no_link_header_is_more_than_unreadable(header: str) -> None:
    """Whatever an app sends, it becomes no error, and takes no time."""
    link_target([header], "next")


def test_a_link_header_of_megabytes_is_read_in_no_time() -> None:
    """The expression does not try ways without end."""
    link_target(["<a>" + "; x" * 200_000 + "!", "<" * 200_000, '<a>; x="' + "\\" * 200_001], "next")


@parametrize(
    "path, expected",
    [("a", 1), ("b.c", 2), ("d.e", 3), ("b.x", None), ("x", None), ("a.b", None), ("b", {"c": 2})],
)
def test_places_in_a_body_are_found(path: str, expected: Any) -> None:
    """Keys with dots between them, or in them."""
    assert expected == find({"a": 1, "b": {"c": 2}, "d.e": 3}, path)
