"""HandleAuthorizationCallback200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, HandleAuthorizationCallbackResponse


class HandleAuthorizationCallback200Response(AnyOf):
    """A HandleAuthorizationCallbackResponse, or an ErrorResponse."""

    actual_instance: HandleAuthorizationCallbackResponse | ErrorResponse | None = None
