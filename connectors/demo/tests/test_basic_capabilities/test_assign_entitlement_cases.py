"""What `assign_entitlement` answers."""

from connector_sdk.models import (
    AssignedEntitlement,
    AssignEntitlement,
    AssignEntitlementRequest,
    AssignEntitlementResponse,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL


def case_assign_entitlement_done() -> Case:
    """The account becomes a member of the group."""
    args = AssignEntitlementRequest(
        request=AssignEntitlement(
            account_integration_specific_id="1",
            resource_integration_specific_id="7",
            resource_type="group",
            entitlement_type="membership",
            entitlement_integration_specific_id="7",
        )
    )
    responses = {"PUT": {f"{BASE_URL}/groups/7/members/1": MockedResponse(204)}}
    expected = AssignEntitlementResponse(response=AssignedEntitlement(assigned=True))
    return args, responses, expected
