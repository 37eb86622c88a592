"""Page tokens: where a listing goes on, as text for the connector (contract, section 7)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json, to_json

from connector_sdk.errors import ConnectorError
from connector_sdk.models import ErrorCode, Page

VERSION = "1"
"""Version of the token's form: `1.` and base64url of JSON that names the pagination class."""


class PaginationBase(BaseModel):
    """The position in one endpoint's pages; subclass it and add what the app counts in.

    ```python
    class Pagination(PaginationBase):
        offset: int
    ```
    """

    model_config = ConfigDict(extra="forbid")

    endpoint: str | None = None
    """The endpoint whose page it is, for a capability that reads several one after another."""


PaginationT = TypeVar("PaginationT", bound=PaginationBase)


class NextPageToken(Generic[PaginationT]):
    """Positions in pages as a token, and back.

    `NextPageToken[Pagination](page.token).paginations()` gives the positions of a request.

    Parameters:
        token: the token of a request's page; None or empty for the first page.
    """

    pagination: ClassVar[type[PaginationBase]]
    """The pagination class whose instances the token holds."""

    if not TYPE_CHECKING:

        def __class_getitem__(cls, item: Any) -> Any:
            if isinstance(item, type) and issubclass(item, PaginationBase):
                return _token_class(cls, item)

            return super().__class_getitem__(item)

    def __init__(self, token: str | None) -> None:
        if not hasattr(self, "pagination"):
            raise TypeError("say what the token holds: NextPageToken[YourPagination]")

        self.token = token

    @classmethod
    def from_paginations(cls, paginations: Sequence[PaginationT]) -> Self:
        """Make the token of positions; for an empty list it is None: there is no next page."""
        token = cls(None)
        if not paginations:
            return token

        document = {
            "pagination": cls.pagination.__name__,
            "pages": [each.model_dump(mode="json", round_trip=True) for each in paginations],
        }
        token.token = f"{VERSION}.{urlsafe_b64encode(to_json(document)).decode().rstrip('=')}"
        return token

    def paginations(self) -> list[PaginationT]:
        """Return the positions in the token; an empty list for the first page.

        Raises:
            ConnectorError: `invalid_page_token`, for a token of another version, pagination class
                or shape, or one that cannot be read.
        """
        if not self.token:
            return []

        try:
            return self._read(self.token)
        except (ValueError, RecursionError):
            raise ConnectorError(
                message="page.token was not given by this capability; start from the first page",
                error_code=ErrorCode.INVALID_PAGE_TOKEN,
            ) from None

    def to_page(self, size: int | None) -> Page:
        """Return the page of a reply: this token, and the size for the next request."""
        return Page(token=self.token, size=size)

    @classmethod
    def read_positions(cls, token: str) -> Any:
        """Return the positions in a token, as JSON values; they are checked afterwards.

        Override it in a connector that has to read tokens of another form, too.

        Raises:
            ValueError: the token is of another version, pagination class or shape, or cannot be
                read.
        """
        version, _, encoded = token.partition(".")
        if version != VERSION:
            raise ValueError("another version")

        data = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        if urlsafe_b64encode(data).decode().rstrip("=") != encoded:
            raise ValueError("not base64url")

        document = from_json(data)
        if not isinstance(document, dict) or document.keys() != {"pagination", "pages"}:
            raise ValueError("another shape")

        if document["pagination"] != cls.pagination.__name__:
            raise ValueError("another pagination class")

        return document["pages"]

    def _read(self, token: str) -> list[PaginationT]:
        pages = self.read_positions(token)
        if not isinstance(pages, list) or not pages:
            raise ValueError("no pages")

        # They are read as JSON, so that a strict model takes a date from its text, and by name,
        # since a field can have one alias to be read from and another to be written to.
        return [
            cast(
                "PaginationT",
                self.pagination.model_validate_json(to_json(each), by_name=True, by_alias=False),
            )
            for each in pages
        ]


@cache
def _token_class(base: type[Any], pagination: type[PaginationBase]) -> type[Any]:
    return type(f"{base.__name__}[{pagination.__name__}]", (base,), {"pagination": pagination})
