"""GetAuthorizationUrl200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, GetAuthorizationUrlResponse


class GetAuthorizationUrl200Response(AnyOf):
    """A GetAuthorizationUrlResponse, or an ErrorResponse."""

    actual_instance: GetAuthorizationUrlResponse | ErrorResponse | None = None
