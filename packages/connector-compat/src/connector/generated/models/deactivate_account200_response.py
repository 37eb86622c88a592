"""DeactivateAccount200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import DeactivateAccountResponse, ErrorResponse


class DeactivateAccount200Response(AnyOf):
    """A DeactivateAccountResponse, or an ErrorResponse."""

    actual_instance: DeactivateAccountResponse | ErrorResponse | None = None
