"""DeleteAccount200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import DeleteAccountResponse, ErrorResponse


class DeleteAccount200Response(AnyOf):
    """A DeleteAccountResponse, or an ErrorResponse."""

    actual_instance: DeleteAccountResponse | ErrorResponse | None = None
