"""What `list_entitlements` answers."""

from connector_sdk.models import (
    FoundEntitlementData,
    ListEntitlements,
    ListEntitlementsRequest,
    ListEntitlementsResponse,
    Page,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL

URL = f"{BASE_URL}/groups?offset=0&limit=100"


def case_list_entitlements_all() -> Case:
    """Each group gives one entitlement: its membership."""
    args = ListEntitlementsRequest(request=ListEntitlements())
    groups = [{"id": "7", "name": "Staff"}, {"id": "8", "name": "Guests"}]
    body = {"items": groups, "total": 2}
    responses = {"GET": {URL: MockedResponse(200, body)}}
    expected = ListEntitlementsResponse(
        response=[_membership("7", "Member of Staff"), _membership("8", "Member of Guests")],
        page=Page(),
    )
    return args, responses, expected


def _membership(group_id: str, label: str) -> FoundEntitlementData:
    return FoundEntitlementData(
        entitlement_type="membership",
        integration_specific_id=group_id,
        integration_specific_resource_id=group_id,
        label=label,
    )
