"""Accounts: what passwd(5) and shadow(5) say of them."""

import logging
from typing import Any

import pytest
from pytest_cases import parametrize

HASH = "$6$salt$Zb0Qx1V3yW8u"
"""What stands for a password hash in these tests."""


def test_an_account_is_a_record_of_passwd(machine: Any) -> None:
    """An account has its user name as id, and what else its record says in extra_data."""
    machine.write("/etc/shadow", f"alice:{HASH}:20000:0:99999:7:::\n")
    assert {
        "integration_specific_id": "alice",
        "email": None,
        "given_name": None,
        "family_name": None,
        "username": "alice",
        "user_status": "ACTIVE",
        "extra_data": {
            "uid": 1000,
            "gid": 1000,
            "full_name": "Alice Archer",
            "home": "/home/alice",
            "shell": "/bin/bash",
            "shares_uid": False,
            "password": "set",
            "unusable_from": None,
            "status_unknown": None,
        },
        "custom_attributes": None,
        "account_type": "user",
    } == machine.accounts()["alice"]


@parametrize(
    "record, account_type",
    [
        ("root:x:0:0::/root:/bin/bash", "user"),
        ("ann:x:1000:1000::/home/ann:/bin/bash", "user"),
        ("ann:x:1000:1000::/home/ann:", "user"),
        ("ann:x:70000:70000::/home/ann:/bin/fish", "user"),
        ("gone:x:1000:1000::/home/gone:/usr/sbin/nologin", "service"),
        ("gone:x:1000:1000::/home/gone:/bin/false", "service"),
        ("postgres:x:999:999::/var/lib/postgresql:/bin/bash", "service"),
        ("sync:x:4:65534::/bin:/bin/sync", "service"),
        ("nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin", "service"),
    ],
)
def test_people_and_services_are_told_apart(machine: Any, record: str, account_type: str) -> None:
    """A person's account has a person's user id and a login shell; root's is a person's, too."""
    machine.write("/etc/passwd", f"{record}\n")
    (account,) = machine.accounts().values()
    assert account_type == account["account_type"]


def test_the_first_user_id_of_people_is_read_from_login_defs(machine: Any) -> None:
    """UID_MIN of login.defs(5) says from which user id on people are numbered."""
    machine.write("/etc/login.defs", "# UID_MIN 1\nUID_MIN\t\t  1002 # as ever\nUID_MAX 2000\n")
    types = {name: account["account_type"] for name, account in machine.accounts().items()}
    assert {
        "root": "user",
        "daemon": "service",
        "alice": "service",
        "bob": "service",
        "carol": "user",
    } == types


@parametrize(
    "shadow, status, password",
    [
        (f"{HASH}:20000:0:99999:7:::", "ACTIVE", "set"),
        (f"!{HASH}:20000:0:99999:7:::", "SUSPENDED", "locked"),
        (f"!!{HASH}:20000:0:99999:7:::", "SUSPENDED", "locked"),
        ("!:20000:0:99999:7:::", "SUSPENDED", "locked"),
        ("!!:20000:0:99999:7:::", "SUSPENDED", "locked"),
        ("*:20000:0:99999:7:::", "ACTIVE", "none"),
        (":20000:0:99999:7:::", "ACTIVE", "empty"),
        (f"{HASH}:20000:0:99999:7::1:", "INACTIVE", "set"),
        (f"!{HASH}:20000:0:99999:7::1:", "INACTIVE", "locked"),
        (f"{HASH}:20000:0:99999:7::2932000:", "ACTIVE", "set"),
        (f"{HASH}:20000:0:99999:7::9999999999:", "ACTIVE", "set"),
        (f"{HASH}:20000:0:99999:7::-1:", "ACTIVE", "set"),
        (f"{HASH}:20000:0:99999:7::soon:", "ACTIVE", "set"),
        (f"{HASH}:10000:0:90:7:30::", "INACTIVE", "set"),
        (f"{HASH}:10000:0:90:7:::", "ACTIVE", "set"),
        (f"{HASH}:20000", "ACTIVE", "set"),
        (f"!{HASH}:20000::::::\nalice:{HASH}:20000::::::", "SUSPENDED", "locked"),
    ],
)
def test_shadow_says_whether_a_person_can_sign_in(
    machine: Any,
    shadow: str,
    status: str,
    password: str,
) -> None:
    """A locked password suspends; an account past its end, or its password's, is inactive."""
    machine.write("/etc/shadow", f"alice:{shadow}\n")
    account = machine.accounts()["alice"]
    assert (status, password) == (account["user_status"], account["extra_data"]["password"])


@parametrize(
    "shadow, day",
    [
        (f"{HASH}:20000:0:99999:7::20500:", "2026-02-16"),
        (f"{HASH}:20000:0:90:7:30::", "2025-02-02"),
        (f"{HASH}:20000:0:90:7:30:20100:", "2025-01-12"),
        (f"{HASH}:20000:0:99999:7:::", None),
    ],
)
def test_the_day_of_the_end_is_told(machine: Any, shadow: str, day: str | None) -> None:
    """It is the earlier one of the account's end and the end of its password's grace."""
    machine.write("/etc/shadow", f"alice:{shadow}\n")
    assert day == machine.accounts()["alice"]["extra_data"]["unusable_from"]


def test_a_locked_password_does_not_suspend_a_service(machine: Any) -> None:
    """Services do not sign in with a password: a lock is how their accounts are made."""
    machine.write("/etc/shadow", "daemon:!*:20000::::::\n")
    account = machine.accounts()["daemon"]
    assert ("ACTIVE", "locked") == (account["user_status"], account["extra_data"]["password"])


@parametrize(
    "field, status, password",
    [
        (HASH, "ACTIVE", "set"),
        ("Ax7yQ3kfE0pLM", "ACTIVE", "set"),
        (f"!{HASH}", "SUSPENDED", "locked"),
        ("", "ACTIVE", "empty"),
    ],
)
def test_a_password_field_of_passwd_itself_counts(
    machine: Any,
    field: str,
    status: str,
    password: str,
) -> None:
    """Where passwd(5) does not refer to shadow(5), as of old, its own field is looked at."""
    machine.write("/etc/passwd", f"ann:{field}:1000:1000::/home/ann:/bin/sh\n")
    account = machine.accounts()["ann"]
    assert (status, password) == (account["user_status"], account["extra_data"]["password"])


@parametrize(
    "shadow, reason",
    [
        (None, "/etc/shadow: no such file or directory"),
        ("root:*:20000::::::\n", "/etc/shadow: it does not name this user"),
    ],
)
def test_an_unknown_status_is_not_guessed(machine: Any, shadow: str | None, reason: str) -> None:
    """Of an account that shadow(5) says nothing of, the status is null, with the reason."""
    if shadow is not None:
        machine.write("/etc/shadow", shadow)
    account = machine.accounts()["alice"]
    unknown = account["extra_data"]
    assert (None, None, reason) == (
        account["user_status"],
        unknown["password"],
        unknown["status_unknown"],
    )


def test_names_that_share_a_user_id_are_marked(machine: Any) -> None:
    """Accounts of one user id are one to the kernel: a second root is easily overlooked."""
    machine.write("/etc/passwd", "root:x:0:0:::\ntoor:x:0:0:::\nann:x:1000:0:::\n")
    shares = {
        name: account["extra_data"]["shares_uid"] for name, account in machine.accounts().items()
    }
    assert {"root": True, "toor": True, "ann": False} == shares


def test_the_first_record_of_a_name_counts(
    machine: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A second record of a name is not reported, as nobody can sign in by it; it is logged."""
    machine.write("/etc/passwd", "ann:x:1:1:::\nann:x:0:0:::\n")
    assert {"ann": 1} == {
        name: account["extra_data"]["uid"] for name, account in machine.accounts().items()
    }
    assert "user ann is there more than once" in caplog.text


@parametrize(
    "line",
    [
        "",
        "   ",
        "# a comment",
        "#ann:x:1:1:::",
        "  #ann:x:1:1:::",
        "+::::::",
        "+@staff::::::",
        "-mallory::::::",
        "+",
        "no colons at all",
        "too:x:1",
        ":x:1:1:no name:/:",
        "ann:x:one:1:::",
        "ann:x:-1:1:::",
        "ann:x:1::::",
        "ann:x:4294967296:1:::",
        "ann:x:1.5:1:::",
        "ann:x:٣:1:::",
        "ann:x:0x1:1:::",
        "ann:x:99999999999999999999999:1:::",
    ],
)
def test_what_is_no_record_of_a_user_is_left_out(machine: Any, line: str) -> None:
    """Blank, commented, malformed and NIS compat lines make no account, and no error."""
    machine.write("/etc/passwd", f"first:x:1:1:::\n{line}\nlast:x:2:2:::\n")
    assert ["first", "last"] == sorted(machine.accounts())


@parametrize(
    "line, uid, shell",
    [
        ("evil:x:0:0", 0, ""),
        ("  evil:x:0:0:::/bin/sh", 0, "/bin/sh"),
        ("evil:x: +07:0:::/bin/sh", 7, "/bin/sh"),
        ("evil:x:-0:0:::/bin/sh", 0, "/bin/sh"),
        ("evil::0:0:::/bin/sh:x", 0, "/bin/sh:x"),
    ],
)
def test_what_the_system_takes_for_a_user_is_one(
    machine: Any,
    line: str,
    uid: int,
    shell: str,
) -> None:
    """Where the C library is lenient, one can sign in by the line: it is not left out."""
    machine.write("/etc/passwd", f"{line}\n")
    extra = machine.accounts()["evil"]["extra_data"]
    assert (uid, shell) == (extra["uid"], extra["shell"])


@parametrize(line=["ann:x:secret", "+@secret::::::", "secret:x:one:1:::"])
def test_a_line_left_out_is_logged_without_what_is_in_it(
    machine: Any,
    caplog: pytest.LogCaptureFixture,
    line: str,
) -> None:
    """A warning names the line by its number: anything can be in a malformed one."""
    machine.write("/etc/passwd", f"first:x:1:1:::\n{line}\n")
    machine.listed("list_accounts")
    (warning,) = [each for each in caplog.records if "passwd" in each.getMessage()]
    assert ("posix_connector", logging.WARNING) == (warning.name, warning.levelno)
    assert "/etc/passwd, line 2" in warning.getMessage()
    assert "secret" not in caplog.text


@parametrize(
    "raw, name",
    [
        (b"j\xc3\xbcrgen", "jürgen"),
        (b"j\xfcrgen", "j\\xfcrgen"),
        (b"\xed\xa0\x80", "\\xed\\xa0\\x80"),
        (b"a\x07b", "a\x07b"),
        (b'"quoted"\\', '"quoted"\\'),
    ],
)
def test_every_name_fits_into_json(machine: Any, raw: bytes, name: str) -> None:
    """A byte that is no UTF-8 is written as backslash, x and its number."""
    machine.write("/etc/passwd", raw + b":x:1:1:::\n")
    assert [name] == list(machine.accounts())
