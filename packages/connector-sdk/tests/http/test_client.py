"""The client of a connector: what it shares with others, and what it keeps to itself."""

import asyncio
import json
import os
import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Generator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_sdk import Request
from connector_sdk.http import (
    NO_RETRIES,
    AsyncClient,
    BaseIntegrationClient,
    BearerAuth,
    Endpoint,
    OffsetPages,
    all_items,
)
from connector_sdk.http import pool as pools
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultServer,
    FaultTransport,
    run_in_virtual_time,
)


def echo(request: httpx.Request) -> httpx.Response:
    """An app that tells what it was sent, and sets a cookie."""
    body = {"headers": dict(request.headers), "url": str(request.url)}
    return httpx.Response(200, json=body, headers={"Set-Cookie": "session=secret-session"})


def args_of(url: str, token: str) -> Any:
    """A request of a tenant."""
    return SimpleNamespace(auth={"token": token}, credentials=None, settings={"url": url})


class EchoClient(BaseIntegrationClient):
    """A client as an author writes it."""

    @classmethod
    def prepare_client_args(cls, args: Request) -> dict[str, Any]:
        """Connect to the tenant's app."""
        return {
            "base_url": args.settings["url"],
            "auth": BearerAuth(args.auth["token"]),
            "headers": {"X-Tenant": args.auth["token"]},
        }


async def sent_headers(args: Any, **options: Any) -> dict[str, str]:
    """The headers of a request that a tenant's client sends."""
    async with EchoClient(args) as client:
        response = await client.http.get("/", **options)
        headers: dict[str, str] = response.json()["headers"]
        return headers


def run_with_server(body: Callable[[FaultServer], Awaitable[Any]], **options: Any) -> Any:
    """What comes of something that is done while the app is served."""

    async def main() -> Any:
        async with FaultServer(echo, **options) as server:
            return await body(server)

    return asyncio.run(main())


def test_connections_are_shared_by_the_clients_of_all_tenants() -> None:
    """Three clients, one after another, need one connection."""

    async def body(server: FaultServer) -> int:
        for tenant in ("one", "two", "three"):
            await sent_headers(args_of(server.url, tenant))

        return server.connections_made

    assert 1 == run_with_server(body)


def test_nothing_of_a_tenant_is_seen_by_another() -> None:
    """Neither credentials nor headers nor cookies go along with the connection."""

    async def body(server: FaultServer) -> None:
        first = await sent_headers(args_of(server.url, "tenant-one"))
        second = await sent_headers(args_of(server.url, "tenant-two"))
        assert ("Bearer tenant-one", "tenant-one") == (first["authorization"], first["x-tenant"])
        assert ("Bearer tenant-two", "tenant-two") == (second["authorization"], second["x-tenant"])
        assert "cookie" not in second
        assert "tenant-one" not in json.dumps(second)

    run_with_server(body)


def test_a_client_keeps_its_cookies() -> None:
    """What the app sets is sent with the client's next request."""

    async def body(server: FaultServer) -> str:
        async with EchoClient(args_of(server.url, "one")) as client:
            await client.http.get("/")
            response = await client.http.get("/")
            cookie: str = response.json()["headers"]["cookie"]
            return cookie

    assert "session=secret-session" == run_with_server(body)


def test_tls_contexts_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new client with the same settings costs no reading of certificates."""
    made: list[object] = []
    create = httpx.create_ssl_context

    def counting(*args: Any, **options: Any) -> ssl.SSLContext:
        made.append(options)
        return create(*args, **options)

    monkeypatch.setattr(httpx, "create_ssl_context", counting)
    monkeypatch.setattr("connector_sdk.http.tls._contexts", OrderedDict())

    async def main() -> None:
        for _ in range(3):
            async with AsyncClient(trust_env=False, retries=NO_RETRIES) as client:
                with pytest.raises(httpx.ConnectError):
                    await client.post("https://127.0.0.1:1/")

    asyncio.run(main())
    assert 1 == len(made)


def test_no_certificates_are_read_for_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them costs more than the whole request."""

    def refuse(_key: object) -> ssl.SSLContext:
        raise AssertionError("certificates were read")

    monkeypatch.setattr(pools, "context_for", refuse)

    async def body(server: FaultServer) -> None:
        await sent_headers(args_of(server.url, "one"))

    run_with_server(body)


def test_all_connections_are_closed_when_the_loop_ends() -> None:
    """Nobody has to close what is shared."""
    before = os.listdir("/dev/fd")

    async def body(server: FaultServer) -> None:
        await sent_headers(args_of(server.url, "one"))

    for _ in range(3):
        run_with_server(body)

    assert len(before) == len(os.listdir("/dev/fd"))
    assert not [loop for loop in pools._by_loop if not loop.is_closed()]


def test_pools_that_are_not_used_any_more_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that sees ever new proxies or certificates does not keep them all."""
    monkeypatch.setattr(pools, "MOST_POOLS", 3)

    async def body(server: FaultServer) -> int:
        for number in range(20):
            headers = {"X-Proxy-Token": f"{number}"}
            proxy = httpx.Proxy(server.url, headers=headers)
            async with AsyncClient(proxy=proxy, trust_env=False) as client:
                await client.get("http://app.test/")

        return len(pools.shared_connections()._pools)

    assert 3 == run_with_server(body)


def test_a_pool_in_use_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that is being read survives any number of other pools."""
    monkeypatch.setattr(pools, "MOST_POOLS", 1)
    slow = FaultSchedule({"GET /slow": [Fault(FaultKind.SLOW_BODY, seconds=5.0)]})

    async def main() -> bytes:
        async with (
            FaultServer(echo, slow) as server,
            AsyncClient(base_url=server.url) as client,
            client.stream("GET", "/slow") as response,
        ):
            for number in range(3):
                proxy = httpx.Proxy(server.url, headers={"X-Proxy-Token": f"{number}"})
                async with AsyncClient(proxy=proxy, trust_env=False) as other:
                    await other.get("http://app.test/")

            return await response.aread()

    assert run_in_virtual_time(main()).endswith(b'/slow"}')


def test_gates_that_nobody_uses_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that sees ever new hosts does not keep them all."""
    monkeypatch.setattr(pools, "MOST_UNUSED_GATES", 10)

    async def main() -> int:
        connections = pools.shared_connections()
        for number in range(100):
            connections.gate(f"host-{number}:443", 1)

        return len(connections._gates)

    assert asyncio.run(main()) <= 10


def test_old_code_finds_the_client_under_its_old_name() -> None:
    """`self._http_client` is `self.http`, and `build_client` makes it."""

    async def main() -> None:
        client = EchoClient(args_of("http://app.test", "one"))
        assert client._http_client is client.http
        assert isinstance(EchoClient.build_client(args_of("http://app.test", "one")), AsyncClient)

    asyncio.run(main())


def test_an_attribute_of_the_class_yields_to_the_prepared_arguments() -> None:
    """What is known only from the request comes first."""

    class Timed(BaseIntegrationClient):
        budget = 60.0

        @classmethod
        def prepare_client_args(cls, args: Any) -> dict[str, Any]:
            return args.settings and {"budget": 5.0}

    assert 5.0 == Timed(args_of("http://app.test", "one")).http._budget


def test_tenants_are_told_apart_without_keeping_anything_of_them() -> None:
    """Equal connections are one tenant; another token, settings or client class is another."""
    one, other = args_of("http://a.test", "secret-1"), args_of("http://a.test", "secret-2")
    elsewhere = args_of("http://b.test", "secret-1")

    class OtherClient(EchoClient):
        pass

    keys = [EchoClient.tenant_of(each) for each in (one, other, elsewhere)]
    assert 4 == len({*keys, OtherClient.tenant_of(one)})
    assert keys[0] == EchoClient.tenant_of(args_of("http://a.test", "secret-1"))
    assert "secret" not in keys[0]


def redirecting(target: str) -> Callable[[httpx.Request], httpx.Response]:
    """An app that sends everybody elsewhere, and the place where they come to."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/start":
            return httpx.Response(302, headers={"Location": target})

        return echo(request)

    return answer


@parametrize(
    "target, travels",
    [
        ("http://evil.test/end", False),
        ("http://app.test:8080/end", False),
        ("/end", True),
        ("https://app.test/end", True),
    ],
)
def test_no_credential_follows_a_redirect_to_another_host(target: str, *, travels: bool) -> None:
    """Neither `Authorization`, nor a header that the author made up for the API key."""

    async def main() -> dict[str, str]:
        async with AsyncClient(
            base_url="http://app.test",
            transport=FaultTransport(redirecting(target)),
            headers={"X-Api-Key": "secret-key"},
            auth=BearerAuth("secret-token", auth_header="X-Token"),
            follow_redirects=True,
        ) as client:
            response = await client.get("/start", headers={"Accept": "application/json"})
            headers: dict[str, str] = response.json()["headers"]
            return headers

    headers = asyncio.run(main())
    assert travels == ("x-api-key" in headers)
    assert travels == ("x-token" in headers)
    assert "application/json" == headers["accept"]


class RefreshingAuth(httpx.Auth):
    """Gets itself another token when the app says that the old one has expired."""

    def __init__(self) -> None:
        self.token = 1

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request, and once more with a fresh token."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        response = yield request
        if response.status_code == 401:
            yield httpx.Request("POST", request.url.join("/token"))
            self.token += 1
            request.headers["Authorization"] = f"Bearer {self.token}"
            yield request


def test_a_token_that_expires_between_two_pages_is_renewed() -> None:
    """An `httpx.Auth` that refreshes works, and each item is read once."""
    items = [{"id": number} for number in range(9)]

    def app(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("offset", 0))
        return httpx.Response(200, json=items[start : start + 3])

    async def main() -> list[Any]:
        schedule = FaultSchedule({"GET /list?offset=3": [Fault(FaultKind.EXPIRED_TOKEN)]})
        pages = OffsetPages(size_parameter=None)
        async with AsyncClient(
            base_url="http://app.test",
            transport=FaultTransport(app, schedule),
            auth=RefreshingAuth(),
        ) as client:
            return [item async for item in all_items(client, Endpoint(url="/list", pages=pages))]

    assert items == asyncio.run(main())


def test_an_author_can_bring_a_transport_for_some_hosts() -> None:
    """Mounts work as with httpx, with all that the SDK adds."""

    async def main() -> str:
        mounts = {"all://special.test": FaultTransport(lambda _: httpx.Response(200, text="here"))}
        async with AsyncClient(mounts=mounts) as client:
            return (await client.get("http://special.test/")).text

    assert "here" == asyncio.run(main())


def test_a_body_can_be_streamed() -> None:
    """It is not read before its author does, and its place at the host is free afterwards."""

    async def body(server: FaultServer) -> list[bytes]:
        pieces = []
        async with AsyncClient(base_url=server.url, concurrency=1) as client:
            for _ in range(2):
                async with client.stream("GET", "/") as response:
                    assert not response.is_closed
                    pieces.append(b"".join([piece async for piece in response.aiter_bytes()]))

        return pieces

    assert all(piece.startswith(b'{"headers"') for piece in run_with_server(body))


def test_a_stream_that_is_not_read_to_its_end_gives_its_place_back() -> None:
    """Leaving the block is enough."""

    async def body(server: FaultServer) -> None:
        async with AsyncClient(base_url=server.url, concurrency=1) as client:
            for _ in range(3):
                async with client.stream("GET", "/"):
                    pass

    run_with_server(body)


def test_compression_that_cannot_be_read_is_an_invalid_response() -> None:
    """The app's fault is called so."""

    def broken(_request: httpx.Request) -> httpx.Response:
        headers = {"Content-Encoding": "gzip"}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"no gzip"))

    async def main() -> str:
        async with AsyncClient(transport=httpx.MockTransport(broken)) as client:
            with pytest.raises(Exception, match="compression") as caught:
                await client.get("http://app.test/")

            return str(getattr(caught.value, "error_code", None))

    assert "ErrorCode.INVALID_RESPONSE" == asyncio.run(main())


def test_clients_work_in_the_loops_of_several_threads() -> None:
    """A plain capability that runs a loop of its own shares nothing with another thread's."""

    async def body(server: FaultServer) -> list[dict[str, str]]:
        async def in_thread(tenant: str) -> dict[str, str]:
            args = args_of(server.url, tenant)
            return await asyncio.to_thread(lambda: asyncio.run(sent_headers(args)))

        return await asyncio.gather(*(in_thread(f"tenant-{number}") for number in range(8)))

    tenants = [headers["x-tenant"] for headers in run_with_server(body)]
    assert [f"tenant-{number}" for number in range(8)] == tenants
