"""Info200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, InfoResponse


class Info200Response(AnyOf):
    """An InfoResponse, or an ErrorResponse."""

    actual_instance: InfoResponse | ErrorResponse | None = None
