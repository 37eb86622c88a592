"""Changes in services that answer oddly: nothing is lost, and nothing undone is called done."""

import json
from collections.abc import Callable
from typing import Any

import httpx
from pytest_cases import parametrize

from connector_sdk.testing import MockedResponse, call, intercept
from scim_connector.integration import integration

CONNECTION: dict[str, Any] = {
    "credentials": [{"id": "bearer", "token": {"token": "sample-token"}}],
    "settings": {"base_url": "https://scim.example.com/v2"},
}
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
NOT_FOUND = MockedResponse(404, {"schemas": [ERROR], "status": "404"})
NO_PATCH = MockedResponse(501, {"schemas": [ERROR], "status": "501"})

Respond = Callable[[httpx.Request], MockedResponse]


def ask(respond: Respond, capability: str, payload: Any = None, **settings: Any) -> dict[str, Any]:
    """Call a capability with a service that responds so, and return the reply."""
    connection = {**CONNECTION, "settings": {**CONNECTION["settings"], **settings}}
    with intercept(lambda request: respond(request).as_httpx(request)):
        return call(integration, capability, {"request": payload or {}}, connection=connection)


class OneUser:
    """A service without PATCH and without versions; its one user can be changed by others."""

    def __init__(self, *others: dict[str, Any]) -> None:
        self.user: dict[str, Any] = {
            "id": "1",
            "active": True,
            "urn:example:Badge": {"number": 7},
            "meta": {"resourceType": "User"},
        }
        self.others = list(others)
        self.reads = 0
        self.written: list[dict[str, Any]] = []

    def respond(self, request: httpx.Request) -> MockedResponse:
        """Let one of the others change the user after each reading."""
        if request.method == "PATCH":
            return NO_PATCH

        if request.method == "PUT":
            self.written.append(json.loads(request.content))
            self.user = {**self.written[-1], "meta": self.user["meta"]}
            return MockedResponse(200, self.user)

        response = MockedResponse(200, dict(self.user))
        if self.others:
            self.user.update(self.others.pop(0))

        return response


def test_put_brings_back_all_that_was_there() -> None:
    """Whatever the service has of a user, known or not, is in the new version; not its `meta`."""
    service = OneUser()
    ask(service.respond, "deactivate_account", {"account_id": "1"})
    assert [{"id": "1", "active": False, "urn:example:Badge": {"number": 7}}] == service.written


def test_put_undoes_nothing_that_came_in_between() -> None:
    """Whoever changes the user after the first reading, is seen by the second, and kept."""
    service = OneUser({"title": "Countess"})
    reply = ask(service.respond, "deactivate_account", {"account_id": "1"})
    assert {"status": "INACTIVE", "deactivated": True} == reply["response"]
    assert ["Countess"] == [each["title"] for each in service.written]


def test_put_is_given_up_where_others_never_rest() -> None:
    """A user that is another at each reading is not overwritten at all."""
    service = OneUser(*({"title": str(number)} for number in range(20)))
    reply = ask(service.respond, "deactivate_account", {"account_id": "1"})
    assert ("service_error", []) == (reply["error"]["error_code"], service.written)


@parametrize("capability", ["activate_account", "deactivate_account"])
def test_a_change_that_was_only_promised_is_an_error(capability: str) -> None:
    """A service that takes a change and does not carry it out is found out."""
    active = capability == "deactivate_account"

    def respond(request: httpx.Request) -> MockedResponse:
        if request.method == "PATCH":
            return MockedResponse(204)

        return MockedResponse(200, {"id": "1", "active": active})

    reply = ask(respond, capability, {"account_id": "1"})
    assert "service_error" == reply["error"]["error_code"]


def test_what_is_so_already_is_not_sent() -> None:
    """To activate whoever is active takes one reading, and no change."""
    methods: list[str] = []

    def respond(request: httpx.Request) -> MockedResponse:
        methods.append(request.method)
        return MockedResponse(200, {"id": "1", "active": True})

    ask(respond, "activate_account", {"account_id": "1"})
    assert ["GET"] == methods


def test_extra_data_gives_further_attributes() -> None:
    """They stand beside what the request itself says, and never in its place."""
    created: list[dict[str, Any]] = []

    def respond(request: httpx.Request) -> MockedResponse:
        created.append(json.loads(request.content))
        return MockedResponse(201, {"id": "1", **created[-1]})

    extra = {
        "title": "Countess",
        "username": "other",
        "name": {"honorificPrefix": "Lady"},
        "urn:example:2.0:User": {"badge": 7},
    }
    payload = {"username": "ada", "given_name": "Ada", "extra_data": extra, "entitlements": []}
    ask(respond, "create_account", payload)
    assert [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:2.0:User"],
            "userName": "ada",
            "active": True,
            "name": {"honorificPrefix": "Lady", "givenName": "Ada"},
            "title": "Countess",
            "urn:example:2.0:User": {"badge": 7},
        }
    ] == created


def test_a_header_alone_is_no_version() -> None:
    """Web frameworks set `ETag` and do not heed `If-Match`: only `meta.version` is one."""
    sent: list[str | None] = []
    user: dict[str, Any] = {"id": "1", "active": True}

    def respond(request: httpx.Request) -> MockedResponse:
        if request.method == "PATCH":
            sent.append(request.headers.get("If-Match"))
            user["active"] = not user["active"]
            return MockedResponse(204)

        return MockedResponse(200, user, {"ETag": 'W/"framework"'})

    ask(respond, "deactivate_account", {"account_id": "1"})
    user["meta"] = {"version": 'W/"7"'}
    ask(respond, "activate_account", {"account_id": "1"})
    assert [None, 'W/"7"'] == sent


@parametrize(
    "response, code",
    [
        (MockedResponse(204), None),
        (NOT_FOUND, None),
        (MockedResponse(404, "<html>nothing here"), "not_found"),
        (MockedResponse(200, "<html>log in"), "invalid_response"),
    ],
    ids=["gone", "was gone", "wrong address", "login page"],
)
def test_a_deletion_is_done_if_the_service_says_so(
    response: MockedResponse, code: str | None
) -> None:
    """A 404 that is no SCIM message may come from anywhere: the account need not be gone."""
    reply = ask(lambda request: response, "delete_account", {"account_id": "1"})
    assert code == (reply["error"]["error_code"] if reply.get("is_error") else None)


@parametrize("endpoint, code", [("/Users", None), ("/Groups", "not_found")])
def test_a_service_may_have_no_groups(endpoint: str, code: str | None) -> None:
    """A 404 for groups means none, if the service does not say that it has such resources."""

    def respond(request: httpx.Request) -> MockedResponse:
        if request.url.path == "/v2/ResourceTypes":
            types = [{"name": endpoint[1:-1], "endpoint": endpoint}]
            return MockedResponse(200, {"totalResults": 1, "Resources": types})

        return NOT_FOUND

    reply = ask(respond, "list_resources")
    assert code == (reply["error"]["error_code"] if reply.get("is_error") else None)


@parametrize(
    "payload, fault",
    [
        ({}, "username or request.email"),
        ({"username": ""}, "username or request.email"),
        ({"username": "ada", "user_status": "PENDING"}, "user_status"),
        (
            {
                "username": "ada",
                "entitlements": [
                    {"entitlement_type": "licence", "integration_specific_id": "1"},
                ],
            },
            "entitlement_type",
        ),
    ],
    ids=["nobody", "empty name", "other status", "other entitlement"],
)
def test_what_cannot_be_created_is_refused_before_anything_is_sent(
    payload: dict[str, Any], fault: str
) -> None:
    """A request that names nobody, or what SCIM does not have, is `bad_request`."""

    def respond(request: httpx.Request) -> MockedResponse:
        raise AssertionError(f"{request.method} {request.url}")

    reply = ask(respond, "create_account", {"entitlements": [], **payload})
    assert "bad_request" == reply["error"]["error_code"]
    assert fault in reply["error"]["message"]


@parametrize(
    "field, value, fault",
    [
        ("resource_integration_specific_id", "other", "another resource"),
        ("resource_type", "service", "resource_type"),
        ("entitlement_type", "licence", "entitlement_type"),
    ],
)
def test_a_grant_that_is_not_listed_so_is_refused(field: str, value: str, fault: str) -> None:
    """Type and resource of an entitlement are those that `list_entitlements` gives."""
    grant = {
        "account_integration_specific_id": "1",
        "resource_integration_specific_id": "g1",
        "resource_type": "group",
        "entitlement_type": "membership",
        "entitlement_integration_specific_id": "g1",
    }
    reply = ask(lambda request: NOT_FOUND, "assign_entitlement", {**grant, field: value})
    assert "bad_request" == reply["error"]["error_code"]
    assert fault in reply["error"]["message"]


@parametrize(
    "status, kind, code",
    [
        (400, "invalidValue", "invalid_value"),
        (400, "mutability", "unsupported_operation"),
        (400, "expiredCursor", "invalid_page_token"),
        (400, "tooMany", "bad_request"),
        (403, None, "permission_denied"),
        (409, None, "bad_request"),
        (412, None, "service_error"),
        (501, None, "unsupported_operation"),
        (500, None, "api_error"),
    ],
)
def test_a_refusal_says_what_is_wrong(status: int, kind: str | None, code: str) -> None:
    """The code is the `scimType`'s, else the status's; the service's own word stands beside it."""
    refusal = MockedResponse(status, {"schemas": [ERROR], "status": str(status), "scimType": kind})
    error = ask(lambda request: refusal, "list_accounts")["error"]
    assert (code, kind, status) == (
        error["error_code"],
        error["app_error_code"],
        error["status_code"],
    )


LOGINS: dict[str, dict[str, Any]] = {
    "ada": {"id": "ada", "urn:example:2.0:User": {"lastLogin": "2026-01-02T03:04:05Z"}},
    "grace": {"id": "grace"},
}


def show_logins(request: httpx.Request) -> MockedResponse:
    """A service whose users have the time of their last login in an extension."""
    user = LOGINS.get(request.url.path.rpartition("/")[2])
    return MockedResponse(200, user) if user else NOT_FOUND


def test_the_last_login_is_where_the_settings_say() -> None:
    """An extension's attribute gives it; who is unknown or never signed in has no item."""
    reply = ask(
        show_logins,
        "get_last_activity",
        {"account_ids": ["ada", "grace", "nobody", "ada"]},
        last_login_attribute="urn:example:2.0:User:lastLogin",
    )
    expected = [
        {
            "account_id": "ada",
            "event_type": "last_login",
            "happened_at": "2026-01-02T03:04:05+00:00",
        }
    ]
    assert expected == reply["response"]


def test_without_an_attribute_no_last_login_is_known() -> None:
    """SCIM has none of its own, so the settings have to name one."""
    reply = ask(show_logins, "get_last_activity", {"account_ids": ["ada"]})
    assert "integration_missing_parameter" == reply["error"]["error_code"]


@parametrize("text", ["yesterday", "2026-01-02T03:04:05"])
def test_a_last_login_that_is_no_time_is_an_invalid_response(text: str) -> None:
    """A time without offset could be anywhere on earth."""
    reply = ask(
        lambda request: MockedResponse(200, {"id": "ada", "lastLogin": text}),
        "get_last_activity",
        {"account_ids": ["ada"]},
        last_login_attribute="lastLogin",
    )
    assert "invalid_response" == reply["error"]["error_code"]


@parametrize(
    "user, field, expected",
    [
        (
            {"emails": [{"value": "a@x"}, {"value": "b@x", "primary": True}]},
            "email",
            "b@x",
        ),
        ({"emails": [{"value": "a@x"}, {"value": "b@x", "type": "work"}]}, "email", "b@x"),
        ({"emails": [{"value": "a@x"}, {"value": "b@x"}]}, "email", "a@x"),
        ({"emails": ["a@x"]}, "email", "a@x"),
        ({"emails": None}, "email", None),
        ({"UserName": "ada"}, "username", "ada"),
        ({"NAME": {"GivenName": "Ada"}}, "given_name", "Ada"),
        ({"active": "False"}, "user_status", "INACTIVE"),
        ({}, "user_status", None),
    ],
    ids=str,
)
def test_services_are_borne_with(user: dict[str, Any], field: str, expected: str | None) -> None:
    """Names have no case, and of several e-mail addresses the primary one counts."""
    body = {"totalResults": 1, "Resources": [{"id": "1", **user}]}
    reply = ask(lambda request: MockedResponse(200, body), "list_accounts")
    assert expected == reply["response"][0][field]


def test_put_does_not_write_an_attribute_twice() -> None:
    """What the service calls `Active` is replaced, not joined by an `active`."""
    service = OneUser()
    service.user = {"id": "1", "Active": True, "meta": {}}
    ask(service.respond, "deactivate_account", {"account_id": "1"})
    assert [{"id": "1", "active": False}] == service.written


def test_identifiers_are_data() -> None:
    """An identifier cannot lead to another resource, and in a filter it stays within its quotes."""
    paths: list[str] = []

    def respond(request: httpx.Request) -> MockedResponse:
        paths.append(request.url.raw_path.decode())
        return NOT_FOUND

    ask(respond, "activate_account", {"account_id": "../Groups/1"})
    assert ["/v2/Users/..%2FGroups%2F1"] == paths

    user = {"id": "1", "active": True, "roles": [{"value": 'a" or value pr'}]}
    operations: list[Any] = []

    def patch(request: httpx.Request) -> MockedResponse:
        if request.method == "PATCH":
            operations.extend(json.loads(request.content)["Operations"])
            user["roles"] = []

        return MockedResponse(200, user)

    grant = {
        "account_integration_specific_id": "1",
        "resource_integration_specific_id": "service",
        "resource_type": "service",
        "entitlement_type": "role",
        "entitlement_integration_specific_id": 'a" or value pr',
    }
    ask(patch, "unassign_entitlement", grant)
    assert [{"op": "remove", "path": 'roles[value eq "a\\" or value pr"]'}] == operations
