"""Active Directory, as far as slapd can be it: with its attributes, and a relay for the rest."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

pytestmark = pytest.mark.slow  # its tests call a real server

RELAY = Path(__file__).parent / "relay.py"
NEVER = 0x7FFF_FFFF_FFFF_FFFF
FUTURE = datetime.now(UTC) + timedelta(days=1)
PAST = datetime.now(UTC) - timedelta(days=1)


def filetime(time: datetime) -> int:
    """A time as Active Directory has it: 100 ns since 1601."""
    return (time - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10


def entry(number: int, cn: str, *lines: str, kind: str = "user") -> str:
    """LDIF of an entry with a GUID and a USN."""
    guid = "{number:08x}-0102-0304-0506-0708090a0b0c".replace("{number:08x}", f"{number:08x}")
    head = [f"dn: cn={cn},BASE", f"objectClass: {kind}", f"sAMAccountName: {cn}"]
    import base64

    encoded = base64.b64encode(UUID(guid).bytes_le).decode()
    names = ["sn: S"] if kind != "group" else []
    return "\n".join(
        [*head, f"objectGUID:: {encoded}", f"uSNCreated: {number}", *names, *lines, ""]
    )


def ids(items: list[Any]) -> list[str]:
    """The first parts of the ids of items."""
    return [each["integration_specific_id"].partition("-")[0] for each in items]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["userAccountControl: 512"], "ACTIVE"),
        (["userAccountControl: 514"], "INACTIVE"),
        (["userAccountControl: 66050"], "INACTIVE"),
        (["userAccountControl: 512", "accountExpires: 0"], "ACTIVE"),
        (["userAccountControl: 512", f"accountExpires: {NEVER}"], "ACTIVE"),
        (["userAccountControl: 512", f"accountExpires: {filetime(FUTURE)}"], "ACTIVE"),
        (["userAccountControl: 512", f"accountExpires: {filetime(PAST)}"], "INACTIVE"),
        (["userAccountControl: 512", "msDS-User-Account-Control-Computed: 16"], "SUSPENDED"),
    ],
)
def test_the_bits_are_a_status(domain: Any, lines: list[str], status: str) -> None:
    """Disabled and expired accounts are inactive, locked ones suspended."""
    domain.modify(entry(1, "ada", *lines))
    assert status == domain.account("ada")["user_status"]


def test_the_id_is_the_guid_as_people_write_it(domain: Any) -> None:
    """The bytes of objectGUID have an order of their own; computers are no accounts."""
    domain.modify(entry(0x1A2B3C4D, "ada"))
    domain.modify(entry(2, "pc$", kind="computer"))
    [account] = domain.listed("list_accounts")
    assert "1a2b3c4d-0102-0304-0506-0708090a0b0c" == account["integration_specific_id"]


def test_pages_follow_the_usn(domain: Any) -> None:
    """Numbers are compared as numbers, and each account is read once."""
    numbers = [9, 10, 99, 100, 1000]
    domain.modify("\n".join(entry(number, f"user{number}") for number in numbers))
    found = domain.listed("list_accounts", size=2)
    assert [f"{number:08x}" for number in numbers] == ids(found)


def test_a_token_of_another_domain_controller_is_refused(
    domain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another server has other numbers, so the reader has to begin again."""
    domain.modify("\n".join(entry(number, f"user{number}") for number in (1, 2)))
    page = domain.call("list_accounts", page={"size": 1})["page"]
    monkeypatch.setattr(
        "ldap_connector.directory.Directory.server_name", lambda _: "cn=DC2,cn=Servers"
    )
    assert "invalid_page_token" == domain.code("list_accounts", page=page)


def test_memberships_are_read_from_the_accounts(domain: Any) -> None:
    """MemberOf of accounts and groups gives direct and nested memberships."""
    domain.modify(entry(1, "ada"))
    domain.modify(entry(2, "staff", "member: cn=ada,BASE", kind="group"))
    domain.modify(entry(3, "all", "member: cn=staff,BASE", kind="group"))
    domain.modify(entry(4, "none", kind="group"))
    assert {("ada", "staff"), ("ada", "all")} == domain.members()
    domain.settings["nested_groups"] = False
    assert {("ada", "staff")} == domain.members()


def test_only_one_bit_is_changed(domain: Any) -> None:
    """Deactivating and activating keep what else userAccountControl says."""
    domain.modify(entry(1, "ada", "userAccountControl: 66048"))
    identifier = domain.account("ada")["integration_specific_id"]
    for capability, control in (
        ("deactivate_account", "66050"),
        ("deactivate_account", "66050"),
        ("activate_account", "66048"),
        ("activate_account", "66048"),
    ):
        domain.do(capability, account_id=identifier)
        assert [control] == domain.search("(cn=ada)", "userAccountControl")[0]["userAccountControl"]


def test_activating_unlocks(domain: Any) -> None:
    """An account that is locked has its lockoutTime set to zero."""
    domain.modify(
        entry(1, "ada", "userAccountControl: 512", "msDS-User-Account-Control-Computed: 16")
    )
    domain.do("activate_account", account_id=domain.account("ada")["integration_specific_id"])
    assert ["0"] == domain.search("(cn=ada)", "lockoutTime")[0]["lockoutTime"]


def test_an_account_that_has_expired_is_not_said_to_be_active(domain: Any) -> None:
    """Activation cannot undo an end date, and says so."""
    domain.modify(entry(1, "ada", "userAccountControl: 514", f"accountExpires: {filetime(PAST)}"))
    identifier = domain.account("ada")["integration_specific_id"]
    assert {"status": "INACTIVE", "activated": False} == domain.do(
        "activate_account", account_id=identifier
    )


@pytest.mark.parametrize(
    ("extra_data", "user_status", "control", "status"),
    [
        ({}, None, "514", "INACTIVE"),
        ({"password": "Analytical1"}, None, "512", "ACTIVE"),
        ({"password": "Analytical1"}, "INACTIVE", "514", "INACTIVE"),
    ],
)
def test_an_account_can_be_used_if_it_has_a_password(
    domain: Any, extra_data: Any, user_status: str | None, control: str, status: str
) -> None:
    """Without a password, Active Directory lets nobody use an account, so it is disabled."""
    wanted = {"username": "ada", "user_status": user_status, "extra_data": extra_data}
    made = domain.do("create_account", **wanted, entitlements=[])
    [found] = domain.search("(sAMAccountName=ada)", "userAccountControl", "unicodePwd", "cn")
    assert (status, [control], ["ada"]) == (
        made["status"],
        found["userAccountControl"],
        found["cn"],
    )
    password = found.get("unicodePwd", [""])[0].encode().decode("utf-16-le")
    assert (f'"{extra_data["password"]}"' if extra_data else "") == password


def test_an_active_account_needs_a_password(domain: Any) -> None:
    """Who asks for an active account without a password gets `bad_request`."""
    wanted = {"username": "ada", "user_status": "ACTIVE", "entitlements": []}
    assert "bad_request" == domain.code("create_account", wanted)


def test_the_last_login_is_the_later_time(domain: Any) -> None:
    """LastLogonTimestamp lags behind, and lastLogon is of one server: the later one counts."""
    early, late = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 2, 3, tzinfo=UTC)
    domain.modify(
        entry(1, "ada", f"lastLogonTimestamp: {filetime(early)}", f"lastLogon: {filetime(late)}")
    )
    domain.modify(entry(2, "grace", f"lastLogonTimestamp: {filetime(early)}", "lastLogon: 0"))
    domain.modify(entry(3, "never", "lastLogon: 0"))
    accounts = domain.listed("list_accounts")
    found = domain.do(
        "get_last_activity", account_ids=[each["integration_specific_id"] for each in accounts]
    )
    assert ["2026-02-03T00:00:00+00:00", "2026-01-02T03:04:05+00:00"] == [
        each["happened_at"] for each in found
    ]


@contextmanager
def relaying(tenant: Any, *, entries: int = -1) -> Iterator[None]:
    """Put the relay between the connector and slapd."""
    command = [sys.executable, str(RELAY), str(tenant.server.port), str(entries)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        tenant.settings["port"] = int(process.stdout.readline())
        try:
            yield
        finally:
            process.kill()
            del tenant.settings["port"]


@pytest.mark.slow
@pytest.mark.parametrize("memberships", ["group", "account"])
def test_all_values_of_a_ranged_attribute_are_read(domain: Any, memberships: str) -> None:
    """Members, and groups of a member, that come in several ranges are all there."""
    domain.settings["memberships"] = memberships
    people = [f"user{number}" for number in range(8)]
    domain.modify("\n".join(entry(number + 1, name) for number, name in enumerate(people)))
    lines = [f"member: cn={name},BASE" for name in people]
    domain.modify(entry(100, "staff", *lines, kind="group"))
    groups = [f"group{number}" for number in range(6)]
    domain.modify(
        "\n".join(
            entry(101 + number, name, "member: cn=user0,BASE", kind="group")
            for number, name in enumerate(groups)
        )
    )
    expected = {(name, "staff") for name in people} | {("user0", name) for name in groups}
    with relaying(domain):
        assert expected == domain.members()


@pytest.mark.slow
def test_a_connection_that_breaks_off_is_no_shorter_list(domain: Any) -> None:
    """Wherever it breaks off, also between two ranges of members, the reply is an error."""
    domain.settings["memberships"] = "group"
    people = [f"user{number}" for number in range(4)]
    domain.modify("\n".join(entry(number + 1, name) for number, name in enumerate(people)))
    lines = [f"member: cn={name},BASE" for name in people]
    domain.modify(entry(100, "staff", *lines, kind="group"))
    entries = 1 + 4 + 4 + 1 + 1  # the server's name, places, accounts, the group, its last range
    for number in range(entries):
        with relaying(domain, entries=number):
            assert "connection_closed" == domain.code("find_entitlement_associations")

    with relaying(domain, entries=entries):
        assert 4 == len(domain.do("find_entitlement_associations"))
