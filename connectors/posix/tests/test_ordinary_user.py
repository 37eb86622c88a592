"""What an ordinary user may not read is said, not guessed."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from pytest_cases import parametrize

AsOrdinaryUser = Callable[[], AbstractContextManager[None]]


def forbid(machine: Any, path: str, contents: str | bytes = "secret") -> None:
    """Put a file there that nobody but root may read."""
    machine.write(path, contents).chmod(0)


def test_without_shadow_the_status_is_unknown(
    open_machine: Any,
    as_ordinary_user: AsOrdinaryUser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Accounts are listed without status; each says why, and so does a warning."""
    open_machine.accounts()  # imports what a call needs, while that can be read
    forbid(open_machine, "/etc/shadow", "alice:!secret:20000::::::\n")
    caplog.clear()
    with as_ordinary_user():
        accounts = open_machine.accounts()

    why = "/etc/shadow: permission denied"
    assert {(None, None, why)} == {
        (
            account["user_status"],
            account["extra_data"]["password"],
            account["extra_data"]["status_unknown"],
        )
        for account in accounts.values()
    }
    warning = f"{why}; which accounts are locked or expired is unknown"
    assert [warning] == [each.getMessage() for each in caplog.records]
    assert ("posix_connector", "WARNING") == (caplog.records[0].name, caplog.records[0].levelname)


@parametrize(
    "path, said",
    [
        ("/etc/sudoers", "/etc/sudoers: permission denied"),
        ("/etc/sudoers.d/staff", "/etc/sudoers.d/staff: permission denied"),
    ],
)
def test_without_sudoers_the_rights_are_unknown(
    open_machine: Any,
    as_ordinary_user: AsOrdinaryUser,
    caplog: pytest.LogCaptureFixture,
    path: str,
    said: str,
) -> None:
    """The machine says which file of sudoers(5) is missing; memberships are reported."""
    open_machine.write("/etc/sudoers", "@includedir /etc/sudoers.d\n")
    open_machine.listed("list_resources")
    forbid(open_machine, path)
    with as_ordinary_user():
        resources = open_machine.listed("list_resources")
        associations = open_machine.associations()

    (found,) = [each for each in resources if each["resource_type"] == "machine"]
    assert {"sudo_rights_unknown": said} == found["extra_data"]
    assert {"member"} == {entitlement for _, entitlement, _ in associations}
    assert f"sudo rights are incomplete: {said}" in caplog.text


def test_a_folder_of_sudoers_that_is_closed_is_said(
    open_machine: Any,
    as_ordinary_user: AsOrdinaryUser,
) -> None:
    """An included directory is for root only on many systems."""
    open_machine.write("/etc/sudoers", "@includedir /etc/sudoers.d\n")
    open_machine.listed("list_resources")
    folder = open_machine.write("/etc/sudoers.d/staff", "alice ALL = ALL\n").parent
    folder.chmod(0)
    with as_ordinary_user():
        resources = open_machine.listed("list_resources")
    folder.chmod(0o755)

    (found,) = [each for each in resources if each["resource_type"] == "machine"]
    assert {"sudo_rights_unknown": "/etc/sudoers.d: permission denied"} == found["extra_data"]


def test_a_record_of_logins_that_is_closed_is_logged(
    open_machine: Any,
    as_ordinary_user: AsOrdinaryUser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No activity is reported then, and a warning says what is missing."""
    open_machine.listed("get_last_activity", {"account_ids": ["alice"]})
    forbid(open_machine, "/var/log/lastlog", b"\x01" * 292 * 1001)
    with as_ordinary_user():
        found = open_machine.listed("get_last_activity", {"account_ids": ["alice"]})

    assert [] == found
    assert "/var/log/lastlog: permission denied; the logins recorded there are" in caplog.text


def test_without_passwd_there_is_an_error(
    open_machine: Any,
    as_ordinary_user: AsOrdinaryUser,
) -> None:
    """Nothing can be said without the file of users."""
    open_machine.accounts()
    forbid(open_machine, "/etc/passwd")
    with as_ordinary_user():
        error = open_machine.ask("list_accounts")["error"]
    assert "permission_denied" == error["error_code"]
    assert (
        "settings.root: /etc/passwd under this root cannot be read: permission denied"
        == error["message"]
    )


def test_the_tests_are_those_of_an_ordinary_user(as_ordinary_user: AsOrdinaryUser) -> None:
    """These tests mean something only if root's rights are really given up."""
    if os.name != "posix":
        pytest.skip("the connector needs a Unix")
    with as_ordinary_user():
        assert os.geteuid() != 0
