"""What `unassign_entitlement` answers."""

from connector_sdk.models import (
    UnassignedEntitlement,
    UnassignEntitlement,
    UnassignEntitlementRequest,
    UnassignEntitlementResponse,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL


def case_unassign_entitlement_done() -> Case:
    """The account is taken out of the group."""
    args = UnassignEntitlementRequest(
        request=UnassignEntitlement(
            account_integration_specific_id="1",
            resource_integration_specific_id="7",
            resource_type="group",
            entitlement_type="membership",
            entitlement_integration_specific_id="7",
        )
    )
    responses = {"DELETE": {f"{BASE_URL}/groups/7/members/1": MockedResponse(204)}}
    expected = UnassignEntitlementResponse(response=UnassignedEntitlement(unassigned=True))
    return args, responses, expected
