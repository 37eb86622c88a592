"""HandleClientCredentialsRequest200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, HandleClientCredentialsResponse


class HandleClientCredentialsRequest200Response(AnyOf):
    """A HandleClientCredentialsResponse, or an ErrorResponse."""

    actual_instance: HandleClientCredentialsResponse | ErrorResponse | None = None
