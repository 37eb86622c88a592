"""The machine that the tests run on, against what its own tools say."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests start processes


def getent(database: str) -> list[list[str]]:
    """The records that the system's own lookup prints, each as its fields.

    NIS compat entries are left out: the system prints them, but knows nobody of that name.
    """
    if shutil.which("getent") is None:
        pytest.skip("this machine has no getent")
    printed = subprocess.run(["getent", database], check=True, capture_output=True).stdout
    lines = [line.decode(errors="backslashreplace") for line in printed.split(b"\n")[:-1]]
    return [line.split(":") for line in lines if not line.startswith(("+", "-"))]


def names_once(records: list[list[str]]) -> list[list[str]]:
    """The first record of each name, sorted by name."""
    firsts = {record[0]: record for record in reversed(records)}
    return [firsts[name] for name in sorted(firsts)]


def test_accounts_are_those_of_getent(this_machine: Any) -> None:
    """The accounts are the users that getent lists, no more and no fewer, in their details."""
    expected = [
        (name, int(uid), int(gid), gecos.partition(",")[0], home, shell)
        for name, _, uid, gid, gecos, home, shell in names_once(getent("passwd"))
    ]
    details = ("uid", "gid", "full_name", "home", "shell")
    actual = [
        (each["username"], *(each["extra_data"][detail] for detail in details))
        for each in this_machine.listed("list_accounts")
    ]
    assert expected == actual


def test_group_resources_are_those_of_getent(this_machine: Any) -> None:
    """The resources are the groups that getent lists, and the machine."""
    expected = [("group", name, gid) for name, _, gid, _ in names_once(getent("group"))]
    actual = [
        (each["resource_type"], each["integration_specific_id"], each["extra_data"].get("gid"))
        for each in this_machine.listed("list_resources")
    ]
    assert [*expected, ("machine", "machine", None)] == actual


def test_memberships_are_those_of_getent(this_machine: Any) -> None:
    """An account is a member of the groups that name it, and of its primary group."""
    users, groups = getent("passwd"), getent("group")
    named = {
        (name, group) for group, _, _, names in groups for name in names.split(",") if name.strip()
    }
    group_of = {gid: group for group, _, gid, _ in reversed(groups)}
    primary = {(user[0], group_of[user[3]]) for user in names_once(users) if user[3] in group_of}
    actual = {(account, group) for account, _, group in this_machine.associations("member")}
    assert named | primary == actual


def test_each_group_has_a_membership(this_machine: Any) -> None:
    """There is one membership to hold in each group that getent lists."""
    actual = [
        each["integration_specific_resource_id"]
        for each in this_machine.listed("list_entitlements")
        if each["entitlement_type"] == "membership"
    ]
    assert [group[0] for group in names_once(getent("group"))] == actual


@parametrize(root=["/", "//", "/.", "/etc/..", "/proc/self/root"])
def test_users_of_this_machine_are_looked_up_not_read(
    this_machine: Any,
    monkeypatch: pytest.MonkeyPatch,
    root: str,
) -> None:
    """However / is written, users are those of every source the system has, such as LDAP."""
    if not this_machine.at(root).exists():
        pytest.skip(f"this machine has no {root}")
    import grp
    import pwd

    ann = pwd.struct_passwd(("ann", "x", -1, 70000, None, "/home/ann", "/bin/sh"))
    compat = pwd.struct_passwd(("+@staff", "", 0, 0, None, None, None))
    monkeypatch.setattr("pwd.getpwall", lambda: [ann, compat])
    staff = grp.struct_group(("staff", "x", 70000, ["bob"]))
    monkeypatch.setattr("grp.getgrall", lambda: [staff, grp.struct_group(("+", "", 0, []))])

    (account,) = this_machine.ask("list_accounts", settings={"root": root})["response"]
    assert ("ann", 4294967295, 70000) == (
        account["username"],
        account["extra_data"]["uid"],
        account["extra_data"]["gid"],
    )
    reply = this_machine.ask("find_entitlement_associations", settings={"root": root})
    assert [("ann", "staff"), ("bob", "staff")] == [
        (each["account_id"], each["integration_specific_resource_id"]) for each in reply["response"]
    ]


def test_the_records_of_logins_can_be_read(this_machine: Any) -> None:
    """Whatever this machine records of logins, to read it is no error."""
    accounts = this_machine.accounts()
    found = this_machine.listed("get_last_activity", {"account_ids": list(accounts)})
    assert {each["account_id"] for each in found} <= set(accounts)


def test_the_command_answers_as_dispatch_does(
    this_machine: Any,
    run_command: Callable[..., "subprocess.CompletedProcess[bytes]"],
) -> None:
    """On stdout of the command there is the reply, one line, and nothing else."""
    run = run_command("list_accounts", "--json", '{"request":{}}')
    assert (0, 1) == (run.returncode, run.stdout.count(b"\n"))
    assert this_machine.ask("list_accounts") == json.loads(run.stdout)


def test_a_machine_without_pwd_is_told_what_is_missing() -> None:
    """Where Python has no pwd, as on Windows, the connector can be imported and says so."""
    without = (
        "import sys; sys.modules['pwd'] = sys.modules['grp'] = None;"
        "from posix_connector.main import main; main()"
    )
    command = [sys.executable, "-c", without, "list_accounts", "--json", '{"request":{}}']
    reply = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert "unsupported_operation" == reply["error"]["error_code"]
    assert "needs a Unix machine" in reply["error"]["message"]
