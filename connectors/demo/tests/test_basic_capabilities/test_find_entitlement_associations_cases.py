"""What `find_entitlement_associations` answers."""

from connector_sdk.models import (
    FindEntitlementAssociations,
    FindEntitlementAssociationsRequest,
    FindEntitlementAssociationsResponse,
    FoundEntitlementAssociation,
    Page,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL

URL = f"{BASE_URL}/memberships?offset=0&limit=100"


def case_find_entitlement_associations_all() -> Case:
    """Each membership is an association."""
    args = FindEntitlementAssociationsRequest(request=FindEntitlementAssociations())
    memberships = [{"user_id": "1", "group_id": "7"}, {"user_id": "2", "group_id": "7"}]
    body = {"items": memberships, "total": 2}
    responses = {"GET": {URL: MockedResponse(200, body)}}
    expected = FindEntitlementAssociationsResponse(
        response=[
            FoundEntitlementAssociation(
                account_id=user_id,
                integration_specific_entitlement_id="7",
                integration_specific_resource_id="7",
            )
            for user_id in ("1", "2")
        ],
        page=Page(),
    )
    return args, responses, expected
