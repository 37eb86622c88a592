"""RefreshAccessToken200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, RefreshAccessTokenResponse


class RefreshAccessToken200Response(AnyOf):
    """A RefreshAccessTokenResponse, or an ErrorResponse."""

    actual_instance: RefreshAccessTokenResponse | ErrorResponse | None = None
