"""Pages that stay right while the machine changes.

A page token holds the key of the last item of its page, not a number of items: the next page is
what comes after that key. So an account that is there all the time is returned once, whatever
is added or removed between two pages.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from connector_sdk import ConnectorError, NextPageToken, PaginationBase
from connector_sdk.models import ErrorCode, Page

Item = TypeVar("Item")

Key = tuple[str, ...]
"""What an item is sorted by; no two items of a list have the same."""


class Position(PaginationBase):
    """Where a page ended; `endpoint` is the capability whose list it is."""

    after: list[str]
    """Key of the last item."""


def one_page(
    items: Iterable[Item],
    *,
    key: Callable[[Item], Key],
    page: Page,
    capability: str,
) -> tuple[list[Item], Page | None]:
    """The items of the page that is asked for, and the page after it, if there is one.

    Parameters:
        items: the whole list, in any order.
        key: what tells an item from all others.
        page: the page that is asked for; without a size it is all the rest.
        capability: name of the capability whose list it is; its page tokens are its own.

    Raises `ConnectorError`: the size is not positive (`bad_request`), or the token was not made
    by this capability (`invalid_page_token`).
    """
    if page.size is not None and page.size < 1:
        raise ConnectorError(
            message="page.size: it has to be 1 or more; leave it out to get everything",
            error_code=ErrorCode.BAD_REQUEST,
        )

    ahead = sorted(items, key=key)
    if page.token:
        start = _after(page.token, capability)
        ahead = [item for item in ahead if key(item) > start]

    found = list(islice(ahead, page.size))
    if len(found) == len(ahead):
        return found, None

    position = Position(endpoint=capability, after=list(key(found[-1])))
    return found, NextPageToken[Position].from_paginations([position]).to_page(page.size)


def _after(token: str, capability: str) -> Key:
    positions = NextPageToken[Position](token).paginations()
    if len(positions) != 1 or positions[0].endpoint != capability:
        raise ConnectorError(
            message=f"page.token: it is not one that {capability} returned",
            error_code=ErrorCode.INVALID_PAGE_TOKEN,
        )
    return tuple(positions[0].after)
