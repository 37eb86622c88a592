"""A large directory in a real service: read as a whole, while it changes, and while it fails."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

pytestmark = pytest.mark.slow

USERS = 5_000
GROUPS = 200
LARGE = 3_000
"""Members of each of the first three groups; the others have seven."""

AT_ONCE = 1_000
"""Operations of one bulk request (RFC 7644, section 3.7), and resources on one page."""


def load(service: Any, endpoint: str, resources: Sequence[dict[str, Any]]) -> list[str]:
    """Create many resources with the independent client, and return their ids."""
    schema = {"/Users": "User", "/Groups": "Group"}[endpoint]
    ids: list[str] = []
    with service.http as http:
        for first in range(0, len(resources), AT_ONCE):
            operations = [
                {
                    "method": "POST",
                    "path": endpoint,
                    "bulkId": str(number),
                    "data": {
                        "schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{schema}"],
                        **resource,
                    },
                }
                for number, resource in enumerate(resources[first : first + AT_ONCE])
            ]
            body = {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                "Operations": operations,
            }
            response = http.post("/Bulk", json=body)
            assert response.status_code == 200, response.text
            for operation in response.json()["Operations"]:
                assert operation["status"] == "201", operation
                ids.append(operation["location"].rpartition("/")[2])

    return ids


def user(number: int) -> dict[str, Any]:
    """A user."""
    return {
        "userName": f"user{number:05}",
        "name": {"givenName": f"Given {number}", "familyName": f"Family {number}"},
        "emails": [{"value": f"user{number:05}@example.com"}],
        "active": number % 7 != 0,
    }


def held(service: Any, endpoint: str) -> Iterator[dict[str, Any]]:
    """Everything behind an endpoint, as an independent client reads it."""
    with service.http as http:
        start = 1
        while True:
            page = http.get(endpoint, params={"startIndex": start, "count": AT_ONCE}).json()
            yield from page.get("Resources", [])
            start += AT_ONCE
            if start > page["totalResults"]:
                return


@pytest.fixture(scope="module")
def large(start_scim2_server: Any) -> Iterator[Any]:
    """A service with 5,000 users and 200 groups, three of them with 3,000 members."""
    with start_scim2_server() as service:
        ids = load(service, "/Users", [user(number) for number in range(USERS)])
        for number in range(GROUPS):
            size = LARGE if number < 3 else 7
            members = [{"value": ids[(number * 613 + each) % USERS]} for each in range(size)]
            service.create("/Groups", {"displayName": f"Group {number}", "members": members})
        yield service


def test_a_full_read_gives_what_the_service_holds(large: Any) -> None:
    """Accounts, groups and memberships are those of an independent client, each once."""
    users = list(held(large, "/Users"))
    groups = list(held(large, "/Groups"))
    assert (USERS, GROUPS) == (len(users), len(groups))

    accounts = large.listed("list_accounts", size=AT_ONCE)
    assert sorted(
        (each["id"], each["userName"], each["emails"][0]["value"], each["active"]) for each in users
    ) == sorted(
        (
            each["integration_specific_id"],
            each["username"],
            each["email"],
            each["user_status"] == "ACTIVE",
        )
        for each in accounts
    )

    resources = large.listed("list_resources")
    assert sorted((each["id"], each["displayName"]) for each in groups) == sorted(
        (each["integration_specific_id"], each["label"]) for each in resources
    )

    associations = large.listed("find_entitlement_associations")
    assert sorted(
        (member["value"], group["id"]) for group in groups for member in group["members"]
    ) == sorted(
        (each["account_id"], each["integration_specific_entitlement_id"]) for each in associations
    )


def test_a_large_group_comes_in_pages(scim2_server: Any) -> None:
    """No page has more associations than were asked for, however large the group."""
    members = [{"value": str(number)} for number in range(600)]
    scim2_server.create("/Groups", {"displayName": "Everybody", "members": members})
    pages = scim2_server.pages("find_entitlement_associations", size=250)
    assert [250, 250, 100] == [len(page) for page in pages]


def test_users_may_come_and_go_while_they_are_listed(scim2_server: Any) -> None:
    """Who is there from the first page to the last is listed once."""
    ids = load(scim2_server, "/Users", [user(number) for number in range(600)])
    listed: list[str] = []
    stayed = set(ids)
    with scim2_server.http as http:
        for number, page in enumerate(scim2_server.pages("list_accounts", size=50)):
            listed += [each["integration_specific_id"] for each in page]
            gone = {ids[number * 50 + index] for index in (3, 17, 48, 49)} if number < 11 else set()
            for each in gone & stayed:
                assert http.delete(f"/Users/{each}").status_code == 204

            stayed -= gone
            scim2_server.create("/Users", user(10_000 + number))

    assert len(set(listed)) == len(listed)
    assert set() == stayed - set(listed)


def test_members_may_come_and_go_while_they_are_listed(scim2_server: Any) -> None:
    """Who is in a group from the first page to the last is found in it once."""
    ids = load(scim2_server, "/Users", [user(number) for number in range(300)])
    ids.sort()
    members = [{"value": each} for each in ids]
    group_id = scim2_server.create("/Groups", {"displayName": "Staff", "members": members})
    found: list[str] = []
    gone = [ids[0], ids[10], ids[200]]
    with scim2_server.http as http:
        for page in scim2_server.pages("find_entitlement_associations", size=50):
            found += [each["account_id"] for each in page]
            if gone:
                operation = {"op": "remove", "path": f'members[value eq "{gone.pop(0)}"]'}
                schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
                body = {"schemas": schemas, "Operations": [operation]}
                assert http.patch(f"/Groups/{group_id}", json=body).is_success

    assert len(set(found)) == len(found)
    assert {ids[200]} == set(ids) - set(found)


def test_a_service_that_stops_in_the_middle_ends_the_list_in_an_error(
    start_scim2_server: Any, unused_port: int
) -> None:
    """Stopped, it is `connection_rejected`; come back without its data, `service_error`."""
    with start_scim2_server(port=unused_port) as service:
        load(service, "/Users", [user(number) for number in range(300)])
        first = service.call("list_accounts", page={"size": 100})
        assert 100 == len(first["response"])

    stopped = service.call("list_accounts", page=first["page"])
    assert "connection_rejected" == stopped["error"]["error_code"]

    with start_scim2_server(port=unused_port) as service:
        emptied = service.call("list_accounts", page=first["page"])
        assert "service_error" == emptied["error"]["error_code"]
