"""GetConnectedInfo200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, GetConnectedInfoResponse


class GetConnectedInfo200Response(AnyOf):
    """A GetConnectedInfoResponse, or an ErrorResponse."""

    actual_instance: GetConnectedInfoResponse | ErrorResponse | None = None
