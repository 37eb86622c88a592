"""The life of an account in each of the real services, from creation to deletion."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow  # its tests call real services

STAFF = {"displayName": "Staff"}
ADA = {
    "username": "ada",
    "email": "ada@example.com",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "extra_data": {"title": "Countess"},
    "entitlements": [],
}


def member_of(group_id: str) -> dict[str, str]:
    """An entitlement as `create_account` takes it."""
    return {
        "entitlement_type": "membership",
        "integration_specific_id": group_id,
        "integration_specific_resource_id": group_id,
    }


def grant(account_id: str, group_id: str) -> dict[str, str]:
    """A grant as `assign_entitlement` takes it."""
    return {
        "account_integration_specific_id": account_id,
        "resource_integration_specific_id": group_id,
        "resource_type": "group",
        "entitlement_type": "membership",
        "entitlement_integration_specific_id": group_id,
    }


def role(account_id: str, value: str) -> dict[str, str]:
    """A role as `assign_entitlement` takes it."""
    return {
        "account_integration_specific_id": account_id,
        "resource_integration_specific_id": "service",
        "resource_type": "service",
        "entitlement_type": "role",
        "entitlement_integration_specific_id": value,
    }


def association(account_id: str, group_id: str) -> dict[str, str]:
    """An association as `find_entitlement_associations` gives it."""
    return {
        "account_id": account_id,
        "integration_specific_entitlement_id": group_id,
        "integration_specific_resource_id": group_id,
    }


def test_a_service_is_named_by_its_address(service: Any) -> None:
    """The tenant id is host and path: SCIM has no other name for a tenant."""
    response = service.do("validate_credentials")
    assert {
        "valid": True,
        "unique_tenant_id": service.base_url.removeprefix("http://"),
    } == response


def test_a_wrong_credential_is_unauthorized(service: Any) -> None:
    """A token that the service does not know is `unauthorized`, and is not quoted."""
    wrong = [{"id": "bearer", "token": {"token": "another-token"}}]
    reply = service.call("validate_credentials", credentials=wrong)
    assert "unauthorized" == reply["error"]["error_code"]
    assert "another-token" not in str(reply)


def test_what_is_created_is_found(service: Any) -> None:
    """An account has what it was created with, custom attributes included."""
    assert {"status": "ACTIVE", "created": True} == service.do("create_account", **ADA)
    [account] = service.listed("list_accounts", {"custom_attributes": ["title", "nickName"]})
    assert {
        "email": "ada@example.com",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "username": "ada",
        "user_status": "ACTIVE",
        "custom_attributes": {"title": "Countess"},
    }.items() <= account.items()


def test_groups_are_resources_and_give_a_membership(service: Any) -> None:
    """Each group is a resource, and the entitlement on it is to be its member."""
    group_id = service.create("/Groups", STAFF)
    [resource] = service.listed("list_resources")
    [entitlement] = service.listed("list_entitlements")
    assert (group_id, "Staff", "group") == (
        resource["integration_specific_id"],
        resource["label"],
        resource["resource_type"],
    )
    assert (group_id, group_id, "membership") == (
        entitlement["integration_specific_id"],
        entitlement["integration_specific_resource_id"],
        entitlement["entitlement_type"],
    )


def test_an_account_joins_and_leaves_a_group(service: Any) -> None:
    """Assigning twice and unassigning twice is done; nobody else is touched."""
    group_id = service.create("/Groups", STAFF)
    staying = service.create("/Users", {"userName": "grace", "active": True})
    service.do("assign_entitlement", **grant(staying, group_id))
    service.do("create_account", **{**ADA, "entitlements": [member_of(group_id)]})
    account_id = next(
        each["integration_specific_id"]
        for each in service.listed("list_accounts")
        if each["username"] == "ada"
    )
    both = [association(staying, group_id), association(account_id, group_id)]
    for _ in range(2):
        assert {"assigned": True} == service.do("assign_entitlement", **grant(account_id, group_id))
        found = service.listed("find_entitlement_associations")
        assert sorted(both, key=str) == sorted(found, key=str)

    for _ in range(2):
        assert {"unassigned": True} == service.do(
            "unassign_entitlement", **grant(account_id, group_id)
        )
        assert both[:1] == service.listed("find_entitlement_associations")


def test_what_is_so_already_is_not_written(service: Any) -> None:
    """Nothing is changed by what is done already: the service has the same version as before."""
    account_id = service.create("/Users", {"userName": "ada", "active": True})
    group_id = service.create("/Groups", {**STAFF, "members": [{"value": account_id}]})
    with service.http as http:
        before = [http.get(path).json() for path in ("/Users", "/Groups")]
        service.do("activate_account", account_id=account_id)
        service.do("assign_entitlement", **grant(account_id, group_id))
        assert before == [http.get(path).json() for path in ("/Users", "/Groups")]


def test_an_account_is_shut_out_and_let_in(service: Any) -> None:
    """Deactivating and activating change the status and nothing else, however often."""
    account_id = service.create("/Users", {"userName": "ada", "title": "Countess", "active": True})
    for capability, status in [
        ("deactivate_account", "INACTIVE"),
        ("deactivate_account", "INACTIVE"),
        ("activate_account", "ACTIVE"),
        ("activate_account", "ACTIVE"),
    ]:
        assert status == service.do(capability, account_id=account_id)["status"]
        [account] = service.listed("list_accounts")
        assert (status, "Countess") == (account["user_status"], account["extra_data"]["title"])


def test_creating_what_exists_is_done(service: Any) -> None:
    """An account that an earlier call has created is taken for the wanted one."""
    for _ in range(2):
        assert {"status": "ACTIVE", "created": True} == service.do("create_account", **ADA)

    assert 1 == len(service.listed("list_accounts"))


def test_a_name_that_another_has_is_refused(service: Any) -> None:
    """A user name that somebody else has, in whatever case, makes no second account."""
    service.do("create_account", **ADA)
    reply = service.call("create_account", {**ADA, "username": "Ada", "email": "b@example.com"})
    assert ("bad_request", "uniqueness") == (
        reply["error"]["error_code"],
        reply["error"]["app_error_code"],
    )


def test_a_deleted_account_is_gone(service: Any) -> None:
    """Deleting twice is done, and whoever is gone can be neither changed nor put into a group."""
    account_id = service.create("/Users", {"userName": "ada", "active": True})
    group_id = service.create("/Groups", STAFF)
    for _ in range(2):
        deleted = service.do("delete_account", account_id=account_id)
        assert {"status": "DELETED", "deleted": True} == deleted

    assert [] == service.listed("list_accounts")
    for capability, payload in [
        ("activate_account", {"account_id": account_id}),
        ("assign_entitlement", grant(account_id, group_id)),
    ]:
        assert "not_found" == service.call(capability, payload)["error"]["error_code"]


def test_a_group_that_is_not_there_is_not_found(service: Any) -> None:
    """To join or leave a group that the service does not have is `not_found`."""
    account_id = service.create("/Users", {"userName": "ada", "active": True})
    for capability in ("assign_entitlement", "unassign_entitlement"):
        reply = service.call(capability, grant(account_id, "no-such-group"))
        assert "not_found" == reply["error"]["error_code"]


def test_roles_are_granted_on_the_service_itself(service: Any) -> None:
    """With roles switched on, those of users are entitlements, each once, and can be changed."""
    service.settings = {"roles_and_entitlements": True, "page_size": 1}
    ids = [
        service.create(
            "/Users", {"userName": name, "active": True, "roles": [{"value": "auditor"}]}
        )
        for name in ("ada", "grace")
    ]
    entitlements = service.listed("list_entitlements")
    assert [("role", "auditor", "service")] == [
        (
            each["entitlement_type"],
            each["integration_specific_id"],
            each["integration_specific_resource_id"],
        )
        for each in entitlements
    ]
    service.do("unassign_entitlement", **role(ids[0], "auditor"))
    service.do("assign_entitlement", **role(ids[1], "admin"))
    found = service.listed("find_entitlement_associations")
    assert {(ids[1], "auditor"), (ids[1], "admin")} == {
        (each["account_id"], each["integration_specific_entitlement_id"]) for each in found
    }


def test_attributes_of_extensions_are_custom_attributes(service: Any) -> None:
    """The service's schemas tell the custom attributes; what a field of accounts has is none."""
    listed = service.listed("list_custom_attributes_schema")
    types = {each["name"]: each["attribute_type"] for each in listed}
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert {
        "title": "string",
        "name.formatted": "string",
        f"{enterprise}:department": "string",
        f"{enterprise}:manager.value": "user",
    }.items() <= types.items()
    assert set() == types.keys() & {
        "id",
        "userName",
        "active",
        "name.givenName",
        "password",
        "groups",
    }
