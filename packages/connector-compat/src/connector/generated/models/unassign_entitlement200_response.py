"""UnassignEntitlement200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import ErrorResponse, UnassignEntitlementResponse


class UnassignEntitlement200Response(AnyOf):
    """An UnassignEntitlementResponse, or an ErrorResponse."""

    actual_instance: UnassignEntitlementResponse | ErrorResponse | None = None
