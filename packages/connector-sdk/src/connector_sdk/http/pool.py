"""Connections that all clients on one event loop share.

What tells tenants apart (cookies, headers, credentials) stays with each client. Shared is what is
the same for whoever has the same TLS settings and takes the same way: TLS contexts, and open
connections. They are closed when the loop ends.
"""

import asyncio
import ssl
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from connector_sdk.errors import ConnectorError
from connector_sdk.http.concurrency import HostGate
from connector_sdk.http.proxies import THROUGH, ProxyRoute, proxy_for
from connector_sdk.http.tls import Tls, TlsKey, context_for, key_of
from connector_sdk.models.errors import ErrorCode

if TYPE_CHECKING:
    from connector_sdk.http.connections import WayTransport

MOST_POOLS = 64
"""Pools that a loop keeps; of those that are not in use, the one that was used longest ago goes."""

MOST_UNUSED_GATES = 1024
"""Gates that a loop keeps before it drops those that nobody uses."""


@dataclass(frozen=True, slots=True)
class Way:
    """What requests must have in common to share connections.

    Parameters:
        tls: settings of TLS; None where nothing on the way speaks TLS.
        proxy: the proxy that the requests go through, with its credentials.
        http1: whether HTTP/1.1 may be spoken.
        http2: whether HTTP/2 may be spoken.
    """

    tls: TlsKey | None
    proxy: ProxyRoute | None
    http1: bool
    http2: bool


class Connections:
    """The pools and gates of one event loop."""

    def __init__(self) -> None:
        self._pools: OrderedDict[Way, WayTransport] = OrderedDict()
        self._gates: dict[tuple[str, int], HostGate] = {}
        self._end: AsyncGenerator[None, None] | None = None

    async def transport(self, way: Way) -> "WayTransport":
        """Return what sends requests on a way."""
        if self._end is None:
            self._end = self._until_the_loop_ends()
            await anext(self._end)

        while way not in self._pools and len(self._pools) >= MOST_POOLS:
            if not await self._close_longest_unused():
                break

        transport = self._pools.get(way)
        if transport is None:
            transport = self._pools[way] = _open_transport(way)

        self._pools.move_to_end(way)
        return transport

    def gate(self, host: str, width: int) -> HostGate:
        """Return the gate to a host for clients who let `width` requests through at a time."""
        gate = self._gates.get((host, width))
        if gate is None:
            if len(self._gates) >= MOST_UNUSED_GATES:
                self._gates = {key: each for key, each in self._gates.items() if not each.is_unused}

            gate = self._gates[host, width] = HostGate(width)

        return gate

    async def aclose(self) -> None:
        """Close all connections."""
        while self._pools:
            _, transport = self._pools.popitem()
            await transport.aclose()

    async def _close_longest_unused(self) -> bool:
        unused = next(
            (way for way, each in self._pools.items() if not each.connections.users), None
        )
        if unused is None:
            return False

        await self._pools.pop(unused).aclose()
        return True

    async def _until_the_loop_ends(self) -> AsyncGenerator[None, None]:
        """Wait in the hands of the loop, which closes its generators before it ends."""
        try:
            yield
        finally:
            await self.aclose()


_by_loop: dict[asyncio.AbstractEventLoop, Connections] = {}
_lock = threading.Lock()


def shared_connections() -> Connections:
    """Return the connections of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _by_loop.get(loop)
    if found is not None:
        return found

    with _lock:
        for closed in [each for each in _by_loop if each.is_closed()]:
            del _by_loop[closed]

        return _by_loop.setdefault(loop, Connections())


class SharedTransport(httpx.AsyncBaseTransport):
    """Sends each request over the shared connections of its way.

    Parameters:
        tls: settings of TLS; None for those of the environment.
        proxy: a proxy for all requests; None for the one of `proxy_settings` or the environment.
        trust_env: whether the environment's settings count.
        http1: whether HTTP/1.1 may be spoken.
        http2: whether HTTP/2 may be spoken; it needs httpx's extra `http2`.
    """

    def __init__(
        self,
        *,
        tls: Tls | None,
        proxy: ProxyRoute | None,
        trust_env: bool,
        http1: bool,
        http2: bool,
    ) -> None:
        self._tls = tls
        self._proxy = proxy
        self._trust_env = trust_env
        self._http1 = http1
        self._http2 = http2
        self._tls_key: TlsKey | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its connection is free again when the response is closed."""
        way = self._way(request.url)
        transport = await shared_connections().transport(way)
        if way.proxy is not None:
            request.extensions[THROUGH] = httpx.URL(way.proxy.url).netloc.decode("ascii")

        return await transport.handle_async_request(request)

    def _way(self, url: httpx.URL) -> Way:
        proxy = self._proxy or proxy_for(url, trust_env=self._trust_env)
        speaks_tls = url.scheme == "https" or (proxy is not None and proxy.url.startswith("https"))
        return Way(
            tls=self._key() if speaks_tls else None,
            proxy=proxy,
            http1=self._http1,
            http2=self._http2,
        )

    def _key(self) -> TlsKey:
        if self._tls_key is None:
            tls = self._tls
            if tls is None:
                tls = Tls.from_environment() if self._trust_env else Tls()

            self._tls_key = key_of(tls)

        return self._tls_key


def _open_transport(way: Way) -> "WayTransport":
    # Only who sends a request needs httpcore.
    from connector_sdk.http.connections import open_transport

    # Where nobody speaks TLS the context trusts nobody, and no certificates are read for it.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if way.tls is None else context_for(way.tls)
    proxy = None if way.proxy is None else _proxy(way.proxy, context)
    try:
        return open_transport(context, proxy, http1=way.http1, http2=way.http2)
    except ImportError:  # the package that speaks SOCKS
        raise ConnectorError(
            message="a SOCKS proxy needs: python -m pip install 'httpx[socks]'",
            error_code=ErrorCode.CLIENT_CALL_ERROR,
        ) from None


def _proxy(route: ProxyRoute, context: ssl.SSLContext) -> httpx.Proxy:
    try:
        proxy = httpx.Proxy(
            route.url,
            headers=list(route.headers),
            ssl_context=context if route.url.startswith("https") else None,
        )
    except (ValueError, httpx.InvalidURL):
        proxy = None

    if proxy is None or not proxy.url.host:
        raise ConnectorError(
            message="the proxy's URL must be like http://user:password@proxy.example:3128, with "
            "http, https or socks5; see HTTPS_PROXY",
            error_code=ErrorCode.CLIENT_CALL_ERROR,
        )

    return proxy
