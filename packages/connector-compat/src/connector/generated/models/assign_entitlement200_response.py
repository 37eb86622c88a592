"""AssignEntitlement200Response, at its path in the predecessor's API."""

from connector._any_of import AnyOf
from connector_sdk.models import AssignEntitlementResponse, ErrorResponse


class AssignEntitlement200Response(AnyOf):
    """An AssignEntitlementResponse, or an ErrorResponse."""

    actual_instance: AssignEntitlementResponse | ErrorResponse | None = None
