"""What `check_conformance` says of services that keep to RFC 7643, and of some that do not."""

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_sdk.testing import MockedResponse, call, intercept
from scim_connector.integration import integration

pytestmark = pytest.mark.slow  # importing the models takes a second

BASE_URL = "https://scim.example.com/v2"
CREDENTIALS = [{"id": "bearer", "token": {"token": "sample-token"}}]
CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SECRET = "a value of somebody"
"""Stands wherever a value can; no report may have it."""

USER = {"schemas": [f"{CORE}:User"], "id": "u1", "userName": SECRET}
GROUP = {"schemas": [f"{CORE}:Group"], "id": "g1", "displayName": SECRET}
OFF = {"supported": False}
CONFIG = {
    "schemas": [f"{CORE}:ServiceProviderConfig"],
    "patch": OFF,
    "bulk": {**OFF, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {**OFF, "maxResults": 0},
    "changePassword": OFF,
    "sort": OFF,
    "etag": OFF,
    "authenticationSchemes": [
        {"type": "oauthbearertoken", "name": "Token", "description": "A token"}
    ],
}


def resource_type(name: str, **more: Any) -> dict[str, Any]:
    """What a service says of a type of resource."""
    schema = {"schemas": [f"{CORE}:ResourceType"], "schema": f"{CORE}:{name}"}
    return {**schema, "name": name, "endpoint": f"/{name}s", **more}


def schema(name: str, *attributes: str, **more: Any) -> dict[str, Any]:
    """A schema of attributes that are text."""
    described = [
        {"name": each, "type": "string", "multiValued": False, "required": each == "userName"}
        for each in attributes
    ]
    urn = name if ":" in name else f"{CORE}:{name}"
    head = {"schemas": [f"{CORE}:Schema"], "id": urn, "name": name.rpartition(":")[2]}
    return {**head, "attributes": described, **more}


class Directory:
    """A service, by its resources; an endpoint without any is not there."""

    def __init__(self, **resources: Any) -> None:
        self.requests: list[httpx.Request] = []
        self.resources: dict[str, Any] = {
            "ServiceProviderConfig": CONFIG,
            "ResourceTypes": [resource_type("User"), resource_type("Group")],
            "Schemas": [schema("User", "userName"), schema("Group", "displayName")],
            "Users": [USER],
            "Groups": [GROUP],
            **resources,
        }

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.requests.append(request)
        assert request.method == "GET"
        found = self.resources.get(request.url.path.rpartition("/")[2])
        response = MockedResponse(404) if found is None else self.respond(request, found)
        return response.as_httpx(request)

    def respond(self, request: httpx.Request, found: Any) -> MockedResponse:
        """Respond with a resource, or with a list of all, however many are asked for."""
        if isinstance(found, dict):
            return MockedResponse(200, found)

        return MockedResponse(200, {"totalResults": len(found), "Resources": found})

    def reply(self, **payload: Any) -> dict[str, Any]:
        """What the connector says of it."""
        connection = {"credentials": CREDENTIALS, "settings": {"base_url": BASE_URL}}
        with intercept(self.answer):
            found = call(
                integration, "check_conformance", {"request": payload}, connection=connection
            )

        assert SECRET not in json.dumps(found)
        return found

    def report(self, **payload: Any) -> dict[str, Any]:
        """What the connector reports of it."""
        reply = self.reply(**payload)
        assert not reply.get("is_error"), reply
        report: dict[str, Any] = reply["response"]
        return report

    def deviations(self) -> list[tuple[str, str | None, str]]:
        """Type, attribute and fault of each deviation."""
        return [
            (each["resource_type"], each["attribute"], each["fault"])
            for each in self.report()["deviations"]
        ]


def test_a_real_service_is_compared(service: Any) -> None:
    """Users, groups and what the service says about itself are read; the profile fits."""
    user = service.create(
        "/Users",
        {
            "userName": "ada",
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": "ada@example.org", "primary": True}],
            "active": True,
        },
    )
    service.create("/Groups", {"displayName": "Staff", "members": [{"value": user}]})
    report = service.do("check_conformance")
    assert "generic" == report["profiles"][0]
    assert {"pages": "index", "projects": True, "memberships": "cheaper"} == report["observed"]
    assert {"User": 1, "Group": 1, "ServiceProviderConfig": 1}.items() <= report["compared"].items()
    assert [] == report["deviations"]


def test_a_service_that_keeps_to_its_schemas_has_no_deviations() -> None:
    """Our own small one does."""
    assert [] == Directory().deviations()


@parametrize(
    "endpoint, changed, attribute, fault",
    [
        ("Users", {"userName": None}, "userName", "is missing, and required"),
        ("Users", {"userName": [SECRET]}, "userName", "is no text"),
        ("Users", {"active": SECRET}, "active", "is in no schema of the resource"),
        ("Users", {"schemas": []}, "schemas", "is missing, and required"),
        (
            "Users",
            {"schemas": [f"{CORE}:Group"]},
            "schemas",
            "does not name the schema of the resource",
        ),
        (
            "Users",
            {"schemas": [f"{CORE}:User", "urn:x"]},
            "schemas",
            "names a schema that is none of the resource",
        ),
        ("Users", {"meta": {"created": SECRET}}, "meta.created", "TIME"),
        ("Groups", {"id": 7}, "id", "is no text"),
        ("Groups", {"meta": [SECRET]}, "meta", "is no object"),
    ],
)
def test_what_deviates_is_told_without_its_value(
    endpoint: str, changed: dict[str, Any], attribute: str, fault: str
) -> None:
    """The type of the resource, the attribute's path, and what is wrong with it."""
    directory = Directory()
    [resource] = directory.resources[endpoint]
    directory.resources[endpoint] = [{**resource, **changed}]
    fault = fault.replace("TIME", "is no time as RFC 7643 has it (section 2.3.5)")
    assert [(endpoint[:-1], attribute, fault)] == directory.deviations()


@parametrize(
    "changed, attribute, fault",
    [
        ({"active": "true"}, "active", "is not true or false"),
        ({"password": SECRET}, "password", "is shown, and must never be"),
        ({"emails": {"value": SECRET}}, "emails", "is no list, which an attribute with several"),
        ({"emails": [{"value": SECRET}]}, "emails.value", "is not what its type asks for, such"),
        (
            {"roles": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
            "roles",
            "has more than one primary value",
        ),
        ({ENTERPRISE: {"manager": SECRET}}, f"{ENTERPRISE}:manager", "is no object"),
        ({ENTERPRISE: {"manager": {"x": SECRET}}}, f"{ENTERPRISE}:manager.x", "is in no schema"),
    ],
)
def test_without_schemas_users_are_held_to_the_rfc(
    changed: dict[str, Any], attribute: str, fault: str
) -> None:
    """What they may have is in RFC 7643 then; that there are no schemas is told, too."""
    directory = Directory(Schemas=None, ResourceTypes=None, Users=[{**USER, **changed}])
    absent = "there is no such endpoint, or the answer is no SCIM message"
    types, schemas, (kind, found, text) = directory.deviations()
    assert ("ResourceType", None, absent) == types
    assert ("Schema", None, absent) == schemas
    assert ("User", attribute) == (kind, found)
    assert text.startswith(fault)


def test_resources_that_deviate_alike_are_told_together() -> None:
    """With their ids, and how many they are: one without an id counts, too."""
    users = [{**USER, "id": f"u{number}", "nick": SECRET} for number in range(3)]
    nameless = {key: value for key, value in users[0].items() if key != "id"}
    directory = Directory(Users=[*users, {**nameless, "userName": SECRET}])
    told = {
        each["attribute"]: (each["ids"], each["count"]) for each in directory.report()["deviations"]
    }
    assert (["u0", "u1", "u2"], 4) == told["nick"]


def test_the_sample_is_bounded() -> None:
    """A service that gives all it has does not make the report longer."""
    users = [{**USER, "id": f"u{number}"} for number in range(50)]
    directory = Directory(Users=users)
    assert 7 == directory.report(sample_size=7)["compared"]["User"]
    assert "bad_request" == directory.reply(sample_size=101)["error"]["error_code"]


@parametrize(
    "schemas",
    [
        [schema("User", "userName")],
        [schema("User", "userName", "USERNAME"), schema("Group")],
        [schema("User", "userName"), schema("User"), schema("Group")],
        [schema("User", "userName"), schema("Group", attributes=SECRET)],
        [schema("User", "userName"), schema("Group", id="no URN")],
    ],
)
def test_schemas_that_do_not_fit_together_are_told(schemas: Any) -> None:
    """Users and groups are then held to the RFC's."""
    told = Directory(Schemas=schemas).deviations()
    fault = "the schemas do not fit together; users and groups are held to RFC 7643's"
    assert ("Schema", None, fault) == told[0]
    assert {"Schema"} == {kind for kind, _, _ in told}


@parametrize("types, is_told", [([resource_type("User")], False), (None, True)])
def test_a_service_without_groups(types: Any, is_told: bool) -> None:
    """It may do without, unless it says that it has them."""
    types = types or [resource_type("User"), resource_type("Group")]
    told = Directory(ResourceTypes=types, Groups=None).deviations()
    assert is_told == any(kind == "Group" for kind, _, _ in told)


class Cursor(Directory):
    """It reads lists by cursor, and refuses some parameters."""

    refused: frozenset[str] = frozenset({"startIndex"})

    def respond(self, request: httpx.Request, found: Any) -> MockedResponse:
        """Refuse parameters, and find no members of a group that does not exist."""
        if self.refused & request.url.params.keys():
            return MockedResponse(400, {"detail": SECRET})

        if "filter" in request.url.params and 'eq "g1"' not in request.url.params["filter"]:
            found = []

        return super().respond(request, found)


class NoProjection(Cursor):
    """It shows no members, but can be asked for them, and has no projection."""

    refused = frozenset({"startIndex", "attributes"})


class NoMembers(NoProjection):
    """It cannot be asked for members."""

    refused = frozenset({"startIndex", "attributes", "filter"})


MEMBERS = [{**GROUP, "members": [{"value": "u1"}]}]


@parametrize(
    "directory, profiles",
    [
        (Directory(Groups=MEMBERS), ["generic", "made_for_entra_id", "made_for_okta"]),
        (Directory(), ["generic", "made_for_entra_id", "made_for_okta"]),
        (Directory(Groups=[]), ["generic", "made_for_entra_id", "made_for_okta"]),
        (Cursor(Groups=MEMBERS), ["cursor_pages"]),
        (
            Directory(
                Groups=MEMBERS, ServiceProviderConfig={**CONFIG, "pagination": {"index": False}}
            ),
            ["cursor_pages"],
        ),
        (NoProjection(), ["aws_identity_center"]),
        (NoMembers(), ["aws_identity_center"]),
        (NoProjection(Groups=MEMBERS), []),
    ],
    ids=["members", "no members", "no groups", "cursor", "no index", "filter", "no filter", "none"],
)
def test_the_profiles_that_fit_are_named(directory: Directory, profiles: list[str]) -> None:
    """By how lists are read, whether there are projections, and where members are shown."""
    assert profiles == directory.report()["profiles"]


def test_a_refused_credential_is_an_error() -> None:
    """There is nothing to report then."""

    class Refusing(Directory):
        def respond(self, request: httpx.Request, found: Any) -> MockedResponse:
            return MockedResponse(401)

    assert "unauthorized" == Refusing().reply()["error"]["error_code"]


def test_raw_data_is_what_was_read() -> None:
    """Only if it is asked for, as its values are people's data."""
    directory = Directory()
    connection = {"credentials": CREDENTIALS, "settings": {"base_url": BASE_URL}}
    with intercept(directory.answer):
        reply = call(
            integration,
            "check_conformance",
            {"request": {}, "include_raw_data": True},
            connection=connection,
        )

    assert [USER] == reply["raw_data"]["User"]
    assert CONFIG == reply["raw_data"]["ServiceProviderConfig"][0]


def test_without_the_extra_the_reply_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before anything is asked of the service."""
    monkeypatch.delitem(sys.modules, "scim_connector.deviations", raising=False)
    monkeypatch.setitem(sys.modules, "scim2_models", None)
    directory = Directory()
    error = directory.reply()["error"]
    assert "python -m pip install 'scim-connector[models]'" in error["message"]
    assert "unsupported_operation" == error["error_code"]
    assert [] == directory.requests


def test_other_calls_do_not_import_the_models() -> None:
    """Declaring the connector imports none of it."""
    code = (
        "import sys, scim_connector.integration as i; i.integration.info();"
        " print([m for m in sys.modules if m.startswith('scim2')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()
