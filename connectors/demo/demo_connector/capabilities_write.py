"""The capabilities that change the app."""

from connector_sdk.models import (
    AssignedEntitlement,
    AssignEntitlementRequest,
    AssignEntitlementResponse,
    UnassignedEntitlement,
    UnassignEntitlementRequest,
    UnassignEntitlementResponse,
)
from demo_connector.client import DemoClient


async def assign_entitlement(args: AssignEntitlementRequest) -> AssignEntitlementResponse:
    """Make an account a member of a group."""
    wanted = args.request
    async with DemoClient(args) as client:
        await client.add_member(
            wanted.resource_integration_specific_id, wanted.account_integration_specific_id
        )

    return AssignEntitlementResponse(response=AssignedEntitlement(assigned=True))


async def unassign_entitlement(args: UnassignEntitlementRequest) -> UnassignEntitlementResponse:
    """Take an account out of a group."""
    wanted = args.request
    async with DemoClient(args) as client:
        await client.remove_member(
            wanted.resource_integration_specific_id, wanted.account_integration_specific_id
        )

    return UnassignEntitlementResponse(response=UnassignedEntitlement(unassigned=True))
