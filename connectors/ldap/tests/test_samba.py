"""A domain controller of Active Directory: Samba's, on an address of its own on this machine."""

import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests call a real server, which takes seconds to set up

PASSWORD = "Analytical-1"
ADMIN = "administrator@example.test"
DOMAIN = "DC=example,DC=test"
PORTS = (389, 636, 3268, 3269)
"""Where Samba listens; no setting changes them, so each server has an address of its own."""

SPECIAL = r"\=\#\"\<\>\;\\ (*)é"
"""A part of a name that is special in names and filters, escaped as names have it (RFC 4514)."""

IN_CHAIN = "1.2.840.113556.1.4.1941"
"""The rule by which the server itself follows nested groups ([MS-ADTS], section 3.1.1.3.4.4.3)."""

LOCKED_AFTER = 3
"""Wrong passwords until an account is locked."""


@dataclass
class Controller:
    """A domain controller with a folder of its own, which can be stopped and started again."""

    folder: Path
    host: str
    process: subprocess.Popen[bytes] | None = None
    base = DOMAIN

    @property
    def auth(self) -> dict[str, Any]:
        """The credential of the administrator."""
        return {"basic": {"username": ADMIN, "password": PASSWORD}}

    @property
    def ca_file(self) -> str:
        """The file with the authority of its certificate."""
        return str(self.folder / "ca.pem")

    @property
    def settings(self) -> dict[str, Any]:
        """What the connector is told about it."""
        return {"host": self.host, "ca_file": self.ca_file, "profile": "active_directory"}

    @property
    def sign_in(self) -> list[str]:
        """What OpenLDAP's tools are told about it."""
        return ["-H", f"ldaps://{self.host}/", "-D", ADMIN, "-w", PASSWORD]

    @property
    def environment(self) -> dict[str, str]:
        """What else they are told."""
        return {"LDAPTLS_CACERT": self.ca_file}

    def set_up(self) -> None:
        """Make an empty domain, whose data and sockets are all in the folder."""
        options = {
            "bind interfaces only": "yes",
            "interfaces": f"{self.host}/8",
            "log file": self.folder / "log",
            "ncalrpc dir": self.folder / "ncalrpc",
            "pid directory": self.folder / "pid",
            "server services": "ldap",
            "tls cafile": self.ca_file,
            "tls certfile": self.folder / "cert.pem",
            "tls keyfile": self.folder / "key.pem",
        }
        done = subprocess.run(
            [
                *("samba-tool", "domain", "provision", "--server-role=dc", "--dns-backend=NONE"),
                *("--realm=EXAMPLE.TEST", "--domain=EXAMPLE", f"--adminpass={PASSWORD}"),
                *("--host-name=dc1", f"--host-ip={self.host}", f"--targetdir={self.folder}"),
                *(f"--option={name}={value}" for name, value in options.items()),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        certificate = authority.issue_cert(self.host)
        certificate.cert_chain_pems[0].write_to_path(self.folder / "cert.pem")
        certificate.private_key_pem.write_to_path(self.folder / "key.pem")
        (self.folder / "key.pem").chmod(0o600)  # Samba takes no key that others may read

    def start(self) -> None:
        """Start it, and wait until it listens."""
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *("samba", "--interactive", "--model=single", "--debug-stdout"),
                    f"--configfile={self.folder / 'etc' / 'smb.conf'}",
                ],
                stdin=subprocess.PIPE,  # it ends when this does
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection((self.host, 636), timeout=1):
                return

        raise AssertionError((self.folder / "output").read_text(errors="replace"))

    def stop(self) -> None:
        """Stop it; its data stays."""
        assert self.process is not None
        self.process.communicate(timeout=60)
        self.process = None


def free_address() -> str:
    """An address of this machine where nobody listens at the ports now."""
    while True:
        host = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.{random.randint(1, 254)}"
        with suppress(OSError):
            for port in PORTS:
                socket.create_server((host, port)).close()
            return host


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controller]:
    """The domain controller of these tests."""
    if shutil.which("samba-tool") is None or shutil.which("samba") is None:
        pytest.skip("samba is not installed (Debian: samba-ad-dc, samba-ad-provision)")

    if os.geteuid() != 0:
        pytest.skip("samba runs as root only: it listens at ports 389 and 636")

    found = Controller(tmp_path_factory.mktemp("samba"), free_address())
    found.set_up()
    found.start()
    try:
        yield found
    finally:
        if found.process is not None:
            found.stop()


@pytest.fixture
def domain(controller: Controller, make_tenant: Callable[..., Any]) -> Any:
    """An empty part of the domain."""
    return make_tenant(controller)


def user(name: str, *lines: str) -> str:
    """LDIF of an account."""
    return "\n".join(
        [f"dn: CN={name},BASE", "objectClass: user", f"sAMAccountName: {name}", *lines, ""]
    )


def group(name: str, *members: str) -> str:
    """LDIF of a group."""
    lines = [f"member: CN={each},BASE" for each in members]
    return "\n".join(
        [f"dn: CN={name},BASE", "objectClass: group", f"sAMAccountName: {name}", *lines, ""]
    )


def grant(domain: Any, username: str, label: str) -> dict[str, str]:
    """The payload by which somebody gets or loses the membership in a group."""
    group_id = domain.group(label)
    return {
        "account_integration_specific_id": domain.account(username)["integration_specific_id"],
        "resource_integration_specific_id": group_id,
        "resource_type": "group",
        "entitlement_type": "membership",
        "entitlement_integration_specific_id": group_id,
    }


@parametrize("encryption", ["ldaps", "starttls"])
@parametrize(
    "username, password, code",
    [
        (ADMIN, PASSWORD, None),
        (f"CN=Administrator,CN=Users,{DOMAIN}", PASSWORD, None),
        ("EXAMPLE\\Administrator", PASSWORD, None),
        (ADMIN, "another-password", "unauthorized"),
        ("nobody@example.test", PASSWORD, "unauthorized"),
    ],
)
def test_who_may_sign_in(
    domain: Any, encryption: str, username: str, password: str, code: str | None
) -> None:
    """A name in any of the forms that Active Directory knows, with the right password."""
    domain.settings["encryption"] = encryption
    domain.auth = {"basic": {"username": username, "password": password}}
    reply = domain.call("validate_credentials")
    assert code == (reply["error"]["error_code"] if reply.get("is_error") else None)


def test_everything_is_read_once(domain: Any) -> None:
    """Accounts, groups, direct and nested memberships are those that an independent client sees."""
    names = [f"reader{number}" for number in range(30)]
    teams = [f"team{number}" for number in range(5)]
    domain.modify("\n".join(user(name, f"mail: {name}@example.test") for name in names))
    domain.modify("\n".join(group(team, *names[at::6]) for at, team in enumerate(teams)))
    domain.modify(group("all-teams", *teams))

    accounts = domain.listed("list_accounts", size=7)
    seen = [
        (entry["sAMAccountName"][0], entry["mail"][0])
        for entry in domain.search("(objectClass=user)", "sAMAccountName", "mail")
    ]
    assert sorted(seen) == sorted((each["username"], each["email"]) for each in accounts)
    groups = [label["cn"][0] for label in domain.search("(objectClass=group)", "cn")]
    assert sorted(groups) == sorted(each["label"] for each in domain.listed("list_resources"))
    expected = {
        (entry["sAMAccountName"][0], label)
        for label in groups
        for entry in domain.search(
            f"(&(objectClass=user)(memberOf:{IN_CHAIN}:=CN={label},{domain.base}))",
            "sAMAccountName",
        )
    }
    assert 2 * 25 == len(expected)
    for memberships in ("account", "group"):
        domain.settings["memberships"] = memberships
        assert expected == domain.members()


def test_accounts_come_and_go_while_they_are_read(domain: Any) -> None:
    """Who stays is listed once."""
    names = [f"guest{number}" for number in range(20)]
    domain.modify("\n".join(user(name) for name in names))
    found: list[str] = []
    for number, accounts in enumerate(domain.pages("list_accounts", size=3)):
        found += [each["username"] for each in accounts]
        domain.modify(user(f"late{number}"))
        domain.modify(f"dn: CN=guest{number},BASE\nchangetype: delete\n")

    assert len(set(found)) == len(found)
    assert {name for name in names if int(name[5:]) >= 7} <= set(found)


def test_a_server_that_is_started_anew_goes_on(domain: Any) -> None:
    """Between two pages it may be away: that is an error, and the token is good afterwards."""
    names = [f"patient{number}" for number in range(5)]
    domain.modify("\n".join(user(name) for name in names))
    first = domain.call("list_accounts", page={"size": 3})
    domain.server.stop()
    assert "connection_rejected" == domain.code("list_accounts", page=first["page"])
    domain.server.start()
    second = domain.call("list_accounts", page=first["page"])
    assert names == [each["username"] for each in first["response"] + second["response"]]
    assert second["page"] is None


def test_the_life_of_an_account(domain: Any) -> None:
    """Created, in a group, found there, shut out, let in again and deleted; each twice."""
    domain.modify(group("staff"))
    wanted = {
        "username": "ada",
        "email": "ada@example.test",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "extra_data": {"password": "Änalytical-2", "title": "Countess"},
        "entitlements": [],
    }
    for _ in range(2):
        assert {"status": "ACTIVE", "created": True} == domain.do("create_account", **wanted)

    payload = grant(domain, "ada", "staff")
    for _ in range(2):
        domain.do("assign_entitlement", **payload)
        assert {("ada", "staff")} == domain.members()

    account = domain.account("ada")
    identifier = account["integration_specific_id"]
    assert "Countess" == account["extra_data"]["title"]
    assert [] == domain.do("get_last_activity", account_ids=[identifier])
    before = datetime.now(UTC)
    herself = {"basic": {"username": "ada@example.test", "password": "Änalytical-2"}}
    administrator, domain.auth = domain.auth, herself
    assert domain.do("validate_credentials")["valid"]

    domain.auth = administrator
    [activity] = domain.do("get_last_activity", account_ids=[identifier])
    assert abs(datetime.fromisoformat(activity["happened_at"]) - before) < timedelta(minutes=5)

    for _ in range(2):
        domain.do("deactivate_account", account_id=identifier)
    assert "INACTIVE" == domain.account("ada")["user_status"]
    domain.auth = herself
    assert "unauthorized" == domain.code("validate_credentials")

    domain.auth = administrator
    for _ in range(2):
        domain.do("activate_account", account_id=identifier)
    domain.auth = herself
    assert domain.do("validate_credentials")["valid"]

    domain.auth = administrator
    for _ in range(2):
        domain.do("unassign_entitlement", **payload)
        assert set() == domain.members()

    domain.do("assign_entitlement", **payload)
    for _ in range(2):
        domain.do("delete_account", account_id=identifier)
    assert [] == domain.listed("list_accounts")
    assert set() == domain.members()


@parametrize(
    "name, extra_data, status",
    [
        ("weak", {"password": "short"}, None),
        ("no-password", {}, "ACTIVE"),
        ("a/forbidden/name", {"password": PASSWORD}, None),
        ("unknown-attribute", {"password": PASSWORD, "noSuchAttribute": "x"}, None),
    ],
)
def test_an_account_that_the_domain_does_not_let_be(
    domain: Any, name: str, extra_data: Any, status: str | None
) -> None:
    """The request is at fault, and nothing is created."""
    wanted = {
        "username": name,
        "extra_data": extra_data,
        "user_status": status,
        "entitlements": [],
    }
    assert "bad_request" == domain.code("create_account", wanted)
    assert [] == domain.listed("list_accounts")


def test_an_account_without_a_password_is_inactive(domain: Any) -> None:
    """It is created all the same, and can be given one later."""
    made = domain.do("create_account", username="grace", entitlements=[])
    assert {"status": "INACTIVE", "created": True} == made
    assert "INACTIVE" == domain.account("grace")["user_status"]


def test_only_one_bit_is_changed(domain: Any) -> None:
    """Deactivating and activating keep that a password never expires."""
    domain.do("create_account", username="bit", extra_data={"password": PASSWORD}, entitlements=[])
    domain.modify(
        "dn: CN=bit,BASE\nchangetype: modify\nreplace: userAccountControl\n"
        "userAccountControl: 66048\n"
    )
    identifier = domain.account("bit")["integration_specific_id"]
    for capability, control in (("deactivate_account", "66050"), ("activate_account", "66048")):
        domain.do(capability, account_id=identifier)
        assert [control] == domain.search("(cn=bit)", "userAccountControl")[0]["userAccountControl"]


def test_too_many_wrong_passwords_suspend(domain: Any) -> None:
    """The account is suspended, and activating it unlocks it."""
    domain.modify(
        f"dn: {DOMAIN}\nchangetype: modify\nreplace: lockoutThreshold\n"
        f"lockoutThreshold: {LOCKED_AFTER}\n"
    )
    domain.do(
        "create_account", username="forgetful", extra_data={"password": PASSWORD}, entitlements=[]
    )
    administrator = domain.auth
    domain.auth = {"basic": {"username": "forgetful@example.test", "password": "wrong-password"}}
    for _ in range(LOCKED_AFTER):
        assert "unauthorized" == domain.code("validate_credentials")

    domain.auth = administrator
    account = domain.account("forgetful")
    assert "SUSPENDED" == account["user_status"]
    identifier = account["integration_specific_id"]
    assert domain.do("activate_account", account_id=identifier)["activated"]
    assert "ACTIVE" == domain.account("forgetful")["user_status"]


def test_an_account_that_has_expired_is_inactive(domain: Any) -> None:
    """Its end date is in accountExpires."""
    domain.do(
        "create_account", username="former", extra_data={"password": PASSWORD}, entitlements=[]
    )
    domain.modify(
        "dn: CN=former,BASE\nchangetype: modify\nreplace: accountExpires\n"
        "accountExpires: 131000000000000000\n"
    )
    assert "INACTIVE" == domain.account("former")["user_status"]


@parametrize("memberships", ["account", "group"])
def test_names_are_no_syntax(domain: Any, memberships: str) -> None:
    """A group and an account whose names have what is special in names and filters."""
    domain.settings["memberships"] = memberships
    for name, kind in ((r"x\, y\+z", "user"), (r"a\, b\+c", "group")):
        domain.modify(
            f"dn: CN={name}{SPECIAL},BASE\nobjectClass: {kind}\n"
            f"sAMAccountName: special-{kind}-{memberships}\n"
        )

    label = 'a, b+c=#"<>;\\ (*)é'
    payload = grant(domain, f"special-user-{memberships}", label)
    for _ in range(2):
        domain.do("assign_entitlement", **payload)
        assert {(f"special-user-{memberships}", label)} == domain.members()

    for _ in range(2):
        domain.do("unassign_entitlement", **payload)
        assert set() == domain.members()


@parametrize("memberships", ["account", "group"])
@parametrize("nested", [True, False])
def test_the_primary_group_is_a_membership(domain: Any, memberships: str, nested: bool) -> None:
    """An account is in it, and in what it is in, though neither names the other by its name."""
    hidden = f"hidden-{memberships}-{nested}"
    domain.settings |= {"memberships": memberships, "nested_groups": nested}
    domain.modify(f"{user(hidden)}\n{group(f'primary-{hidden}', hidden)}")
    domain.modify(group(f"outer-{hidden}", f"primary-{hidden}"))
    [entry] = domain.search(f"(cn=primary-{hidden})", "primaryGroupToken")
    domain.modify(
        f"dn: CN={hidden},BASE\nchangetype: modify\nreplace: primaryGroupID\n"
        f"primaryGroupID: {entry['primaryGroupToken'][0]}\n"
    )
    assert "member" not in domain.search(f"(cn=primary-{hidden})", "member")[0]
    expected = {(hidden, f"primary-{hidden}")}
    assert expected | ({(hidden, f"outer-{hidden}")} if nested else set()) == domain.members()

    payload = grant(domain, hidden, f"primary-{hidden}")
    assert domain.do("assign_entitlement", **payload)["assigned"]
    assert "bad_request" == domain.code("unassign_entitlement", payload)
