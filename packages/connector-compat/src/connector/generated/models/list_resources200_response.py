"""ListResources200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, ListResourcesResponse


class ListResources200Response(AnyOf):
    """A ListResourcesResponse, or an ErrorResponse."""

    actual_instance: ListResourcesResponse | ErrorResponse | None = None
