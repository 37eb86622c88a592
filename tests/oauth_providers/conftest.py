"""Two providers that other people wrote, on the loopback interface, and their pages."""

import asyncio
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from joserfc.jwk import RSAKey

from connector_oauth import OAuthSettings
from connector_sdk import DescriptionData, Integration
from connector_sdk.models import AppCategory

HERE = Path(__file__).parent
REDIRECT_URI = "http://127.0.0.1:9/callback?tenant=a%2Fb"
"""Where the tests' own flows end; nobody listens there, and nobody needs to."""

YEARS = 100_000_000
"""Seconds after which nothing is good any more."""

SECRET = "s3cret/with:special+characters%"

USERS = [f"user-{number}" for number in range(16)]
"""People, one for each login: what one of them does is no other's affair."""

PASSWORD = "the same for all"


class FormParser(HTMLParser):
    """The first form of a page: where it goes, and what a person enters.

    Parameters:
        entered: what is entered, by the name of the field.
    """

    def __init__(self, entered: dict[str, str]) -> None:
        super().__init__()
        self._entered = entered
        self.action: str | None = None
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of it."""
        given = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = given.get("action") or ""

        name = given.get("name")
        if tag in ("input", "button") and name is not None:
            self.fields[name] = self._entered.get(name, given.get("value") or "")


@dataclass(frozen=True)
class RealProvider:
    """A provider's process, and the clients that it knows."""

    issuer: str
    scopes: list[str]
    """Scopes that its clients may ask for."""

    key: RSAKey
    """The key pair of the client `key`, and of the service account."""

    login_port: int
    """Port to which its clients may have the login command's redirect sent."""

    assertion_audience: str | None
    """For whom an assertion has to be meant, if that is not the issuer."""

    users: list[str] = field(default_factory=USERS.copy)
    """People who have not logged in yet."""

    def agree(self, page: str) -> str:
        """Log in and agree as a person does, and return the redirect that ends it."""
        entered = {"login": self.users.pop(), "password": PASSWORD, "answer": "accept"}
        with httpx.Client() as browser:
            response = browser.get(page)
            while True:
                location = response.headers.get("Location")
                if location is not None:
                    url: str = urljoin(str(response.url), location)
                    if not url.startswith(self.issuer):
                        return url

                    response = browser.get(url)
                    continue

                assert 200 == response.status_code, response.text
                form = FormParser(entered)
                form.feed(response.text)
                assert form.action is not None, response.text
                url = urljoin(str(response.url), form.action)
                response = browser.post(url, data=form.fields)

    @contextmanager
    def later(self) -> Iterator[None]:
        """Let three years pass for what the provider has issued, and take them back."""
        self._move_clock(YEARS)
        try:
            yield
        finally:
            self._move_clock(-YEARS)

    def _move_clock(self, seconds: int) -> None:
        httpx.post(f"{self.issuer}/clock", content=str(seconds)).raise_for_status()

    def accepts(self, access_token: str) -> bool:
        """Whether the provider answers a call with an access token."""
        metadata = httpx.get(f"{self.issuer}/.well-known/openid-configuration").json()
        headers = {"Authorization": f"Bearer {access_token}"}
        return httpx.get(metadata["userinfo_endpoint"], headers=headers).is_success


def clients(key: RSAKey, login_port: int) -> list[dict[str, Any]]:
    """One client for each way to say who it is (RFC 7591)."""
    common = {
        "redirect_uris": [REDIRECT_URI, f"http://127.0.0.1:{login_port}/callback"],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types": ["code"],
    }
    return [
        {
            **common,
            "client_id": "post",
            "client_secret": SECRET,
            "token_endpoint_auth_method": "client_secret_post",
        },
        {
            **common,
            "client_id": "basic",
            "client_secret": SECRET,
            "token_endpoint_auth_method": "client_secret_basic",
        },
        {
            **common,
            "client_id": "key",
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": {"keys": [key.as_dict(private=False)]},
        },
        {
            **common,
            "client_id": "public",
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none",
        },
    ]


@contextmanager
def running(command: list[str], cwd: Path, given: dict[str, Any]) -> Iterator[str]:
    """Run a provider that is given its clients on stdin; its issuer, while it runs."""
    with subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(given) + "\n")
        process.stdin.flush()
        yield json.loads(process.stdout.readline())["issuer"]
        process.stdin.close()
        process.wait(timeout=30)


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def oidc_provider(pytestconfig: pytest.Config) -> Iterator[RealProvider]:
    """The npm package oidc-provider, which is installed into pytest's cache the first time."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node.js is not installed, and oidc-provider runs on it")

    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("oidc-provider")
    source = HERE / "oidc_provider"
    wanted = (source / "package.json").read_bytes()
    installed = folder / "installed.json"
    if not installed.exists() or wanted != installed.read_bytes():
        shutil.copy(source / "package.json", folder)
        subprocess.run(
            [npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        installed.write_bytes(wanted)

    shutil.copy(source / "server.mjs", folder)
    key, port = RSAKey.generate_key(2048), free_port()
    registered = [{**each, "application_type": "native"} for each in clients(key, port)]
    with running(["node", "server.mjs"], folder, {"clients": registered}) as issuer:
        yield RealProvider(
            issuer=issuer,
            scopes=["openid", "offline_access", "users:read"],
            key=key,
            login_port=port,
            assertion_audience=None,
        )


@pytest.fixture(scope="session")
def canaille(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProvider]:
    """The PyPI package Canaille, which is built on Authlib's server."""
    key, port = RSAKey.generate_key(2048), free_port()
    registered = [{**each, "scope": ["openid", "profile"]} for each in clients(key, port)]
    service = {
        "client_id": "service",
        "client_uri": "http://service.localhost",
        "token_endpoint_auth_method": "none",
        "grant_types": ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "scope": ["openid", "profile"],
    }
    given = {
        "clients": [*registered, service],
        "users": USERS,
        "password": PASSWORD,
        "key": key.as_pem(private=True).decode(),
        "folder": str(tmp_path_factory.mktemp("canaille")),
    }
    command = [sys.executable, "-W", "ignore", str(HERE / "canaille_server.py")]
    with running(command, HERE, given) as issuer:
        yield RealProvider(
            issuer=issuer,
            scopes=["openid", "profile"],
            key=key,
            login_port=port,
            assertion_audience=f"{issuer}/oauth/token",
        )


@pytest.fixture(scope="session", params=["oidc_provider", "canaille"])
def real_provider(request: pytest.FixtureRequest) -> RealProvider:
    """Each of the two providers."""
    provider: RealProvider = request.getfixturevalue(request.param)
    return provider


@pytest.fixture(scope="session")
def call() -> Callable[[OAuthSettings, str, dict[str, Any]], Any]:
    """Call a capability of an integration with these settings; the reply as JSON."""

    def dispatch(settings: OAuthSettings, capability: str, payload: dict[str, Any]) -> Any:
        integration = Integration(
            app_id="acme",
            version="1.0.0",
            exception_handlers=[],
            description_data=DescriptionData(
                user_friendly_name="Acme", categories=[AppCategory.INTERNAL]
            ),
            oauth_settings=settings,
        )
        request = json.dumps({"request": payload})
        return json.loads(asyncio.run(integration.dispatch(capability, request)))

    return dispatch


@pytest.fixture(scope="session")
def secret() -> str:
    """The secret of the clients that have one."""
    return SECRET


@pytest.fixture(scope="session")
def redirect_uri() -> str:
    """Where the tests' own flows end."""
    return REDIRECT_URI
