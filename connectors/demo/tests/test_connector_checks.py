"""What holds for every connector, checked of this one."""

import json
from pathlib import Path
from typing import Any

import httpx

from connector_sdk.testing import MockedResponse, connector_checks
from demo_connector.integration import integration

CONNECTION = json.loads((Path(__file__).parent / "connection.json").read_text(encoding="utf-8"))

LISTS: dict[str, list[dict[str, Any]]] = {
    "users": [{"id": "1"}, {"id": "2"}, {"id": "3"}],
    "groups": [{"id": "7", "name": "Staff"}, {"id": "8", "name": "Guests"}],
    "memberships": [{"user_id": user_id, "group_id": "7"} for user_id in ("1", "2", "3")],
}
"""What is in the app, by the last part of the URL."""


def app(request: httpx.Request) -> MockedResponse:
    """The app, with two items on a page."""
    items = LISTS[request.url.path.rpartition("/")[2]]
    start = int(request.url.params["offset"])
    return MockedResponse(200, {"items": items[start : start + 2], "total": len(items)})


TestConnectorChecks = connector_checks(
    integration,
    connection=CONNECTION,
    app=app,
    items={
        "list_accounts": 3,
        "list_resources": 2,
        "list_entitlements": 2,
        "find_entitlement_associations": 3,
    },
    payloads={
        "handle_authorization_callback": {
            "client_id": "sample-client",
            "client_secret": "sample-client-secret",
            "redirect_uri_with_code": "https://platform.example/callback?code=sample-code",
            "code_verifier": "v" * 43,
        },
    },
    offline=["get_authorization_url"],
)
