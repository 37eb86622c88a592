"""FindEntitlementAssociations200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, FindEntitlementAssociationsResponse


class FindEntitlementAssociations200Response(AnyOf):
    """A FindEntitlementAssociationsResponse, or an ErrorResponse."""

    actual_instance: FindEntitlementAssociationsResponse | ErrorResponse | None = None
