"""Real services on the loopback interface, and ways to call the connector as a platform does."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector_sdk.testing import call
from scim_connector.integration import integration

NUMBERS = count(1)
HERE = Path(__file__).parent
TOKEN = "a-token-of-scim2-server"
BEARER = [{"id": "bearer", "token": {"token": TOKEN}}]
BASIC = [{"id": "basic", "basic": {"username": "provisioner", "password": "a-password-of-scimmy"}}]
REAL_SERVERS = {
    "scim2_server": "scim2-server",
    "scimmy": "SCIMMY",
    "scimmy_without_patch": "SCIMMY without PATCH",
    "start_scim2_server": "scim2-server",
}
"""Fixtures of servers that are no imitation, for `nox -s connectors`."""


@dataclass(kw_only=True)
class Service:
    """A running service: the connector's view of it, and that of an independent client."""

    base_url: str
    credentials: list[dict[str, Any]]
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def http(self) -> httpx.Client:
        """A client that has nothing of the connector."""
        auth = self.credentials[0]
        if "token" in auth:
            headers = {"Authorization": f"Bearer {auth['token']['token']}"}
            return httpx.Client(base_url=self.base_url, headers=headers, timeout=60)

        basic = auth["basic"]
        return httpx.Client(
            base_url=self.base_url, auth=(basic["username"], basic["password"]), timeout=60
        )

    @property
    def connection(self) -> dict[str, Any]:
        """What each request to the connector carries."""
        settings = {"base_url": self.base_url, **self.settings}
        return {"credentials": self.credentials, "settings": settings}

    def call(self, capability: str, payload: Any = None, **envelope: Any) -> dict[str, Any]:
        """Call a capability, and return the reply."""
        request = {"request": payload or {}, **envelope}
        return call(integration, capability, request, connection=self.connection)

    def do(self, capability: str, **payload: Any) -> Any:
        """Call a capability that has to succeed, and return the response."""
        reply = self.call(capability, payload)
        assert not reply.get("is_error"), reply
        return reply["response"]

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

    def create(self, endpoint: str, resource: dict[str, Any]) -> str:
        """Create a resource with the independent client, and return its id."""
        schema = {"/Users": "User", "/Groups": "Group"}[endpoint]
        body = {"schemas": [f"urn:ietf:params:scim:schemas:core:2.0:{schema}"], **resource}
        with self.http as http:
            response = http.post(
                endpoint, json=body, headers={"Content-Type": "application/scim+json"}
            )
        assert response.status_code == 201, response.text
        identifier: str = response.json()["id"]
        return identifier


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens now."""
    return free_port()


@contextmanager
def running_scim2_server(*options: str, port: int | None = None) -> Iterator[Service]:
    """Run the PyPI package scim2-server, empty, until the block ends."""
    port = port or free_port()
    command = [sys.executable, "-m", "scim2_server.testserver.cli", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--bearer-token", TOKEN, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert "Serving SCIM" in process.stdout.readline()  # written when it listens
        try:
            yield Service(base_url=f"http://127.0.0.1:{port}/v2", credentials=BEARER)
        finally:
            process.kill()


@pytest.fixture(scope="session")
def scim2_tenants() -> Iterator[Service]:
    """The PyPI package scim2-server, with as many tenants as are asked for."""
    with running_scim2_server("--dynamic-tenants") as service:
        yield service


@pytest.fixture
def scim2_server(scim2_tenants: Service) -> Service:
    """An empty tenant of scim2-server."""
    url = scim2_tenants.base_url.replace("/v2", f"/tenant{next(NUMBERS)}/v2")
    return Service(base_url=url, credentials=BEARER)


@pytest.fixture(scope="session")
def start_scim2_server() -> Callable[..., Any]:
    """Start scim2-server with options, or at a port, in a `with` block."""
    return running_scim2_server


@pytest.fixture(scope="session")
def scimmy_folder(pytestconfig: pytest.Config) -> Path:
    """Where the npm packages scimmy and scimmy-routers are, in pytest's cache."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node.js is not installed, and scimmy-routers runs on it")

    assert pytestconfig.cache is not None
    folder = Path(pytestconfig.cache.mkdir("scimmy"))
    wanted = (HERE / "scimmy" / "package.json").read_bytes()
    installed = folder / "installed.json"
    if not installed.exists() or wanted != installed.read_bytes():
        shutil.copy(HERE / "scimmy" / "package.json", folder)
        subprocess.run(
            [npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        installed.write_bytes(wanted)

    shutil.copy(HERE / "scimmy" / "server.mjs", folder)
    return folder


@contextmanager
def running_scimmy(folder: Path, option: str) -> Iterator[Service]:
    """Run the service of `scimmy/server.mjs`, empty, until the block ends."""
    with subprocess.Popen(
        ["node", "server.mjs", option],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        base_url = json.loads(process.stdout.readline())["base_url"]
        yield Service(base_url=base_url, credentials=BASIC)
        process.stdin.close()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def running_services(scimmy_folder: Path) -> Iterator[dict[str, Service]]:
    """Two services of the npm package scimmy-routers: with PATCH, and without."""
    with (
        running_scimmy(scimmy_folder, "patch") as scimmy,
        running_scimmy(scimmy_folder, "no-patch") as without_patch,
    ):
        yield {"patch": scimmy, "no-patch": without_patch}


@pytest.fixture
def scimmy(running_services: dict[str, Service]) -> Service:
    """A service of scimmy-routers, empty."""
    return emptied(running_services["patch"])


@pytest.fixture
def scimmy_without_patch(running_services: dict[str, Service]) -> Service:
    """The same service, which answers PATCH with 501."""
    return emptied(running_services["no-patch"])


def emptied(service: Service) -> Service:
    """A service of `scimmy/server.mjs` that has forgotten everything."""
    httpx.post(service.base_url.replace("/scim", "/forget")).raise_for_status()
    return Service(base_url=service.base_url, credentials=BASIC)


@pytest.fixture(
    params=[
        "scim2_server",
        pytest.param("scimmy", marks=pytest.mark.slow),
        pytest.param("scimmy_without_patch", marks=pytest.mark.slow),
    ]
)
def service(request: pytest.FixtureRequest) -> Service:
    """Each of the real services."""
    found: Service = request.getfixturevalue(request.param)
    return found
