"""GetLastActivity200Response, at its path in the predecessor's API."""

from typing import TYPE_CHECKING

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, GetLastActivityResponse

Member = GetLastActivityResponse | ErrorResponse


class GetLastActivity200Response(AnyOf):
    """A GetLastActivityResponse, or an ErrorResponse."""

    actual_instance: Member | None = None

    if TYPE_CHECKING:  # a checker would have it that fields are given by name

        def __init__(self, actual_instance: Member = ...) -> None: ...
