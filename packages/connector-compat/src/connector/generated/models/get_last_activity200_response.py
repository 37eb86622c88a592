"""GetLastActivity200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, GetLastActivityResponse


class GetLastActivity200Response(AnyOf):
    """A GetLastActivityResponse, or an ErrorResponse."""

    actual_instance: GetLastActivityResponse | ErrorResponse | None = None
