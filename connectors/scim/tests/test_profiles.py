"""Services that deviate from the RFCs; of some of them only documentation is there."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_sdk.testing import MockedResponse, call, intercept
from scim_connector.integration import integration

BASE_URL = "https://scim.example.com/v2"
CREDENTIALS = [{"id": "bearer", "token": {"token": "sample-token"}}]
GRANT = {
    "account_integration_specific_id": "u1",
    "resource_integration_specific_id": "g1",
    "resource_type": "group",
    "entitlement_type": "membership",
    "entitlement_integration_specific_id": "g1",
}


class Directory:
    """A service with users and one group, and what it was asked; subclasses deviate."""

    def __init__(self, **settings: Any) -> None:
        self.settings = {"base_url": BASE_URL, **settings}
        self.requests: list[httpx.Request] = []
        self.users = {f"u{number}": {"active": True} for number in range(1, 5)}
        self.members = ["u2", "u3"]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.requests.append(request)
        _, endpoint, *rest = request.url.path.removeprefix("/v2").split("/")
        return self.respond(request, endpoint, rest[0] if rest else None).as_httpx(request)

    def respond(self, request: httpx.Request, endpoint: str, found: str | None) -> MockedResponse:
        """Respond to a request for a list, or for what was found."""
        if request.method == "PATCH":
            [operation] = json.loads(request.content)["Operations"]
            return self.patched(operation, found)

        if found is not None:
            return MockedResponse(200, self.resource(endpoint, found))

        return self.listed(request, endpoint)

    def listed(self, request: httpx.Request, endpoint: str) -> MockedResponse:
        """Respond with a page of a list."""
        ids = list(self.users) if endpoint == "Users" else ["g1"]
        resources = [self.resource(endpoint, each) for each in ids]
        return MockedResponse(200, {"totalResults": len(resources), "Resources": resources})

    def resource(self, endpoint: str, identifier: str) -> dict[str, Any]:
        """A user or the group."""
        if endpoint == "Users":
            return {"id": identifier, **self.users[identifier]}

        return {"id": "g1", "members": [{"value": each} for each in self.members]}

    def patched(self, operation: dict[str, Any], identifier: str | None) -> MockedResponse:
        """Carry out an operation."""
        raise NotImplementedError

    def call(self, capability: str, payload: Any = None, **envelope: Any) -> dict[str, Any]:
        """Call a capability that has to succeed."""
        connection = {"credentials": CREDENTIALS, "settings": self.settings}
        request = {"request": payload or {}, **envelope}
        with intercept(self.answer):
            reply = call(integration, capability, request, connection=connection)

        assert not reply.get("is_error"), reply
        return reply


class MadeForEntraId(Directory):
    """It takes a member out by a plain path and the value."""

    def patched(self, operation: dict[str, Any], identifier: str | None) -> MockedResponse:
        """Know no path with a filter."""
        if operation["op"] == "remove" and operation["path"] == "members":
            self.members.remove(operation["value"][0]["value"])
            return MockedResponse(204)

        return MockedResponse(400, {"detail": "invalid path"})


class MadeForOkta(Directory):
    """It takes an object without a path for what is to be replaced."""

    def patched(self, operation: dict[str, Any], identifier: str | None) -> MockedResponse:
        """Know no path."""
        if operation["op"] == "replace" and "path" not in operation:
            self.users[str(identifier)].update(operation["value"])
            return MockedResponse(204)

        return MockedResponse(400, {"detail": "a path is not supported"})


class AwsIdentityCenter(Directory):
    """It pages by cursor, refuses projections, and shows no members, but can be asked for them."""

    def listed(self, request: httpx.Request, endpoint: str) -> MockedResponse:
        """Give one resource a page."""
        params = dict(request.url.params)
        if not params.keys() <= {"cursor", "count", "filter"}:
            return MockedResponse(400, {"detail": "not supported"})

        ids = list(self.users) if endpoint == "Users" else ["g1"]
        condition = params.get("filter", "")
        if condition == 'groups.value eq "g1"':
            ids = self.members
        elif condition:
            assert condition.startswith('id eq "g1" and members eq "')
            ids = ["g1"] if condition.split('"')[3] in self.members else []

        if "cursor" not in params:
            body = {"totalResults": len(ids), "Resources": [{"id": each} for each in ids]}
            return MockedResponse(200, body)

        start = int(params["cursor"] or 0)
        following = {"nextCursor": str(start + 1)} if start + 1 < len(ids) else {}
        resources = [{"id": each} for each in ids[start : start + 1]]
        return MockedResponse(200, {"Resources": resources, **following})

    def resource(self, endpoint: str, identifier: str) -> dict[str, Any]:
        """Show no members."""
        return {**super().resource(endpoint, identifier), "members": []}

    def patched(self, operation: dict[str, Any], identifier: str | None) -> MockedResponse:
        """Add or remove one member."""
        if operation["op"] == "add":
            self.members.append(operation["value"][0]["value"])
        else:
            self.members.remove(operation["path"].split('"')[1])

        return MockedResponse(204)


def associations_of(directory: Directory, size: int | None = None) -> set[str]:
    """Who is in the group, by all pages of the associations, each once."""
    found: list[str] = []
    page: Any = {"size": size}
    while True:
        reply = directory.call("find_entitlement_associations", page=page)
        found += [each["account_id"] for each in reply["response"]]
        page = reply["page"]
        if page is None:
            assert len(set(found)) == len(found)
            return set(found)


def test_a_member_is_removed_by_value() -> None:
    """With `made_for_entra_id` the operation has a plain path and the value."""
    directory = MadeForEntraId(profile="made_for_entra_id")
    directory.call("unassign_entitlement", {**GRANT, "account_integration_specific_id": "u2"})
    assert ["u3"] == directory.members


def test_a_status_is_replaced_without_a_path() -> None:
    """With `made_for_okta` the operation's value is an object."""
    directory = MadeForOkta(profile="made_for_okta")
    directory.call("deactivate_account", {"account_id": "u1"})
    assert {"active": False} == directory.users["u1"]


def test_lists_are_read_by_cursor() -> None:
    """With `aws_identity_center` no index and no projection is sent, and all are found."""
    directory = AwsIdentityCenter(profile="aws_identity_center")
    found: list[str] = []
    page: Any = None
    while True:
        reply = directory.call("list_accounts", page=page)
        found += [each["integration_specific_id"] for each in reply["response"]]
        page = reply["page"]
        if page is None:
            break

    assert ["u1", "u2", "u3", "u4"] == found


def test_members_that_are_not_shown_are_asked_for() -> None:
    """With `aws_identity_center` the members of a group are the users that a filter finds."""
    assert {"u2", "u3"} == associations_of(AwsIdentityCenter(profile="aws_identity_center"))


def test_members_that_are_not_shown_are_changed_once() -> None:
    """Joining and leaving twice changes once, although the group shows nobody."""
    directory = AwsIdentityCenter(profile="aws_identity_center")
    for capability, members in [
        ("assign_entitlement", ["u2", "u3", "u1"]),
        ("assign_entitlement", ["u2", "u3", "u1"]),
        ("unassign_entitlement", ["u2", "u3"]),
        ("unassign_entitlement", ["u2", "u3"]),
    ]:
        directory.call(capability, GRANT)
        assert members == directory.members

    assert 2 == sum(request.method == "PATCH" for request in directory.requests)


class GroupsOnUsers(Directory):
    """It shows memberships on both sides, and has more groups than pages of users."""

    filled = True

    def listed(self, request: httpx.Request, endpoint: str) -> MockedResponse:
        """Say that there are more groups."""
        response = super().listed(request, endpoint)
        assert isinstance(response.response_body, dict)
        if endpoint == "Groups":
            groups = [f"g{number}" for number in range(1, 4)]
            resources = [
                {"id": each, "members": [{"value": "u2"}] if each == "g1" else []}
                for each in groups
            ]
            return MockedResponse(200, {"totalResults": 3, "Resources": resources})

        return response

    def resource(self, endpoint: str, identifier: str) -> dict[str, Any]:
        """Show a user's groups, of which one is through another."""
        user = super().resource(endpoint, identifier)
        if endpoint == "Users" and identifier == "u2" and self.filled:
            nested = {"value": "g2", "type": "indirect"}
            user["groups"] = [{"value": "g1", "type": "direct"}, nested]

        if endpoint == "Groups":
            user["members"] = [{"value": "u2"}] if identifier == "g1" else []

        return user


@parametrize("filled", [True, False], ids=["filled", "not filled"])
def test_the_cheaper_way_is_taken_where_it_leads(filled: bool) -> None:
    """Memberships are read from users, if a sample shows them there; else from each group."""
    directory = GroupsOnUsers()
    directory.filled = filled
    assert {"u2"} == associations_of(directory)
    groups_read = [each.url.path for each in directory.requests if "/Groups/" in each.url.path]
    assert ([] if filled else ["/v2/Groups/g1", "/v2/Groups/g2", "/v2/Groups/g3"]) == sorted(
        groups_read
    )


def test_a_group_is_given_in_parts() -> None:
    """Each page goes on after the member that the last one ended with."""
    directory = Directory()
    directory.members = ["u3", "u1", "u4", "u2"]
    assert {"u1", "u2", "u3", "u4"} == associations_of(directory, size=1)


def test_nested_groups_are_no_accounts() -> None:
    """A member of a group that is a group is no association."""

    class Nested(Directory):
        def resource(self, endpoint: str, identifier: str) -> dict[str, Any]:
            nested = [
                {"value": "g2", "type": "Group"},
                {"value": "g3", "$ref": f"{BASE_URL}/Groups/g3"},
            ]
            group = super().resource(endpoint, identifier)
            return {**group, "members": [*group.get("members", []), *nested]}

    assert {"u2", "u3"} == associations_of(Nested())


@pytest.fixture
def scim2_cursor(start_scim2_server: Any, tmp_path: Any) -> Iterator[Any]:
    """A real service that pages by cursor."""
    config = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": 1000},
        "changePassword": {"supported": True},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {"cursor": True, "index": True, "defaultPaginationMethod": "index"},
    }
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    with start_scim2_server("--service-provider-config", str(file)) as service:
        service.settings = {"profile": "cursor_pages"}
        yield service


@pytest.mark.slow
@pytest.mark.slow
def test_a_real_service_is_read_by_cursor(scim2_cursor: Any) -> None:
    """With `cursor_pages` users and memberships of scim2-server are read, each once."""
    ids = [scim2_cursor.create("/Users", {"userName": f"user{n}"}) for n in range(23)]
    groups = [
        scim2_cursor.create(
            "/Groups", {"displayName": f"Group {n}", "members": [{"value": each} for each in ids]}
        )
        for n in range(3)
    ]
    accounts = scim2_cursor.listed("list_accounts", size=5)
    assert sorted(ids) == sorted(each["integration_specific_id"] for each in accounts)
    associations = scim2_cursor.listed("find_entitlement_associations", size=10)
    assert sorted((each, group) for each in ids for group in groups) == sorted(
        (each["account_id"], each["integration_specific_entitlement_id"]) for each in associations
    )
