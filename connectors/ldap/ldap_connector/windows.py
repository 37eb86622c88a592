"""Lists read in parts, by one process or by several: each entry that stays is read once.

The cookies of paged results (RFC 2696) end with the connection, and a connector's connection ends
with the call. So a list is cut into windows instead. The first call reads where every entry stands
in the order (nothing else of it), and notes in the page token after which entry each window ends.
From then on, a page is the search for what lies within the next window. Where an entry stands
never changes, so no other one that comes or goes moves it into another window, and it makes no
difference which process reads the window, or whether the server was started anew. The last window
has no end: what was added after the first call is found there, if its place is late in the order.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from pydantic import Field

from connector_sdk import ConnectorError, NextPageToken, PaginationBase, Request, get_page
from connector_sdk.models import ErrorCode, Page
from ldap_connector.directory import Directory
from ldap_connector.entries import Entry
from ldap_connector.escaping import all_of, escaped
from ldap_connector.settings import LARGEST_PAGE

MOST_WINDOWS = 200
"""Windows that one token names; what lies behind them is cut when the last of them is read."""


class Place(PaginationBase):
    """Where a list goes on; `endpoint` is the list."""

    after: str | None = None
    """The entry after which the next window begins; None for the beginning."""

    ends: list[str] = Field(default_factory=list)
    """The last entry of each window that is known, in order."""

    cut: bool = False
    """Whether all windows are known: the one after the last end has no end itself."""

    server: str | None = None
    """The server whose order this is, if each has its own."""


class Windows:
    """The list that a request reads, cut into windows.

    Parameters:
        directory: the connection.
        args: the request, for its page.
        name: the list's name; it stands in the token, so that one of another list is recognised.
        condition: the filter for the list's entries.

    Raises:
        ConnectorError: `invalid_page_token`, for a token of another list or server; `bad_request`,
            for a page of less than one item.
    """

    def __init__(self, directory: Directory, args: Request, *, name: str, condition: str) -> None:
        self._directory = directory
        self._profile = directory.profile
        self._name = name
        self._condition = condition
        self._page = get_page(args)
        self._size = _size(self._page, directory.settings.page_size)
        self._place = self._begin()

    def read(self, attributes: Sequence[str]) -> tuple[list[Entry], Page | None]:
        """Return the entries of the request's window, in order, and the page that follows, if any.

        Raises:
            ConnectorError: `invalid_response`, when the server does not compare the entries as it
                should, or does not tell where one stands.
        """
        place = self._place if self._place.ends or self._place.cut else self._cut()
        end = place.ends[0] if place.ends else None
        entries = sorted(
            self._between(place.after, end, attributes),
            key=lambda entry: entry.order(self._profile),
        )
        if not entries and end is not None:
            self._check_that_it_is_empty(place.after, end)

        if end is None:
            return entries, None

        following = place.model_copy(update={"after": end, "ends": place.ends[1:]})
        return entries, _TOKEN.from_paginations([following]).to_page(self._page.size)

    def _begin(self) -> Place:
        found = _TOKEN(self._page.token).paginations()
        server = self._directory.server_name()
        place = found[0] if found else Place(endpoint=self._name, server=server)
        if len(found) > 1 or place.endpoint != self._name:
            raise _unfit("page.token belongs to another list; start from the first page")

        if place.server != server:
            raise _unfit(
                "page.token was made with another domain controller; let settings.host name one"
                " of them, and start from the first page"
            )

        try:
            for value in (place.after, *place.ends):
                self._value_of(value)
        except ValueError:
            raise _unfit("page.token was altered; start from the first page") from None

        return place

    def _cut(self) -> Place:
        """Find out where the windows from here on end."""
        orders = sorted(self._orders(self._place.after))
        ends = orders[self._size - 1 :: self._size]
        if ends and ends[-1] == orders[-1]:
            ends.pop()  # the last window has no end

        return self._place.model_copy(
            update={"ends": ends[:MOST_WINDOWS], "cut": len(ends) <= MOST_WINDOWS}
        )

    def _orders(self, after: str | None) -> Iterator[str]:
        """Yield where each later entry stands; compared here, whatever the server does."""
        for entry in self._directory.search(self._condition, [self._profile.order_attribute]):
            order = entry.order(self._profile)
            if after is None or order > after:
                yield order

    def _between(
        self, after: str | None, end: str | None, attributes: Sequence[str]
    ) -> Iterator[Entry]:
        attribute = self._profile.order_attribute
        conditions = [self._condition]
        if after is not None:  # LDAP has no `greater`, only `not less or equal`
            value = escaped(self._value_of(after))
            conditions += [f"({attribute}>={value})", f"(!({attribute}={value}))"]

        if end is not None:
            conditions.append(f"({attribute}<={escaped(self._value_of(end))})")

        return self._directory.search(all_of(conditions), [*attributes, attribute])

    def _check_that_it_is_empty(self, after: str | None, end: str) -> None:
        """Make sure that all entries of a window are gone; a server may not know how to compare."""
        if any(order <= end for order in self._orders(after)):
            raise ConnectorError(
                message=f"the server does not compare {self._profile.order_attribute}: it finds"
                " nothing where there are entries; check settings.profile",
                error_code=ErrorCode.INVALID_RESPONSE,
            )

    def _value_of(self, order: str | None) -> str:
        """Return what the server has for a place; ValueError if it is none."""
        if order is None:
            return ""

        return str(int(order)) if self._profile.order_is_per_server else str(UUID(order))


_TOKEN = NextPageToken[Place]


def _size(page: Page, default: int) -> int:
    if page.size is None:
        return default

    if page.size < 1:
        raise ConnectorError(
            message="page.size must be at least 1", error_code=ErrorCode.BAD_REQUEST
        )

    return min(page.size, LARGEST_PAGE)


def _unfit(message: str) -> ConnectorError:
    return ConnectorError(message=message, error_code=ErrorCode.INVALID_PAGE_TOKEN)
