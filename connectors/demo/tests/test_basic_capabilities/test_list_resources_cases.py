"""What `list_resources` answers."""

from connector_sdk.models import (
    FoundResourceData,
    ListResources,
    ListResourcesRequest,
    ListResourcesResponse,
    Page,
)
from connector_sdk.testing import Case, MockedResponse
from demo_connector.client import BASE_URL

URL = f"{BASE_URL}/groups?offset=0&limit=100"


def case_list_resources_all() -> Case:
    """Each group is a resource."""
    args = ListResourcesRequest(request=ListResources())
    groups = [{"id": "7", "name": "Staff"}, {"id": "8", "name": "Guests"}]
    body = {"items": groups, "total": 2}
    responses = {"GET": {URL: MockedResponse(200, body)}}
    expected = ListResourcesResponse(
        response=[
            FoundResourceData(integration_specific_id="7", label="Staff", resource_type="group"),
            FoundResourceData(integration_specific_id="8", label="Guests", resource_type="group"),
        ],
        page=Page(),
    )
    return args, responses, expected
