"""Page tokens, those that the predecessor made included."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

from connector_sdk import ConnectorError, NextPageToken, PaginationBase
from connector_sdk.models import ErrorCode

__all__ = ["NextPageTokenInterface", "PaginationBase", "create_next_page_token"]

PT = TypeVar("PT", bound=PaginationBase)

DIGITS = frozenset("0123456789abcdef")
"""Of which a token of the predecessor consists; one of the SDK has a dot in it."""


@dataclass
class NextPageTokenInterface(NextPageToken[PT]):
    """Positions in pages as a token, and back; subclass it with a pagination class.

    Tokens are made in the SDK's form. Those of the predecessor are still read: hex digits of
    msgpack, a list of dictionaries.
    """

    token: str | None

    pagination: ClassVar[type[PaginationBase]] = PaginationBase

    @classmethod
    def read_positions(cls, token: str) -> Any:
        """Return the positions in a token, as JSON values.

        Raises:
            ValueError: the token cannot be read.
            ConnectorError: `invalid_page_token`, when it is the predecessor's and msgpack, the
                extra of the same name, is not installed.
        """
        if not DIGITS.issuperset(token):
            return super().read_positions(token)

        try:
            from msgpack import unpackb  # type: ignore[import-untyped] # it has no types
        except ModuleNotFoundError:
            raise ConnectorError(
                message="page.token was made by the predecessor of this connector's SDK, whose "
                "tokens are read once connector-compat[msgpack] is installed; or start from the "
                "first page",
                error_code=ErrorCode.INVALID_PAGE_TOKEN,
            ) from None

        return unpackb(bytes.fromhex(token))


def create_next_page_token(
    model: type[PT], class_name: str, docstring: str | None = None
) -> type[NextPageTokenInterface[PT]]:
    """Return a class of tokens that hold positions of `model`.

    Parameters:
        model: the pagination class.
        class_name: the name of the class.
        docstring: its docstring.
    """
    base: Any = NextPageTokenInterface
    members = {"__doc__": docstring or f"Positions of {model.__name__} as a token, and back."}
    return cast("type[NextPageTokenInterface[PT]]", type(class_name, (base[model],), members))
