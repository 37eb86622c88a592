"""ActivateAccount200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ActivateAccountResponse, ErrorResponse


class ActivateAccount200Response(AnyOf):
    """An ActivateAccountResponse, or an ErrorResponse."""

    actual_instance: ActivateAccountResponse | ErrorResponse | None = None
