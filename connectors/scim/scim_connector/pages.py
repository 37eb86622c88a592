"""Lists that change while they are read: each resource that stays is read once.

SCIM counts: a page begins at the n-th resource (RFC 7644, section 3.4.2.4). Who is deleted before
that place moves all others forward, and a reader who only counts misses somebody, for whom a
platform then sees no account any more. So a page begins a little earlier than it has to, and goes
on after the last resource that is known from the page before. Where a service has cursors
(RFC 9865), it keeps the place itself.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from connector_sdk import ConnectorError, PaginationBase
from connector_sdk.http import invalid_response
from connector_sdk.models import ErrorCode
from scim_connector.client import ListedPage, ScimClient
from scim_connector.resources import Resource

OVERLAP = 8
"""Resources that are read again with the next page, to recognise the place."""

MOST_PASSED = 64
"""Resources that are remembered because they may come once more."""


class Place(PaginationBase):
    """Where a list goes on; the beginning of a list has the defaults."""

    start: int = Field(default=1, ge=1)
    """Index of the next resource, as of when the token was made; the first is 1."""

    known: list[str] = Field(default_factory=list)
    """Ids of resources just before it."""

    passed: list[str] = Field(default_factory=list)
    """Ids of resources that were before it, and then not any more: new ones moved them behind it,
    or they are gone."""

    cursor: str | None = None
    """The service's own cursor, in place of the index."""

    count: int | None = None
    """The size of pages with which the cursor was made, and only goes together."""


@dataclass(frozen=True, slots=True)
class Section:
    """The resources from one place of a list on.

    Parameters:
        resources: the resources.
        after: for each of them, the place just after it.
        following: where the list goes on; None at its end.
        total: how many resources the whole list has; None where the service does not say.
    """

    resources: list[Resource]
    after: list[Place]
    following: Place | None
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of the service.

    Parameters:
        client: the client.
        endpoint: the list's endpoint, such as `/Users`.
        params: parameters of each query, besides those of paging.
    """

    client: ScimClient
    endpoint: str
    params: Mapping[str, str]

    async def read(self, place: Place, size: int) -> Section:
        """Read the resources from a place on.

        Parameters:
            place: where to begin.
            size: how many resources are wanted.

        Raises:
            ConnectorError: `service_error`, when nothing is left of what was known of the place:
                the list has to be read from its beginning.
            InvalidResponseError: the service does not page as the RFCs say.
            httpx.HTTPStatusError: the service refused.
        """
        if self.client.quirks.pages == "cursor":
            return await self._read_by_cursor(place, size)

        start = max(1, place.start - len(place.known))
        count = size + len(place.known)
        page = await self._page(start, count)
        skipped = _skipped(page.resources, place.known)
        if skipped is None:
            start, page, skipped = await self._search(place.known, count)

        given = {*place.known, *place.passed}
        seen = {each["id"] for each in page.resources}
        while not _fresh(page, skipped, given) and self._has_more(page, start):
            # What is known was moved to the page's end by new resources before it.
            start += len(page.resources)
            following = await self._page(start, count)
            if following.resources == page.resources:
                raise invalid_response(following.response, f"has nothing new, of {page.total}")

            page, skipped = following, 0
            seen |= {each["id"] for each in page.resources}

        passed = [each for each in (*place.passed, *place.known) if each not in seen]
        return self._section(page, start, _fresh(page, skipped, given), passed[-MOST_PASSED:])

    async def all(self, size: int) -> AsyncIterator[Resource]:
        """Yield all resources; `size` is how many are read at a time."""
        place: Place | None = Place()
        while place is not None:
            section = await self.read(place, size)
            for resource in section.resources:
                yield resource

            place = section.following

    async def _page(self, start: int, count: int) -> ListedPage:
        params = {**self.params, "startIndex": str(start), "count": str(count)}
        return await self.client.list_page(self.endpoint, params)

    async def _search(self, known: list[str], count: int) -> tuple[int, ListedPage, int]:
        """Find the place again, from the beginning: more has changed than the overlap covers."""
        start = 1
        before: list[Resource] = []
        while True:
            page = await self._page(start, count)
            skipped = _skipped(page.resources, known)
            if skipped is not None:
                return start, page, skipped

            if not self._has_more(page, start) or page.resources == before:
                raise self._lost()

            start += len(page.resources)
            before = page.resources

    def _section(
        self, page: ListedPage, start: int, fresh: list[int], passed: list[str]
    ) -> Section:
        """Make a section of a page, of the resources with these numbers, counted from 0."""
        ids = [each["id"] for each in page.resources]

        def after(number: int) -> Place:
            known = ids[max(0, number + 1 - OVERLAP) : number + 1]
            return Place(start=start + number + 1, known=known, passed=passed)

        return Section(
            resources=[page.resources[number] for number in fresh],
            after=[after(number) for number in fresh],
            following=after(len(ids) - 1) if self._has_more(page, start) else None,
            total=page.total,
        )

    def _has_more(self, page: ListedPage, start: int) -> bool:
        if page.total is None:
            return bool(page.resources)

        return start + len(page.resources) <= page.total

    async def _read_by_cursor(self, place: Place, size: int) -> Section:
        count = place.count or min(size, self.client.quirks.largest_page or size)
        params = {**self.params, "cursor": place.cursor or "", "count": str(count)}
        page = await self.client.list_page(self.endpoint, params)
        skipped = _skipped(page.resources, place.known)
        if skipped is None:
            raise self._lost()

        resources = page.resources[skipped:]
        following = page.next_cursor and Place(cursor=page.next_cursor, count=count)
        after = [Place(cursor=place.cursor, count=count, known=[each["id"]]) for each in resources]
        return Section(resources, after, following or None, page.total)

    def _lost(self) -> ConnectorError:
        return ConnectorError(
            message=f"{self.endpoint} has changed too much since the last page: what that page"
            " ended with is gone; read the list again, from its first page",
            error_code=ErrorCode.SERVICE_ERROR,
        )


def _fresh(page: ListedPage, skipped: int, given: set[str]) -> list[int]:
    """Return the numbers of the resources behind the place that were not given before."""
    return [
        number
        for number in range(skipped, len(page.resources))
        if page.resources[number]["id"] not in given
    ]


def _skipped(resources: list[Resource], known: list[str]) -> int | None:
    """Return how many resources are before the place; None if nothing there is known."""
    if not known:
        return 0

    index = {each["id"]: number for number, each in enumerate(resources, start=1)}
    return max((index[each] for each in known if each in index), default=None)
