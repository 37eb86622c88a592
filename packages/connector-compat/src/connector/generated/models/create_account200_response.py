"""CreateAccount200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import CreateAccountResponse, ErrorResponse


class CreateAccount200Response(AnyOf):
    """A CreateAccountResponse, or an ErrorResponse."""

    actual_instance: CreateAccountResponse | ErrorResponse | None = None
