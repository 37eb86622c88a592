"""ListEntitlements200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, ListEntitlementsResponse


class ListEntitlements200Response(AnyOf):
    """A ListEntitlementsResponse, or an ErrorResponse."""

    actual_instance: ListEntitlementsResponse | ErrorResponse | None = None
