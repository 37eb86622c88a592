"""What holds for every connector, checked of this one."""

from typing import Any

import httpx
import pytest

from connector_sdk.testing import MockedResponse, connector_checks
from scim_connector.integration import integration

pytestmark = pytest.mark.slow  # its tests call each capability in many ways

USERS = [
    {
        "id": str(number),
        "userName": f"user{number}",
        "roles": [{"value": "auditor"}],
        "lastLogin": "2026-01-02T03:04:05Z",
    }
    for number in range(1, 6)
]
GROUPS: list[dict[str, Any]] = [
    {"id": "staff", "displayName": "Staff", "members": [{"value": user["id"]} for user in USERS]},
    {"id": "guests", "displayName": "Guests", "members": []},
]
SCHEMA = {
    "id": "urn:ietf:params:scim:schemas:core:2.0:User",
    "attributes": [{"name": "userName"}, {"name": "title"}, {"name": "nickName"}],
}
USER_TYPE = {"name": "User", "endpoint": "/Users", "schema": SCHEMA["id"]}
LISTS: dict[str, list[dict[str, Any]]] = {
    "Users": USERS,
    "Groups": GROUPS,
    "ResourceTypes": [USER_TYPE],
    "Schemas": [SCHEMA],
}


def app(request: httpx.Request) -> MockedResponse:
    """A SCIM service with at most two resources on a page."""
    endpoint, _, identifier = request.url.path.removeprefix("/scim/v2/").partition("/")
    if endpoint == "ServiceProviderConfig":
        return MockedResponse(200, {"patch": {"supported": True}})

    items = LISTS[endpoint]
    if identifier:
        return MockedResponse(200, next(each for each in items if each["id"] == identifier))

    start = int(request.url.params.get("startIndex", "1"))
    count = min(2, int(request.url.params.get("count", "2")))
    taken = items[start - 1 : start - 1 + count]
    return MockedResponse(200, {"totalResults": len(items), "Resources": taken})


TestConnectorChecks = connector_checks(
    integration,
    connection={
        "credentials": [{"id": "bearer", "token": {"token": "sample-token"}}],
        "settings": {
            "base_url": "https://scim.example.com/scim/v2",
            "last_login_attribute": "lastLogin",
            "roles_and_entitlements": True,
            "token_url": "https://scim.example.com/token",
        },
    },
    app=app,
    payloads={
        "get_last_activity": {"account_ids": ["1", "2"]},
        "create_account": {"username": "ada", "entitlements": []},
        **{
            name: {
                "account_integration_specific_id": "1",
                "resource_integration_specific_id": "staff",
                "resource_type": "group",
                "entitlement_type": "membership",
                "entitlement_integration_specific_id": "staff",
            }
            for name in ("assign_entitlement", "unassign_entitlement")
        },
    },
    items={
        "list_accounts": 5,
        "list_resources": 3,
        "list_entitlements": 3,
        "find_entitlement_associations": 10,
        "get_last_activity": 2,
        "list_custom_attributes_schema": 2,
    },
)
