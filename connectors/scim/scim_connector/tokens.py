"""Page tokens of capabilities that read one or more lists, one after the other."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from connector_sdk import ConnectorError, NextPageToken, Request, get_page, get_settings
from connector_sdk.models import ErrorCode, Page
from scim_connector.pages import Place
from scim_connector.settings import LARGEST_PAGE, ScimSettings

PlaceT = TypeVar("PlaceT", bound=Place)


class Lists(Generic[PlaceT]):
    """The lists that one capability reads, and where a request is in them.

    Parameters:
        args: the request.
        names: the lists' names, in order; they stand in the token, so that one of another
            capability is recognised.
        place: the class of a place in them.
        default_size: items on a page, if the request does not say; None for the settings' choice.

    Raises:
        ConnectorError: `invalid_page_token`, for a token of another capability; `bad_request`, for
            a page of less than one item.
    """

    def __init__(
        self,
        args: Request,
        names: Sequence[str],
        place: type[PlaceT],
        *,
        default_size: int | None = None,
    ) -> None:
        self._names = names
        self._token: type[NextPageToken[PlaceT]] = NextPageToken[place]  # type: ignore[valid-type]
        self._class = place
        self._page = get_page(args)
        found = self._token(self._page.token).paginations()
        self.place = found[0] if found else place(endpoint=names[0])
        self.size = _size(self._page, default_size or get_settings(args, ScimSettings).page_size)
        if self.place.endpoint not in names or len(found) > 1:
            raise ConnectorError(
                message="page.token belongs to another list; start from the first page",
                error_code=ErrorCode.INVALID_PAGE_TOKEN,
            )

    @property
    def name(self) -> str:
        """The list that is read now."""
        assert self.place.endpoint is not None  # as was checked
        return self.place.endpoint

    def next_page(self, following: PlaceT | None) -> Page | None:
        """Return the page of the reply: the rest of this list, or the next list; None at the end.

        Parameters:
            following: where this list goes on; None at its end.
        """
        if following is not None:
            place = following.model_copy(update={"endpoint": self.name})
        elif self.name != self._names[-1]:
            place = self._class(endpoint=self._names[self._names.index(self.name) + 1])
        else:
            return None

        return self._token.from_paginations([place]).to_page(self._page.size)


def _size(page: Page, default: int) -> int:
    if page.size is None:
        return default

    if page.size < 1:
        raise ConnectorError(
            message="page.size must be at least 1", error_code=ErrorCode.BAD_REQUEST
        )

    return min(page.size, LARGEST_PAGE)
