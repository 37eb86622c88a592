"""The life of an account in OpenLDAP, from creation to deletion."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow  # a directory server is started for it

ADA = {
    "username": "ada",
    "email": "ada@example.com",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "extra_data": {"title": "Countess", "telephoneNumber": ["+44 1", "+44 2"]},
    "entitlements": [],
}
GRACE = {"username": "grace", "entitlements": []}

STAFF = "dn: cn=staff,BASE\nobjectClass: groupOfNames\nmember: uid=grace,BASE\n"
UNIQUE = "dn: cn=staff,BASE\nobjectClass: groupOfUniqueNames\nuniqueMember: uid=grace,BASE\n"
POSIX = "dn: cn=staff,BASE\nobjectClass: posixGroup\ngidNumber: 7\nmemberUid: grace\n"


def grant(account_id: str, group_id: str) -> dict[str, str]:
    """A grant as `assign_entitlement` takes it."""
    return {
        "account_integration_specific_id": account_id,
        "resource_integration_specific_id": group_id,
        "resource_type": "group",
        "entitlement_type": "membership",
        "entitlement_integration_specific_id": group_id,
    }


def id_of(tenant: Any, username: str) -> str:
    """The id of the account with a user name."""
    identifier: str = tenant.account(username)["integration_specific_id"]
    return identifier


def test_what_is_created_is_found(tenant: Any) -> None:
    """An account has what it was created with, custom attributes included."""
    tenant.settings["custom_attributes"] = ["title", "telephoneNumber", "pager"]
    assert {"status": "ACTIVE", "created": True} == tenant.do("create_account", **ADA)
    names = ["title", "telephoneNumber", "pager", "userPassword"]
    [account] = tenant.listed("list_accounts", {"custom_attributes": names})
    assert {
        "email": "ada@example.com",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "username": "ada",
        "user_status": "ACTIVE",
        "extra_data": {"dn": f"uid=ada,{tenant.base}", "title": "Countess"},
        "custom_attributes": {"title": "Countess", "telephoneNumber": "+44 1\n+44 2"},
    }.items() <= account.items()


def test_an_attribute_is_the_same_in_any_letters(tenant: Any) -> None:
    """What the request says in fields of its own comes first, then `extra_data`, then a default."""
    tenant.settings["custom_attributes"] = ["cn", "sn"]
    given = {"MAIL": "eve@example.com", "UID": "eve", "CN": "The Countess", "Sn": "Byron"}
    classes = {"ObjectClass": ["inetOrgPerson"]}
    tenant.do("create_account", **{**ADA, "extra_data": {**given, **classes}})
    [account] = tenant.listed("list_accounts", {"custom_attributes": ["cn", "sn"]})
    assert ("ada", "ada@example.com", {"cn": "The Countess", "sn": "Lovelace"}) == (
        account["username"],
        account["email"],
        account["custom_attributes"],
    )


def test_a_first_password_can_be_an_attribute_of_any_letters(tenant: Any) -> None:
    """`userPassword` goes to the server as it is, unless there is a `password`."""
    both = {"password": "analytical", "USERPASSWORD": "difference"}
    tenant.do("create_account", **{**ADA, "extra_data": both})
    tenant.do("create_account", **GRACE, extra_data={"userPassword": "compiler"})
    for username, password in {"ada": "analytical", "grace": "compiler"}.items():
        auth = {"basic": {"username": f"uid={username},{tenant.base}", "password": password}}
        assert tenant.call("validate_credentials", auth=auth)["response"]["valid"]


def test_the_custom_attributes_are_those_of_the_settings(tenant: Any) -> None:
    """What can be asked for is what the settings name."""
    tenant.settings["custom_attributes"] = ["title"]
    [schema] = tenant.do("list_custom_attributes_schema")
    assert ("title", "string") == (schema["name"], schema["attribute_type"])


def test_an_id_survives_a_new_name(tenant: Any) -> None:
    """An account that is renamed is the same account."""
    tenant.do("create_account", **ADA)
    before = id_of(tenant, "ada")
    tenant.modify("dn: uid=ada,BASE\nchangetype: modrdn\nnewrdn: uid=countess\ndeleteoldrdn: 1\n")
    assert before == id_of(tenant, "countess")


def test_creating_the_same_account_twice_is_done(tenant: Any) -> None:
    """A repeated creation finds what the first one made."""
    for _ in range(2):
        assert {"status": "ACTIVE", "created": True} == tenant.do("create_account", **ADA)

    assert 1 == len(tenant.listed("list_accounts"))


def test_a_name_that_somebody_else_has_is_refused(tenant: Any) -> None:
    """Another person of the same user name is `bad_request`, and nothing changes."""
    tenant.do("create_account", **ADA)
    before = tenant.listed("list_accounts")
    assert "bad_request" == tenant.code("create_account", {**ADA, "email": "b@example.com"})
    assert before == tenant.listed("list_accounts")


@pytest.mark.parametrize(
    "unfit",
    [
        {"username": None, "email": None},
        {"user_status": "DELETED"},
        {"extra_data": {"password": ""}},
        {"extra_data": {"title": 3}},
        {"extra_data": {"title": []}},
        {"extra_data": {"a)(b": "x"}},
        {"extra_data": {"noSuchAttribute": "x"}},
        {"extra_data": {"title": "Countess", "TITLE": "Lady"}},
        {"extra_data": {"surname": "Byron"}},
        {"extra_data": {"title": ["Countess", "countess"]}},
        {"entitlements": [{"entitlement_type": "role", "integration_specific_id": "x"}]},
    ],
)
def test_an_account_that_cannot_be_is_refused(tenant: Any, unfit: dict[str, Any]) -> None:
    """What a new account cannot have is `bad_request`, and none is made."""
    assert "bad_request" == tenant.code("create_account", {**ADA, **unfit})
    assert [] == tenant.listed("list_accounts")


def test_an_account_that_is_to_join_no_group_of_ours_is_not_made(tenant: Any) -> None:
    """An entitlement that there is not is `not_found` before anything is changed."""
    wanted = [{"entitlement_type": "membership", "integration_specific_id": "no-uuid"}]
    assert "not_found" == tenant.code("create_account", {**ADA, "entitlements": wanted})
    assert [] == tenant.listed("list_accounts")


def test_an_account_is_shut_out_and_let_in(tenant: Any) -> None:
    """The server refuses its password while it is deactivated; each call may be repeated."""
    tenant.do("create_account", **{**ADA, "extra_data": {"password": "analytical"}})
    identifier = id_of(tenant, "ada")
    as_ada = {"basic": {"username": f"uid=ada,{tenant.base}", "password": "analytical"}}
    assert tenant.call("validate_credentials", auth=as_ada)["response"]["valid"]
    for _ in range(2):
        assert {"status": "INACTIVE", "deactivated": True} == tenant.do(
            "deactivate_account", account_id=identifier
        )
    assert "INACTIVE" == tenant.account("ada")["user_status"]
    assert "unauthorized" == tenant.code("validate_credentials", auth=as_ada)
    for _ in range(2):
        assert {"status": "ACTIVE", "activated": True} == tenant.do(
            "activate_account", account_id=identifier
        )
    assert tenant.call("validate_credentials", auth=as_ada)["response"]["valid"]


def test_an_account_can_be_made_inactive(tenant: Any) -> None:
    """A new account that is to be suspended cannot be used."""
    wanted = {**ADA, "user_status": "SUSPENDED"}
    assert {"status": "INACTIVE", "created": True} == tenant.do("create_account", **wanted)
    assert "INACTIVE" == tenant.account("ada")["user_status"]


@pytest.mark.parametrize(
    ("lock", "status"),
    [
        ("objectClass: nsLockable\nnsAccountLock: TRUE\n", "INACTIVE"),
        ("objectClass: nsLockable\nnsAccountLock: false\n", "ACTIVE"),
        ("pwdAccountLockedTime: 000001010000Z\n", "INACTIVE"),
        ("pwdAccountLockedTime: 20260102030405Z\n", "SUSPENDED"),
    ],
)
def test_a_lock_is_a_status(tenant: Any, lock: str, status: str) -> None:
    """A lock for good is inactive; one after too many wrong passwords is suspended."""
    tenant.modify(f"dn: uid=ada,BASE\nobjectClass: inetOrgPerson\ncn: A\nsn: L\n{lock}")
    assert status == tenant.account("ada")["user_status"]


def test_the_lock_of_another_server_is_used(tenant: Any) -> None:
    """With the setting, an account is locked by nsAccountLock."""
    tenant.settings["lock_attribute"] = "nsAccountLock"
    tenant.modify(
        "dn: uid=ada,BASE\nobjectClass: inetOrgPerson\nobjectClass: nsLockable\ncn: A\nsn: L\n"
    )
    tenant.do("deactivate_account", account_id=id_of(tenant, "ada"))
    assert [{"nsAccountLock": ["TRUE"], "dn": [f"uid=ada,{tenant.base}"]}] == tenant.search(
        "(uid=ada)", "nsAccountLock"
    )
    tenant.do("activate_account", account_id=id_of(tenant, "ada"))
    assert "ACTIVE" == tenant.account("ada")["user_status"]


@pytest.mark.parametrize("group", [STAFF, UNIQUE, POSIX])
def test_an_account_joins_and_leaves_a_group(tenant: Any, group: str) -> None:
    """Assigning twice and unassigning twice is done, and nobody else is touched."""
    tenant.do("create_account", **ADA)
    tenant.do("create_account", **GRACE)
    tenant.modify(group)
    wanted = grant(id_of(tenant, "ada"), tenant.group("staff"))
    for _ in range(2):
        assert {"assigned": True} == tenant.do("assign_entitlement", **wanted)
        assert {("ada", "staff"), ("grace", "staff")} == tenant.members()

    for _ in range(2):
        assert {"unassigned": True} == tenant.do("unassign_entitlement", **wanted)
        assert {("grace", "staff")} == tenant.members()


def test_an_account_is_created_into_a_group(tenant: Any) -> None:
    """A new account is in the groups that it is to be in."""
    tenant.do("create_account", **GRACE)
    tenant.modify(STAFF)
    entitlement = {
        "entitlement_type": "membership",
        "integration_specific_id": tenant.group("staff"),
    }
    tenant.do("create_account", **{**ADA, "entitlements": [entitlement]})
    assert {("ada", "staff"), ("grace", "staff")} == tenant.members()


def test_groups_are_resources_and_give_a_membership(tenant: Any) -> None:
    """Each group is a resource, and the entitlement on it is to be its member."""
    tenant.modify(f"{STAFF}description: Everybody\n")
    [resource] = tenant.listed("list_resources")
    [entitlement] = tenant.listed("list_entitlements")
    group_id = resource["integration_specific_id"]
    assert ("staff", "group", {"dn": f"cn=staff,{tenant.base}", "description": "Everybody"}) == (
        resource["label"],
        resource["resource_type"],
        resource["extra_data"],
    )
    assert (group_id, group_id, "membership", "staff") == (
        entitlement["integration_specific_id"],
        entitlement["integration_specific_resource_id"],
        entitlement["entitlement_type"],
        entitlement["label"],
    )


def test_the_last_member_stays_in_a_group_that_must_have_one(tenant: Any) -> None:
    """Without a placeholder this is `bad_request`; with one, it takes the member's place."""
    tenant.do("create_account", **GRACE)
    tenant.modify(STAFF)
    wanted = grant(id_of(tenant, "grace"), tenant.group("staff"))
    assert "bad_request" == tenant.code("unassign_entitlement", wanted)
    assert {("grace", "staff")} == tenant.members()
    tenant.settings["placeholder_member"] = "cn=nobody"
    tenant.do("unassign_entitlement", **wanted)
    assert set() == tenant.members()
    tenant.do("assign_entitlement", **wanted)
    [group] = tenant.search("(cn=staff)", "member")
    assert [f"uid=grace,{tenant.base}"] == group["member"]


@pytest.mark.parametrize("group", [STAFF, UNIQUE, POSIX])
def test_a_deleted_account_leaves_no_name_behind(tenant: Any, group: str) -> None:
    """Who gets the name next does not get the access; deleting again is done."""
    tenant.do("create_account", **ADA)
    tenant.do("create_account", **GRACE)
    tenant.modify(group)
    identifier = id_of(tenant, "ada")
    tenant.do("assign_entitlement", **grant(identifier, tenant.group("staff")))
    for _ in range(2):
        assert {"status": "DELETED", "deleted": True} == tenant.do(
            "delete_account", account_id=identifier
        )
    tenant.do("create_account", **ADA)
    assert {("grace", "staff")} == tenant.members()


def test_members_of_a_nested_group_are_members(tenant: Any) -> None:
    """Membership goes up through groups, round in circles or not, unless the settings say no."""
    tenant.do("create_account", **GRACE)
    tenant.modify(
        f"{STAFF}\n"
        "dn: cn=all,BASE\nobjectClass: groupOfNames\nmember: CN=Staff, BASE\n\n"
        "dn: cn=circle,BASE\nobjectClass: groupOfNames\nmember: cn=all,BASE\n\n"
        "dn: cn=staff,BASE\nchangetype: modify\nadd: member\nmember: cn=circle,BASE\n"
    )
    expected = {("grace", "staff"), ("grace", "all"), ("grace", "circle")}
    assert expected == tenant.members()
    tenant.settings["memberships"] = "account"
    assert expected == tenant.members()
    tenant.settings["nested_groups"] = False
    assert {("grace", "staff")} == tenant.members()
    tenant.settings["memberships"] = "group"
    assert {("grace", "staff")} == tenant.members()


def test_an_inherited_membership_is_not_said_to_be_taken(tenant: Any) -> None:
    """Who is in a group through another one stays there: `bad_request`."""
    tenant.do("create_account", **GRACE)
    tenant.modify(f"{STAFF}\ndn: cn=all,BASE\nobjectClass: groupOfNames\nmember: cn=staff,BASE\n")
    wanted = grant(id_of(tenant, "grace"), tenant.group("all"))
    assert "bad_request" == tenant.code("unassign_entitlement", wanted)
    assert {("grace", "staff"), ("grace", "all")} == tenant.members()


@pytest.mark.parametrize(
    "change",
    [
        {"account_integration_specific_id": "00000000-0000-0000-0000-000000000000"},
        {"account_integration_specific_id": "*"},
        {
            "entitlement_integration_specific_id": "no-id",
            "resource_integration_specific_id": "no-id",
        },
    ],
)
def test_an_unknown_account_or_group_is_not_found(tenant: Any, change: dict[str, str]) -> None:
    """Ids that name nothing are `not_found`, whether they could be ids or not."""
    tenant.do("create_account", **GRACE)
    tenant.modify(STAFF)
    wanted = grant(id_of(tenant, "grace"), tenant.group("staff"))
    assert "not_found" == tenant.code("assign_entitlement", {**wanted, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"entitlement_type": "role"},
        {"resource_type": "service"},
        {"resource_integration_specific_id": "another"},
    ],
)
def test_a_membership_named_wrongly_is_refused(tenant: Any, change: dict[str, str]) -> None:
    """A membership that is not listed so is `bad_request`."""
    assert "bad_request" == tenant.code("assign_entitlement", {**grant("x", "y"), **change})


def test_a_group_is_not_an_account(tenant: Any) -> None:
    """What the account filter does not find can be neither changed nor deleted."""
    tenant.modify(STAFF)
    group_id = tenant.group("staff")
    assert "not_found" == tenant.code("deactivate_account", {"account_id": group_id})
    assert {"status": "DELETED", "deleted": True} == tenant.do(
        "delete_account", account_id=group_id
    )
    assert group_id == tenant.group("staff")


def test_a_login_is_activity(tenant: Any) -> None:
    """When an account last signed in is told; one that never did has no item."""
    tenant.do("create_account", **{**ADA, "extra_data": {"password": "analytical"}})
    tenant.do("create_account", **GRACE)
    ids = [id_of(tenant, "ada"), id_of(tenant, "grace"), "unknown"]
    assert [] == tenant.do("get_last_activity", account_ids=ids)
    as_ada = {"basic": {"username": f"uid=ada,{tenant.base}", "password": "analytical"}}
    tenant.call("validate_credentials", auth=as_ada)
    [activity] = tenant.do("get_last_activity", account_ids=ids)
    [entry] = tenant.search("(uid=ada)", "pwdLastSuccess")
    told = "".join(each for each in activity["happened_at"][:19] if each.isdigit())
    assert (ids[0], "last_login") == (activity["account_id"], activity["event_type"])
    assert entry["pwdLastSuccess"][0].startswith(told)


def test_raw_data_are_the_entries(tenant: Any) -> None:
    """On request, a list brings the entries as they were read."""
    tenant.do("create_account", **GRACE)
    [entry] = tenant.call("list_accounts", include_raw_data=True)["raw_data"]
    assert (f"uid=grace,{tenant.base}", ["grace"]) == (entry["dn"], entry["uid"])
    assert tenant.call("list_accounts")["raw_data"] is None


@pytest.mark.parametrize("memberships", ["group", "account"])
def test_the_primary_group_is_a_membership(tenant: Any, memberships: str) -> None:
    """An account that has the number of a posixGroup is in it, and stays when it is taken out."""
    tenant.settings["memberships"] = memberships
    tenant.modify(f"{POSIX}\ndn: cn=other,BASE\nobjectClass: posixGroup\ngidNumber: 8\n")
    tenant.modify(
        "dn: uid=ada,BASE\nobjectClass: posixAccount\nobjectClass: account\ncn: Ada\n"
        "uidNumber: 1\ngidNumber: 7\nhomeDirectory: /home/ada\n"
    )
    assert {("ada", "staff")} == tenant.members()
    payload = grant(id_of(tenant, "ada"), tenant.group("staff"))
    for _ in range(2):
        tenant.do("assign_entitlement", **payload)
        assert {("ada", "staff")} == tenant.members()
        assert "bad_request" == tenant.code("unassign_entitlement", payload)

    assert {("ada", "staff")} == tenant.members()
