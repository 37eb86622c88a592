"""The networks of companies: private authorities, client certificates, proxies."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from pytest_cases import parametrize

from connector_sdk import ConnectorError
from connector_sdk.http import (
    NO_RETRIES,
    AsyncClient,
    Tls,
    get_proxy_headers,
    get_proxy_url,
    proxy_settings,
)
from connector_sdk.http.proxies import is_excluded, proxy_for
from connector_sdk.http.tls import context_for, key_of
from connector_sdk.testing import FaultServer

VARIABLES = [
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "CONNECTOR_PROXY_HEADERS",
    "CONNECTOR_CA_FILE",
    "CONNECTOR_TRUST_STORE",
    "CONNECTOR_CLIENT_CERT",
    "CONNECTOR_CLIENT_KEY",
    "CONNECTOR_CLIENT_KEY_PASSWORD",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
]
"""What of the environment counts here."""

USER, PASSWORD = "proxy-user", "p@ss/word"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A company's own certificate authority."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its certificate, as a file."""
    path = tmp_path_factory.mktemp("ca") / "company.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture(scope="session")
def server_side(authority: trustme.CA) -> ssl.SSLContext:
    """The server's side of TLS, with a certificate of that authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def client_files(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str]:
    """A client's certificate and its key, as files."""
    folder = tmp_path_factory.mktemp("client")
    issued = authority.issue_cert("connector@company.test")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    return str(folder / "cert.pem"), str(folder / "key.pem")


def app(request: httpx.Request) -> httpx.Response:
    """An app that tells what it was sent."""
    return httpx.Response(200, json={"headers": dict(request.headers)})


def get(server_side: ssl.SSLContext | None, **options: Any) -> httpx.Response:
    """The response to a request, or the error."""

    async def main() -> httpx.Response:
        async with (
            FaultServer(app, ssl_context=server_side) as server,
            AsyncClient(base_url=server.url, retries=NO_RETRIES, **options) as client,
        ):
            return await client.get("/")

    return asyncio.run(main())


def test_a_private_authority_is_not_trusted_unless_it_is_named(
    server_side: ssl.SSLContext,
) -> None:
    """The error says how to name it."""
    with pytest.raises(httpx.ConnectError, match="CONNECTOR_CA_FILE"):
        get(server_side)


def test_a_private_authority_is_named_by_the_environment(
    server_side: ssl.SSLContext, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`CONNECTOR_CA_FILE` adds it to the bundled ones."""
    monkeypatch.setenv("CONNECTOR_CA_FILE", ca_file)
    assert 200 == get(server_side).status_code
    assert len(context_for(key_of(Tls.from_environment())).get_ca_certs()) > 2


def test_the_only_authorities_are_named_by_the_environment(
    server_side: ssl.SSLContext, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`SSL_CERT_FILE` takes the place of the bundled ones."""
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    assert 200 == get(server_side).status_code
    assert 1 == len(context_for(key_of(Tls.from_environment())).get_ca_certs())


def test_the_environment_can_be_left_out(
    server_side: ssl.SSLContext, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `trust_env=False` only code counts."""
    monkeypatch.setenv("CONNECTOR_CA_FILE", ca_file)
    with pytest.raises(httpx.ConnectError):
        get(server_side, trust_env=False)

    assert 200 == get(server_side, trust_env=False, tls=Tls(ca_file=ca_file)).status_code


def test_the_trust_store_of_the_system_can_be_used(
    server_side: ssl.SSLContext, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenSSL's own store, which it lets the environment replace, is asked by truststore."""
    monkeypatch.setenv("CONNECTOR_TRUST_STORE", "system")
    with pytest.raises(httpx.ConnectError):
        get(server_side)

    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    assert 200 == get(server_side).status_code


def test_another_trust_store_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that means nothing is not taken for the default."""
    monkeypatch.setenv("CONNECTOR_TRUST_STORE", "mine")
    with pytest.raises(ConnectorError, match="bundled or system"):
        Tls.from_environment()


def test_a_renewed_file_is_read_again(
    server_side: ssl.SSLContext, ca_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that lives for months sees the new authority."""
    path = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(path)
    monkeypatch.setenv("CONNECTOR_CA_FILE", str(path))
    with pytest.raises(httpx.ConnectError):
        get(server_side)

    path.write_bytes(Path(ca_file).read_bytes())
    os.utime(path, ns=(1, 1))
    assert 200 == get(server_side).status_code


def test_httpx_own_arguments_work(
    server_side: ssl.SSLContext, ca_file: str, client_files: tuple[str, str]
) -> None:
    """`verify` and `cert`, as httpx knows them."""
    context = ssl.create_default_context(cafile=ca_file)
    assert 200 == get(server_side, verify=context).status_code
    assert 200 == get(server_side, verify=ca_file, cert=client_files).status_code
    assert 200 == get(server_side, verify=False).status_code
    with pytest.raises(httpx.ConnectError):
        get(server_side, verify=True)


def test_a_client_proves_who_it_is(
    authority: trustme.CA,
    ca_file: str,
    client_files: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Certificate and key are named by the environment; without them the server refuses."""
    demanding = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=ca_file)
    authority.issue_cert("127.0.0.1").configure_cert(demanding)
    demanding.verify_mode = ssl.CERT_REQUIRED
    monkeypatch.setenv("CONNECTOR_CA_FILE", ca_file)
    with pytest.raises(httpx.TransportError):
        get(demanding)

    monkeypatch.setenv("CONNECTOR_CLIENT_CERT", client_files[0])
    monkeypatch.setenv("CONNECTOR_CLIENT_KEY", client_files[1])
    assert 200 == get(demanding).status_code


@parametrize(
    "tls, words",
    [
        (Tls(ca_file="/nowhere/ca.pem"), "CA file /nowhere/ca.pem cannot be used: No such file"),
        (Tls(ca_file=__file__), "not a PEM file"),
        (Tls(verify="/nowhere/ca.pem"), "CA file /nowhere/ca.pem"),
        (Tls(certificate="/nowhere/cert.pem"), "client certificate /nowhere/cert.pem"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tls: Tls, words: str, server_side: ssl.SSLContext
) -> None:
    """The mistake is one of configuration, and said as such."""
    with pytest.raises(ConnectorError, match=words) as caught:
        get(server_side, tls=tls)

    assert "client_call_error" == caught.value.error_code.value


def test_a_key_with_a_password_never_asks_at_the_terminal(
    client_files: tuple[str, str], tmp_path: Path, server_side: ssl.SSLContext
) -> None:
    """Without the right password it is an error; with it the key works."""
    key = load_pem_private_key(Path(client_files[1]).read_bytes(), None)
    encryption = BestAvailableEncryption(b"right")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    (tmp_path / "key.pem").write_bytes(pem)
    encrypted = str(tmp_path / "key.pem")
    for password in (None, "wrong"):
        tls = Tls(certificate=client_files[0], key=encrypted, key_password=password)
        with pytest.raises(ConnectorError, match="password is wrong"):
            get(server_side, tls=tls)

    context_for(key_of(Tls(certificate=client_files[0], key=encrypted, key_password="right")))


def test_settings_show_no_password() -> None:
    """Neither that of a key nor that of a proxy."""
    assert "hidden-1" not in repr(Tls(key_password="hidden-1"))
    with proxy_settings(proxy_url="http://u:hidden-1@proxy.test", proxy_headers={"X": "hidden-2"}):
        assert "hidden" not in repr(proxy_for(httpx.URL("http://app.test"), trust_env=True))


EXCLUDED = {
    "all": ("*", "app.test", None, True),
    "the name": ("app.test", "app.test", None, True),
    "the name, in capitals": ("APP.Test", "app.TEST", None, True),
    "a name below": ("app.test", "api.app.test", None, True),
    "a name below, with a dot": (".app.test", "api.app.test", None, True),
    "a name below, with a star": ("*.app.test", "api.app.test", None, True),
    "not a longer word": ("app.test", "myapp.test", None, False),
    "not a name above": ("api.app.test", "app.test", None, False),
    "one of a list": ("a.test, b.test c.test", "c.test", None, True),
    "an address": ("127.0.0.1", "127.0.0.1", 8080, True),
    "a network": ("10.0.0.0/8", "10.20.30.40", None, True),
    "another network": ("10.0.0.0/8", "11.20.30.40", None, False),
    "no network for names": ("10.0.0.0/8", "app.test", None, False),
    "an address of IPv6": ("::1", "::1", None, True),
    "an address of IPv6 with a port": ("[::1]:80", "::1", 80, True),
    "a network of IPv6": ("fd00::/8", "fd12::1", None, True),
    "the right port": ("app.test:8080", "app.test", 8080, True),
    "another port": ("app.test:8080", "app.test", 9090, False),
    "nothing": ("", "app.test", None, False),
    "only commas": (" , ,", "app.test", None, False),
}


@parametrize("no_proxy, host, port, expected", EXCLUDED.values(), ids=EXCLUDED)
def test_no_proxy_excludes_what_it_says(
    no_proxy: str, host: str, port: int | None, *, expected: bool
) -> None:
    """Names with what is below them, addresses, networks, ports."""
    assert expected == is_excluded(host, port, no_proxy)


@parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_the_environment_names_the_proxy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small letters or capitals, with or without a scheme."""
    monkeypatch.setenv(name, "proxy.test:3128")
    route = proxy_for(httpx.URL("https://app.test/"), trust_env=True)
    assert route is not None
    assert "http://proxy.test:3128" == route.url
    assert proxy_for(httpx.URL("https://app.test/"), trust_env=False) is None
    monkeypatch.setenv("NO_PROXY", "app.test")
    assert proxy_for(httpx.URL("https://app.test/"), trust_env=True) is None


def test_a_cgi_program_takes_no_proxy_from_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """`HTTP_PROXY` would be the client's header `Proxy` there."""
    monkeypatch.setenv("HTTP_PROXY", "http://evil.test")
    monkeypatch.setenv("REQUEST_METHOD", "GET")
    assert proxy_for(httpx.URL("http://app.test/"), trust_env=True) is None


@parametrize("value", ["no json", "[]", '{"X": 1}', '"text"'])
def test_headers_for_the_proxy_must_be_an_object(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error shows the form, and not the value."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test")
    monkeypatch.setenv("CONNECTOR_PROXY_HEADERS", value)
    with pytest.raises(ConnectorError, match="must be a JSON object"):
        proxy_for(httpx.URL("https://app.test/"), trust_env=True)


@parametrize("url", ["ftp://proxy.test", "http://", "http://proxy.test:port"])
def test_a_proxy_that_is_none_is_an_error_of_configuration(url: str) -> None:
    """The URL, which may have a password in it, is not shown."""

    async def main() -> None:
        with proxy_settings(proxy_url=url):
            async with AsyncClient() as client:
                await client.get("http://app.test/")

    with pytest.raises(ConnectorError, match="proxy's URL must be like") as caught:
        asyncio.run(main())

    assert "client_call_error" == caught.value.error_code.value


def test_proxy_settings_hold_inside_only() -> None:
    """Nested ones too; without a URL the environment decides."""
    assert (None, 0) == (get_proxy_url(), len(get_proxy_headers()))
    with proxy_settings(proxy_url="http://one.test", proxy_headers={"X-Token": "t"}):
        assert ("http://one.test", "t") == (get_proxy_url(), get_proxy_headers()["x-token"])
        with proxy_settings(proxy_url=None):
            assert get_proxy_url() is None

        assert "http://one.test" == get_proxy_url()

    assert get_proxy_url() is None


def test_proxy_settings_of_concurrent_calls_stay_apart() -> None:
    """Each call goes through its own proxy, with its own headers, though connections are shared."""

    async def main() -> list[dict[str, str]]:
        async with FaultServer(app) as server:

            async def through(token: str) -> dict[str, str]:
                headers = {"X-Proxy-Token": token}
                with proxy_settings(proxy_url=server.url, proxy_headers=headers):
                    await asyncio.sleep(0)
                    async with AsyncClient() as client:
                        response = await client.get("http://app.test/")

                found: dict[str, str] = response.json()["headers"]
                return found

            return await asyncio.gather(*(through(f"token-{number}") for number in range(5)))

    seen = asyncio.run(main())
    assert [f"token-{number}" for number in range(5)] == [each["x-proxy-token"] for each in seen]
    assert {"app.test"} == {each["host"] for each in seen}


CONNECTOR = """
import asyncio, json, sys
from connector_sdk.http import AsyncClient

async def main():
    async with AsyncClient(base_url=sys.argv[1]) as client:
        response = await client.get("/")
        print(json.dumps(response.json()))

asyncio.run(main())
"""
"""A program that knows nothing of networks."""


def run_connector(url: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own, set up by its environment alone."""
    inherited = {key: value for key, value in os.environ.items() if key.upper() not in VARIABLES}
    return subprocess.run(
        [sys.executable, "-c", CONNECTOR, url],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real forward proxy, which asks for a user and a password; its host and port."""
    folder = tmp_path_factory.mktemp("proxy")
    port_file = folder / "port"
    command = [
        *(sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0"),
        *("--port-file", str(port_file), "--data-dir", str(folder), "--num-workers", "1"),
        *("--num-acceptors", "1", "--threaded", "--basic-auth", f"{USER}:{PASSWORD}"),
    ]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            while not port_file.exists() or not port_file.read_text().strip():
                assert process.poll() is None, (folder / "log").read_text()

            yield f"127.0.0.1:{port_file.read_text().strip()}"
        finally:
            process.terminate()


def served(server_side: ssl.SSLContext | None, run: Callable[[str], Any]) -> Any:
    """What comes of something blocking that is done while the app is served."""

    async def main() -> Any:
        async with FaultServer(app, ssl_context=server_side) as server:
            return await asyncio.to_thread(run, server.url)

    return asyncio.run(main())


@pytest.mark.slow
@parametrize("is_tls", [False, True])
def test_a_real_proxy_and_a_private_authority_work_by_configuration_alone(
    *, is_tls: bool, proxy: str, server_side: ssl.SSLContext, ca_file: str
) -> None:
    """A proxy with credentials, in front of HTTP and of HTTPS with the company's certificate."""
    password = PASSWORD.replace("@", "%40").replace("/", "%2F")
    environment = {
        "ALL_PROXY": f"http://{USER}:{password}@{proxy}",
        "CONNECTOR_CA_FILE": ca_file,
    }
    context = server_side if is_tls else None
    done = served(context, lambda url: run_connector(url, environment))
    assert 0 == done.returncode, done.stderr
    headers = json.loads(done.stdout)["headers"]
    assert "proxy-authorization" not in headers
    assert is_tls or "via" in headers  # the proxy of a plain request leaves its mark


@pytest.mark.slow
def test_a_real_proxy_that_refuses_is_told(
    proxy: str, server_side: ssl.SSLContext, ca_file: str
) -> None:
    """Without the password the proxy's refusal is what is said."""
    environment = {"HTTPS_PROXY": f"http://{proxy}", "CONNECTOR_CA_FILE": ca_file}
    done = served(server_side, lambda url: run_connector(url, environment))
    assert "ProxyError: GET https://127.0.0.1" in done.stderr
    assert f"the proxy refused: 407 Proxy Authentication Required, through the proxy {proxy}" in (
        done.stderr
    )


def test_a_proxy_that_cannot_be_reached_is_named() -> None:
    """Without its password: that it is not the app which refuses is half of the help."""

    async def main() -> None:
        with proxy_settings(proxy_url=f"http://{USER}:hidden-password@127.0.0.1:1"):
            async with AsyncClient(retries=NO_RETRIES) as client:
                await client.get("https://app.test/users")

    with pytest.raises(httpx.ConnectError) as caught:
        asyncio.run(main())

    assert str(caught.value).endswith(", through the proxy 127.0.0.1:1")


@pytest.mark.slow
def test_no_proxy_leads_past_a_real_proxy(
    proxy: str, server_side: ssl.SSLContext, ca_file: str
) -> None:
    """What `NO_PROXY` names is reached although the proxy would refuse."""
    environment = {
        "HTTPS_PROXY": f"http://{proxy}",
        "NO_PROXY": "127.0.0.0/8",
        "CONNECTOR_CA_FILE": ca_file,
    }
    done = served(server_side, lambda url: run_connector(url, environment))
    assert 0 == done.returncode, done.stderr
