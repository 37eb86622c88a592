"""How apps page: by offset, number, cursor, `Link` header, next URL in the body, or not at all.

A style turns a position into what is asked for, and an answer into the next position. A position
is a text: it travels in the page token, and comes back from outside.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import httpx

from connector_sdk.errors import ConnectorError
from connector_sdk.http.bodies import find
from connector_sdk.http.responses import invalid_response
from connector_sdk.models.errors import ErrorCode

LONGEST_COUNT = 15
"""Digits of an offset or page number in a token."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask for.

    Parameters:
        params: query parameters, besides the endpoint's own.
        target: path and query that take the place of the endpoint's URL; None for that.
    """

    params: dict[str, str] = field(default_factory=dict)
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page as the app gave it.

    Parameters:
        response: the response.
        body: its body, read as JSON.
        items: the items in it.
        at: the position that was asked for; None for the first page.
        size: how many items the platform wants; None when it leaves the choice.
        url: the endpoint's URL.
    """

    response: httpx.Response
    body: Any
    items: list[Any]
    at: str | None
    size: int | None
    url: httpx.URL


class PageStyle(Protocol):
    """How an endpoint pages."""

    is_counted: ClassVar[bool]
    """Whether positions are counted on by the client, so that only the items show a standstill."""

    def ask(self, at: str | None, size: int | None) -> Ask:
        """Return what to ask for; None is the position of the first page."""

    def following(self, answer: Answer) -> str | None:
        """Return the position of the next page; None after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """How many items a page is to have.

    Parameters:
        size_parameter: the query parameter for it; None if the app has none.
        size: how many, when the platform does not say.
        largest_size: the most that the app allows.
    """

    size_parameter: str | None = "limit"
    size: int = 100
    largest_size: int | None = None

    def size_params(self, wanted: int | None) -> dict[str, str]:
        """Return the query parameter for the size that the platform wants, as far as it can be."""
        if self.size_parameter is None:
            return {}

        return {self.size_parameter: str(self.size_of(wanted))}

    def size_of(self, wanted: int | None) -> int:
        """Return the size to ask for, when the platform wants one or leaves the choice."""
        size = wanted if wanted is not None and wanted > 0 else self.size
        return min(size, self.largest_size or size)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetPages(Sized):
    """Pages by offset: `?offset=200&limit=100`.

    The end is an empty page, or what `total` says. A short page is not the end: an app may allow
    smaller pages than were asked for.

    Parameters:
        parameter: the query parameter for the offset.
        first: the offset of the first item: 0, or 1 as in SCIM.
        total: where the body says how many items there are, such as `meta.total`.
    """

    is_counted: ClassVar[bool] = True

    parameter: str = "offset"
    first: int = 0
    total: str | None = None

    def ask(self, at: str | None, size: int | None) -> Ask:
        """Return what to ask for."""
        return Ask({self.parameter: str(_count(at, self.first)), **self.size_params(size)})

    def following(self, answer: Answer) -> str | None:
        """Return the position of the next page."""
        following = _count(answer.at, self.first) + len(answer.items)
        total = _number(answer, self.total)
        is_last = not answer.items or (total is not None and following - self.first >= total)
        return None if is_last else str(following)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPages(Sized):
    """Pages by number: `?page=3&limit=100`.

    The end is an empty page, or what `pages` or `total` says. A short page is not the end: an app
    may allow smaller pages than were asked for. All pages have the size of the first, whatever the
    platform wants later: the third page of fifty items does not follow the second of a hundred.

    Parameters:
        parameter: the query parameter for the number.
        first: the number of the first page.
        pages: where the body says how many pages there are, such as `meta.total_pages`.
        total: where the body says how many items there are, such as `meta.total`.
    """

    is_counted: ClassVar[bool] = True

    parameter: str = "page"
    first: int = 1
    pages: str | None = None
    total: str | None = None

    def ask(self, at: str | None, size: int | None) -> Ask:
        """Return what to ask for."""
        place = self._place(at, size)
        return Ask({self.parameter: str(place.number), **self.size_params(place.size)})

    def following(self, answer: Answer) -> str | None:
        """Return the position of the next page."""
        place = self._place(answer.at, answer.size)
        number = place.number + 1
        read = place.read + len(answer.items)
        pages, total = _number(answer, self.pages), _number(answer, self.total)
        is_last = (
            not answer.items
            or (pages is not None and number - self.first >= pages)
            or (total is not None and read >= total)
        )
        return None if is_last else f"{number}/{self.size_of(place.size)}/{read}"

    def _place(self, at: str | None, wanted: int | None) -> "_NumberedPlace":
        if at is None:
            return _NumberedPlace(self.first, wanted, 0)

        number, _, rest = at.partition("/")
        size, _, read = rest.partition("/")
        return _NumberedPlace(_count(number, 0), _count(size, 0), _count(read, 0))


@dataclass(frozen=True, slots=True)
class _NumberedPlace:
    """Where numbered pages go on."""

    number: int
    size: int | None
    read: int
    """How many items came before: pages may be smaller than was asked for."""


@dataclass(frozen=True, slots=True)
class OnePage:
    """No pages: the app answers with the whole list."""

    is_counted: ClassVar[bool] = False

    def ask(self, at: str | None, size: int | None) -> Ask:  # noqa: ARG002 - as all styles have it
        """Return what to ask for."""
        if at is not None:
            raise invalid_position()

        return Ask()

    def following(self, answer: Answer) -> str | None:  # noqa: ARG002 - as all styles have it
        """Return nothing: there is no next page."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorPages(Sized):
    """Pages by cursor: `?cursor=dXNlcjo0&limit=100`.

    Parameters:
        parameter: the query parameter for the cursor.
        next: where the body has the next page's cursor, such as `meta.next_cursor`; or a function
            that finds it, as where it is the last item's id. Nothing or an empty text is the end.
        has_more: where the body says whether there is a next page, if it does.
    """

    is_counted: ClassVar[bool] = False

    next: str | Callable[[Answer], str | None]
    parameter: str = "cursor"
    has_more: str | None = None

    def ask(self, at: str | None, size: int | None) -> Ask:
        """Return what to ask for."""
        cursor = {} if at is None else {self.parameter: at}
        return Ask({**cursor, **self.size_params(size)})

    def following(self, answer: Answer) -> str | None:
        """Return the position of the next page."""
        if self.has_more is not None and find(answer.body, self.has_more) is False:
            return None

        if callable(self.next):
            return self.next(answer) or None

        return _text(answer, find(answer.body, self.next), self.next)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextUrlPages(Sized):
    """Pages whose body has the next page's URL, such as `{"next": "https://..."}`.

    Parameters:
        next: where it is, such as `links.next` or `@odata.nextLink`. Nothing is the end.
    """

    is_counted: ClassVar[bool] = False

    next: str = "next"

    def ask(self, at: str | None, size: int | None) -> Ask:
        """Return what to ask for."""
        return _ask_target(at, self.size_params(size))

    def following(self, answer: Answer) -> str | None:
        """Return the position of the next page."""
        return _target(answer, _text(answer, find(answer.body, self.next), self.next))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPages(Sized):
    """Pages whose `Link` header has the next page's URL (RFC 8288)."""

    is_counted: ClassVar[bool] = False

    def ask(self, at: str | None, size: int | None) -> Ask:
        """Return what to ask for."""
        return _ask_target(at, self.size_params(size))

    def following(self, answer: Answer) -> str | None:
        """Return the position of the next page."""
        return _target(answer, link_target(answer.response.headers.get_list("link"), "next"))


_LINK = re.compile(
    r'<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)'
)
_LINK_PARAMETER = re.compile(r';\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))')


def link_target(headers: Iterable[str], relation: str) -> str | None:
    """Return the target of the first link with a relation in `Link` headers (RFC 8288, 3).

    A link with an `anchor` is about something else than the response, and passed over.
    """
    for header in headers:
        for target, parameters in _LINK.findall(header):
            found: dict[str, str] = {}
            for name, quoted, token in _LINK_PARAMETER.findall(parameters):
                found.setdefault(name.lower(), quoted or token)

            if "anchor" not in found and relation in found.get("rel", "").lower().split():
                return str(target)

    return None


def _ask_target(at: str | None, first_params: dict[str, str]) -> Ask:
    if at is None:
        return Ask(first_params)

    # It is set as the path of the endpoint's URL, so that `//` at its start names no host.
    if not (at.startswith("/") and at.isascii() and at.isprintable()):
        raise invalid_position()

    return Ask(target=at)


def _target(answer: Answer, url: str | None) -> str | None:
    """Return path and query of the next page's URL, which must be on the endpoint's host.

    Host and scheme are not taken from it: an app behind a proxy may write `http` for `https`.
    """
    if url is None:
        return None

    try:
        following = answer.response.request.url.join(url)
    except (httpx.InvalidURL, ValueError):
        raise invalid_response(answer.response, "has a next page whose URL is none") from None

    if (following.host, following.port) != (answer.url.host, answer.url.port):
        raise invalid_response(
            answer.response, f"has its next page on another host, {following.netloc.decode()}"
        )

    return following.raw_path.decode("ascii")


def _count(at: str | None, first: int) -> int:
    if at is None:
        return first

    if not (at.isascii() and at.isdigit() and len(at) <= LONGEST_COUNT):
        raise invalid_position()

    return int(at)


def _number(answer: Answer, path: str | None) -> int | None:
    found = None if path is None else find(answer.body, path)
    if found is None or (isinstance(found, int) and not isinstance(found, bool)):
        return found

    raise invalid_response(answer.response, f"has no number at {path}")


def _text(answer: Answer, found: Any, path: str) -> str | None:
    if isinstance(found, bool) or not isinstance(found, str | int | None):
        raise invalid_response(answer.response, f"has no text at {path}")

    return None if found is None or found == "" else str(found)


def invalid_position() -> ConnectorError:
    """Return the error for a position that no page of this endpoint can have given."""
    return ConnectorError(
        message="page.token is not one that this capability gave; start from the first page",
        error_code=ErrorCode.INVALID_PAGE_TOKEN,
    )
