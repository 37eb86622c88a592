"""Real servers on the loopback interface, and ways to call the connector as a platform does."""

import base64
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
import trustme

from connector_sdk.testing import call
from ldap_connector.integration import integration

HERE = Path(__file__).parent
NUMBERS = count(1)
ADMIN = "cn=admin,dc=example,dc=com"
PASSWORD = "a-password-of-the-admin"
AUTH = {"basic": {"username": ADMIN, "password": PASSWORD}}
REAL_SERVERS = {
    "controller": "Samba as Active Directory",
    "slapd": "OpenLDAP's slapd",
    "start_slapd": "OpenLDAP's slapd",
}
"""Fixtures of servers that are no imitation, for `nox -s connectors`."""

FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/lib/openldap")


@dataclass
class Server:
    """A slapd process with a folder of its own, which can be stopped and started again."""

    folder: Path
    port: int
    tls_port: int
    process: subprocess.Popen[bytes] | None = None
    base = "dc=example,dc=com"
    auth = AUTH
    environment: ClassVar[dict[str, str]] = {}

    @property
    def settings(self) -> dict[str, Any]:
        """What the connector is told about it."""
        return {"host": "127.0.0.1", "port": self.port, "encryption": "none"}

    @property
    def sign_in(self) -> list[str]:
        """What OpenLDAP's tools are told about it."""
        return ["-H", f"ldap://127.0.0.1:{self.port}/", "-D", ADMIN, "-w", PASSWORD]

    def start(self) -> None:
        """Start it, and wait until it listens."""
        urls = f"ldap://127.0.0.1:{self.port}/ ldaps://127.0.0.1:{self.tls_port}/"
        self.process = subprocess.Popen(
            [program("slapd"), "-d", "0", "-h", urls, "-f", self.folder / "slapd.conf"],
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return

        raise AssertionError("slapd does not start")

    def stop(self) -> None:
        """Stop it; its data stays."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process = None


@dataclass(kw_only=True)
class Tenant:
    """A subtree of a server: the connector's view of it, and that of OpenLDAP's own tools."""

    server: Any
    base: str
    settings: dict[str, Any] = field(default_factory=dict)
    auth: dict[str, Any]

    @property
    def connection(self) -> dict[str, Any]:
        """What each request to the connector carries."""
        settings = {**self.server.settings, "base_dn": self.base, **self.settings}
        return {"auth": self.auth, "settings": settings}

    def call(self, capability: str, payload: Any = None, **envelope: Any) -> dict[str, Any]:
        """Call a capability, and return the reply."""
        request = {"request": payload or {}, **envelope}
        return call(integration, capability, request, connection=self.connection)

    def do(self, capability: str, **payload: Any) -> Any:
        """Call a capability that has to succeed, and return the response."""
        reply = self.call(capability, payload)
        assert not reply.get("is_error"), reply
        return reply["response"]

    def code(self, capability: str, payload: Any = None, **envelope: Any) -> str:
        """Call a capability that has to fail, and return the error's code."""
        reply = self.call(capability, payload, **envelope)
        assert reply.get("is_error"), reply
        found: str = reply["error"]["error_code"]
        return found

    def pages(self, capability: str, payload: Any = None, size: int | None = None) -> Iterator[Any]:
        """Yield the responses of all pages of a list."""
        page: Any = {"size": size}
        while page is not None:
            reply = self.call(capability, payload, page=page)
            assert not reply.get("is_error"), reply
            yield reply["response"]
            page = reply["page"]

    def listed(self, capability: str, payload: Any = None, size: int | None = None) -> list[Any]:
        """Read all pages of a list."""
        return [item for items in self.pages(capability, payload, size) for item in items]

    def account(self, username: str) -> Any:
        """Return the one account of this name, as it is listed."""
        [found] = [each for each in self.listed("list_accounts") if each["username"] == username]
        return found

    def group(self, label: str) -> str:
        """Return the id of the one group of this name."""
        [found] = [each for each in self.listed("list_resources") if each["label"] == label]
        identifier: str = found["integration_specific_id"]
        return identifier

    def members(self) -> set[tuple[str, str]]:
        """Return user name and group's name of each association."""
        users = {
            each["integration_specific_id"]: each["username"]
            for each in self.listed("list_accounts")
        }
        groups = {
            each["integration_specific_id"]: each["label"] for each in self.listed("list_resources")
        }
        found = [
            (users[each["account_id"]], groups[each["integration_specific_resource_id"]])
            for each in self.listed("find_entitlement_associations")
        ]
        assert len(set(found)) == len(found)
        return set(found)

    def modify(self, ldif: str) -> None:
        """Change the directory with ldapmodify; `BASE` stands for the tenant's base."""
        self._tool("ldapmodify", "-a", "-M", text=ldif.replace("BASE", self.base))

    def search(self, condition: str, *attributes: str) -> list[dict[str, list[str]]]:
        """Read entries with ldapsearch."""
        options = ["-LLL", "-o", "ldif-wrap=no", "-b", self.base, "-E", "pr=1000/noprompt"]
        printed = self._tool("ldapsearch", *options, condition, *attributes)
        return [found for block in printed.split("\n\n") if (found := parsed(block))]

    def _tool(self, name: str, *options: str, text: str = "") -> str:
        done = subprocess.run(
            [program(name), "-x", *self.server.sign_in, *options],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **self.server.environment},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def parsed(block: str) -> dict[str, list[str]]:
    """Return the attributes of an entry in LDIF."""
    found: dict[str, list[str]] = {}
    for line in block.strip().splitlines():
        if line.startswith("#"):
            continue
        name, _, value = line.partition(":")
        text = base64.b64decode(value[1:]).decode() if value.startswith(":") else value.strip()
        found.setdefault(name, []).append(text)
    return found


def program(name: str) -> str:
    """Return where a program of OpenLDAP is; a test that needs it is skipped without it."""
    found = shutil.which(name) or shutil.which(name, path=":".join(FOLDERS))
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: slapd, ldap-utils)")

    return found


def free_ports(number: int) -> Sequence[int]:
    """Ports on which nobody listens now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()

    return ports


@contextmanager
def running_slapd(folder: Path) -> Iterator[Server]:
    """Run a slapd with an empty directory until the block ends, at a free port."""
    program("slapd")
    (folder / "data").mkdir()
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for number, blob in enumerate(certificate.cert_chain_pems):
        blob.write_to_path(folder / "cert.pem", append=number > 0)

    (folder / "root.ldif").write_text("dn:\ndsServiceName: cn=DC1,cn=Servers\n", encoding="utf-8")
    configuration = (HERE / "slapd.conf").read_text(encoding="utf-8")
    configuration = configuration.replace("FOLDER", str(folder)).replace("HERE", str(HERE))
    (folder / "slapd.conf").write_text(configuration, encoding="utf-8")
    port, tls_port = free_ports(2)
    server = Server(folder, port, tls_port)
    server.start()
    try:
        root = Tenant(server=server, base=server.base, auth=server.auth)
        root.modify((HERE / "base.ldif").read_text(encoding="utf-8"))
        yield server
    finally:
        if server.process is not None:
            server.process.kill()
            server.process.wait(timeout=30)


@pytest.fixture(scope="session")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests that do not stop it."""
    with running_slapd(tmp_path_factory.mktemp("slapd")) as server:
        yield server


@pytest.fixture(scope="session")
def start_slapd() -> Callable[..., Any]:
    """Start a server of one's own in a `with` block."""
    return running_slapd


def tenant_of(server: Any, **settings: Any) -> Tenant:
    """A new, empty subtree of a server."""
    base = f"ou=tenant{next(NUMBERS)},{server.base}"
    tenant = Tenant(server=server, base=base, settings=settings, auth=server.auth)
    tenant.modify("dn: BASE\nobjectClass: organizationalUnit\n")
    return tenant


@pytest.fixture(scope="session")
def make_tenant() -> Callable[..., Tenant]:
    """Make an empty subtree of a server, with settings."""
    return tenant_of


@pytest.fixture
def tenant(slapd: Server) -> Tenant:
    """An empty subtree, read as OpenLDAP's."""
    return tenant_of(slapd)


@pytest.fixture
def domain(slapd: Server) -> Tenant:
    """An empty subtree, read as Active Directory's."""
    return tenant_of(slapd, profile="active_directory")
