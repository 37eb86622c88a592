"""Changes, and what the lists say afterwards."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_cases import parametrize

Call = Callable[..., Any]
Listed = Callable[..., list[Any]]

NEW = "ada.lovelace@example.com"
MEMBER = "organization-mock-company/member"
ADMINISTRATOR = "organization-mock-company/administrator"
BASIC = "organization-mock-company/basic"
ENTERPRISE = "organization-mock-company/enterprise"
EVERYONE = "group-everyone/member"
BACKEND = "group-backend/member"
BACKEND_LEAD = "group-backend/lead"
VIEWER = "project-aurora/viewer"
EDITOR = "project-aurora/editor"

TYPES = {
    MEMBER: "role",
    ADMINISTRATOR: "role",
    BASIC: "licence",
    ENTERPRISE: "licence",
    EVERYONE: "group_membership",
    BACKEND: "group_membership",
    BACKEND_LEAD: "group_membership",
    VIEWER: "project_permission",
    EDITOR: "project_permission",
}
"""The types of the entitlements above."""


@pytest.fixture
def account_id(call: Call, listed: Listed) -> str:
    """Create an account that holds nothing but the default entitlements."""
    call("create_account", {"email": NEW, "entitlements": []})
    return str(account_of(listed)["integration_specific_id"])


def account_of(listed: Listed, email: str = NEW) -> Any:
    """Return the one account with this e-mail address."""
    [account] = [each for each in listed("list_accounts") if each["email"] == email]
    return account


def holdings(listed: Listed, account_id: str) -> set[str]:
    """Return the identifiers of the entitlements that an account holds."""
    return {
        association["integration_specific_entitlement_id"]
        for association in listed("find_entitlement_associations")
        if association["account_id"] == account_id
    }


def grant(account_id: str, entitlement_id: str) -> dict[str, str]:
    """Return the payload that assigns or unassigns an entitlement."""
    resource_id = entitlement_id.partition("/")[0]
    return {
        "account_integration_specific_id": account_id,
        "resource_integration_specific_id": resource_id,
        "resource_type": resource_id.partition("-")[0],
        "entitlement_type": TYPES[entitlement_id],
        "entitlement_integration_specific_id": entitlement_id,
    }


def test_a_new_account_is_listed_as_it_was_created(call: Call, listed: Listed) -> None:
    """All that `create_account` is told comes back from `list_accounts`."""
    reply = call(
        "create_account",
        {
            "email": NEW,
            "username": "ada",
            "given_name": "Ada",
            "family_name": "Lovelace",
            "user_status": "PENDING",
            "extra_data": {"floor": 3},
            "entitlements": [],
        },
    )

    assert {"status": "PENDING", "created": True} == reply["response"]
    account = account_of(listed)
    account.pop("integration_specific_id")
    expected = {
        "email": NEW,
        "given_name": "Ada",
        "family_name": "Lovelace",
        "username": "ada",
        "user_status": "PENDING",
        "extra_data": {"floor": 3},
        "custom_attributes": None,
        "account_type": "user",
    }
    assert expected == account


@parametrize(
    "request_, username, email",
    [
        ({"email": NEW}, NEW, NEW),
        ({"email": NEW, "username": ""}, NEW, NEW),
        ({"username": "ada"}, "ada", None),
        ({"username": "ada", "email": ""}, "ada", None),
    ],
)
def test_one_name_is_enough_for_a_new_account(
    request_: dict[str, str], username: str, email: str | None, call: Call, listed: Listed
) -> None:
    """An e-mail address serves as the user name, and an empty text counts as none."""
    call("create_account", {**request_, "entitlements": []})

    [account] = [each for each in listed("list_accounts") if each["username"] == username]
    assert email == account["email"]
    assert "ACTIVE" == account["user_status"]


def test_a_new_account_is_a_member_like_everyone(account_id: str, listed: Listed) -> None:
    """Without a wish, an account holds the default entitlements."""
    assert {MEMBER, EVERYONE} == holdings(listed, account_id)


def test_a_new_account_holds_what_it_was_created_with(call: Call, listed: Listed) -> None:
    """Entitlements of the request are assigned; a chosen role takes the place of the default."""
    entitlements = [
        {
            "integration_specific_id": each,
            "entitlement_type": TYPES[each],
            "integration_specific_resource_id": resource_id,
        }
        for each, resource_id in [
            (ADMINISTRATOR, "organization-mock-company"),
            (BACKEND, None),
            (VIEWER, "project-aurora"),
            (VIEWER, "project-aurora"),
        ]
    ]
    call("create_account", {"email": NEW, "entitlements": entitlements})

    account_id = account_of(listed)["integration_specific_id"]
    assert {ADMINISTRATOR, EVERYONE, BACKEND, VIEWER} == holdings(listed, account_id)


def test_assigning_and_unassigning_show_in_the_associations(
    account_id: str, call: Call, listed: Listed
) -> None:
    """An entitlement is held from its assignment until it is unassigned, nothing else changes."""
    before = listed("find_entitlement_associations")

    assigned = call("assign_entitlement", grant(account_id, BACKEND))
    assert {"assigned": True} == assigned["response"]
    assert {MEMBER, EVERYONE, BACKEND} == holdings(listed, account_id)

    unassigned = call("unassign_entitlement", grant(account_id, BACKEND))
    assert {"unassigned": True} == unassigned["response"]
    assert before == listed("find_entitlement_associations")


@parametrize("capability", ["assign_entitlement", "unassign_entitlement"])
def test_a_repeated_assignment_changes_nothing(
    capability: str, account_id: str, call: Call, listed: Listed
) -> None:
    """The second of two equal calls has the same outcome, and the same state after it."""
    first = call(capability, grant(account_id, BACKEND))
    before = listed("find_entitlement_associations")

    assert first == call(capability, grant(account_id, BACKEND))
    assert before == listed("find_entitlement_associations")


@parametrize("old, new", [(MEMBER, ADMINISTRATOR), (BASIC, ENTERPRISE), (VIEWER, EDITOR)])
def test_of_some_types_the_new_entitlement_replaces_the_old(
    old: str, new: str, account_id: str, call: Call, listed: Listed
) -> None:
    """Of a type with at most one, an account holds what was assigned last."""
    call("assign_entitlement", grant(account_id, old))
    call("assign_entitlement", grant(account_id, new))

    held = holdings(listed, account_id)
    assert new in held
    assert old not in held


def test_of_a_group_an_account_can_be_member_and_lead(
    account_id: str, call: Call, listed: Listed
) -> None:
    """Of a type without a limit, one entitlement does not replace another."""
    call("assign_entitlement", grant(account_id, BACKEND))
    call("assign_entitlement", grant(account_id, BACKEND_LEAD))

    assert {BACKEND, BACKEND_LEAD} <= holdings(listed, account_id)


def test_permissions_on_two_projects_do_not_replace_each_other(
    account_id: str, call: Call, listed: Listed
) -> None:
    """The limit of a type holds for one resource, not for all of them together."""
    elsewhere = {
        **grant(account_id, VIEWER),
        "resource_integration_specific_id": "project-delta",
        "entitlement_integration_specific_id": "project-delta/viewer",
    }
    call("assign_entitlement", grant(account_id, VIEWER))
    call("assign_entitlement", elsewhere)

    assert {VIEWER, "project-delta/viewer"} <= holdings(listed, account_id)


@parametrize("verb, status", [("activate", "ACTIVE"), ("deactivate", "SUSPENDED")])
@parametrize("before", ["ACTIVE", "SUSPENDED", "PENDING"])
def test_an_account_can_be_activated_and_deactivated_from_any_status(
    before: str, verb: str, status: str, call: Call, listed: Listed
) -> None:
    """The list has the new status, also when it is the old one; the entitlements stay."""
    call("create_account", {"email": NEW, "user_status": before, "entitlements": []})
    account_id = account_of(listed)["integration_specific_id"]

    reply = call(f"{verb}_account", {"account_id": account_id})

    assert {"status": status, f"{verb}d": True} == reply["response"]
    assert status == account_of(listed)["user_status"]
    assert {MEMBER, EVERYONE} == holdings(listed, account_id)


def test_a_deleted_account_is_gone_from_every_list(call: Call, listed: Listed) -> None:
    """No account, association, activity or manager is left of it; all others stay."""
    manager = {"custom_attributes": ["manager_id"]}
    others = [
        each["integration_specific_id"]
        for each in listed("list_accounts")
        if each["integration_specific_id"] != "account-00001"
    ]

    reply = call("delete_account", {"account_id": "account-00001"})

    assert {"status": "DELETED", "deleted": True} == reply["response"]
    accounts = listed("list_accounts", manager)
    assert others == [each["integration_specific_id"] for each in accounts]
    assert not any("account-00001" in each["custom_attributes"].values() for each in accounts)
    assert set() == holdings(listed, "account-00001")
    assert [] == listed("get_last_activity", {"account_ids": ["account-00001"]})


def test_an_identifier_is_never_used_again(call: Call, listed: Listed) -> None:
    """Who is created after a deletion is not taken for who was deleted."""
    call("create_account", {"email": NEW, "entitlements": []})
    old = account_of(listed)["integration_specific_id"]
    call("delete_account", {"account_id": old})
    call("create_account", {"email": NEW, "entitlements": []})

    assert old != account_of(listed)["integration_specific_id"]
