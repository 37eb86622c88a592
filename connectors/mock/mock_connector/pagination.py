"""Pages of a list, in an order that no change of the list disturbs.

A page token says after which item the next page begins, not how many items came before: an item
that is deleted between two pages does not make the reader miss another one.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import TypeVar

from connector_sdk import ConnectorError, NextPageToken, PaginationBase
from connector_sdk.models import ErrorCode, Page, StandardCapabilityName

DEFAULT_PAGE_SIZE = 100
"""Items on a page when the request does not say how many."""

MAX_PAGE_SIZE = 500
"""Items on a page at most; a request for more gets these."""

_Item = TypeVar("_Item")

SortKey = tuple[str, ...]
"""What tells an item from every other one, and where it stands among them."""


class Position(PaginationBase):
    """Where a page begins; `endpoint` is the capability whose list it is a page of."""

    after: list[str]
    """The sort key of the last item of the page before."""


def take_page(
    items: Iterable[_Item],
    page: Page,
    *,
    capability: StandardCapabilityName,
    key: Callable[[_Item], SortKey],
) -> tuple[list[_Item], Page | None]:
    """Return the items of one page, and the page that follows it, if any.

    Parameters:
        items: the whole list, in any order.
        page: the page that the request asks for.
        capability: the capability that returns the list; its tokens are good for no other.
        key: gives each item a sort key of its own.

    Raises:
        ConnectorError: `bad_request` for a size below 1, `invalid_page_token` for a token
            that this capability did not make.
    """
    size = _size(page)
    ordered = sorted(items, key=key)
    start = bisect_right(ordered, _after(page, capability), key=key)
    taken = ordered[start : start + size]
    if start + size >= len(ordered):
        return taken, None

    position = Position(endpoint=capability.value, after=list(key(taken[-1])))
    return taken, NextPageToken[Position].from_paginations([position]).to_page(size)


def _size(page: Page) -> int:
    if page.size is None:
        return DEFAULT_PAGE_SIZE

    if page.size < 1:
        raise ConnectorError(
            message="page.size must be at least 1", error_code=ErrorCode.BAD_REQUEST
        )

    return min(page.size, MAX_PAGE_SIZE)


def _after(page: Page, capability: StandardCapabilityName) -> SortKey:
    """Return the sort key after which the page begins; the empty one comes before all others."""
    match NextPageToken[Position](page.token).paginations():
        case []:
            return ()
        case [position] if position.endpoint == capability.value:
            return tuple(position.after)
        case _:
            raise ConnectorError(
                message="page.token belongs to another list; start from the first page",
                error_code=ErrorCode.INVALID_PAGE_TOKEN,
            )
