"""Groups: resources, membership, and who is a member."""

from typing import Any

import pytest
from pytest_cases import parametrize

MEMBER = "member"


def members(machine: Any) -> set[tuple[str, str]]:
    """Who is a member of which group."""
    return {(account, group) for account, _, group in machine.associations(MEMBER)}


def test_groups_and_the_machine_are_resources(machine: Any) -> None:
    """Every group is a resource with its group id; so is the machine, with its name."""
    found = [
        (each["resource_type"], each["integration_specific_id"], each["label"], each["extra_data"])
        for each in machine.listed("list_resources")
    ]
    assert [
        ("group", "alice", "alice", {"gid": "1000"}),
        ("group", "daemon", "daemon", {"gid": "1"}),
        ("group", "root", "root", {"gid": "0"}),
        ("group", "users", "users", {"gid": "100"}),
        ("group", "wheel", "wheel", {"gid": "10"}),
        ("machine", "machine", "desk.example.com", {}),
    ] == found


def test_a_group_has_one_entitlement(machine: Any) -> None:
    """Membership is what can be held on a group; it cannot be assigned by this connector."""
    found = [
        each
        for each in machine.listed("list_entitlements")
        if each["integration_specific_resource_id"] == "wheel"
    ]
    assert [
        {
            "entitlement_type": "membership",
            "extra_data": None,
            "integration_specific_id": "member",
            "integration_specific_resource_id": "wheel",
            "is_assignable": False,
            "label": "Member of wheel",
        }
    ] == found


def test_members_are_named_by_the_group_or_have_it_as_primary(machine: Any) -> None:
    """Both the member list of group(5) and the group id of passwd(5) make members."""
    assert {
        ("root", "root"),
        ("daemon", "daemon"),
        ("alice", "alice"),
        ("bob", "users"),
        ("carol", "users"),
        ("root", "wheel"),
        ("alice", "wheel"),
    } == members(machine)


@parametrize(
    "group, expected",
    [
        ("users:x:100:bob,bob\n", {("bob", "users"), ("carol", "users")}),
        ("users:x:100\n", {("bob", "users"), ("carol", "users")}),
        ("staff:x:50:ldapuser\n", {("ldapuser", "staff")}),
        ("staff:x:50:,alice,, bob ,\n", {("alice", "staff"), ("bob ", "staff")}),
        ("staff:x:50:alice\nstaff:x:50:bob\n", {("alice", "staff"), ("bob", "staff")}),
        ("a:x:100:\nb:x:100:\n", {("bob", "a"), ("carol", "a")}),
        ("machine:x:50:alice\n", {("alice", "machine")}),
        ("staff:x:fifty:alice\n", set()),
        ("  staff:x:50:alice:more\n", {("alice:more", "staff")}),
        ("staff:x\n", set()),
        ("+:::\n+@net:::\n-staff:::\n# c\n\n", set()),
        ("", set()),
    ],
)
def test_odd_group_files_are_read_as_the_system_does(
    machine: Any,
    group: str,
    expected: set[tuple[str, str]],
) -> None:
    """Repeated names and ids, empty members, unknown users, malformed and compat lines."""
    machine.write("/etc/group", group)
    assert expected == members(machine)


def test_a_group_with_two_ids_is_logged(machine: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Lines of one name and different ids are one group, with the first id and a warning."""
    machine.write("/etc/group", "staff:x:50:alice\nstaff:x:51:bob\n")
    (group, _machine) = machine.listed("list_resources")
    assert {"gid": "50"} == group["extra_data"]
    assert {("alice", "staff"), ("bob", "staff")} == members(machine)
    assert "group staff has more than one group id" in caplog.text


def test_what_associations_name_is_listed(machine: Any) -> None:
    """Each association is on a listed entitlement of a listed resource of a declared type."""
    machine.write("/etc/sudoers", "%wheel ALL = ALL\n")
    resources = {
        each["integration_specific_id"]: each["resource_type"]
        for each in machine.listed("list_resources")
    }
    listed = {
        (each["integration_specific_id"], each["integration_specific_resource_id"])
        for each in machine.listed("list_entitlements")
    }
    assert set() == {(each[1], each[2]) for each in machine.associations()} - listed
    assert set() == {resource for _, resource in listed} - set(resources)

    info = machine.ask("info")["response"]
    declared = {each["type_id"] for each in info["resource_types"]}
    assert set(resources.values()) == declared
