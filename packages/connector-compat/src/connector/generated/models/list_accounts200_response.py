"""ListAccounts200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, ListAccountsResponse


class ListAccounts200Response(AnyOf):
    """A ListAccountsResponse, or an ErrorResponse."""

    actual_instance: ListAccountsResponse | ErrorResponse | None = None
