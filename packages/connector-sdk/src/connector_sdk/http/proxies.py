"""Forwarding proxies: which one a request goes through, from the host's code or the environment."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

import httpx

from connector_sdk.errors import ConnectorError
from connector_sdk.models.errors import ErrorCode

HEADERS_VARIABLE = "CONNECTOR_PROXY_HEADERS"
"""Environment variable: a JSON object of headers for the proxy that the environment names."""

THROUGH = "connector_sdk.proxy"
"""Extension of a request that goes through a proxy: the proxy's host and port, for messages."""

SYSTEM_HAS_PROXIES = sys.platform in {"win32", "darwin"}
"""Whether the operating system has settings of its own, beside the environment."""


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """A proxy on the way of requests, and what it alone is to see.

    Parameters:
        url: where it is: `http://`, `https://` or `socks5://`, with user and password if needed.
        headers: names and values that are sent to the proxy, and not to the app.
    """

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


_settings: ContextVar[ProxyRoute | None] = ContextVar("connector_sdk_proxy", default=None)


@contextmanager
def proxy_settings(
    *, proxy_url: str | None, proxy_headers: Mapping[str, str] | httpx.Headers | None = None
) -> Iterator[None]:
    """Send every request that is made inside through a proxy.

    It holds for the calls that are dispatched inside, and for no other; it comes before the
    environment and `NO_PROXY`.

    Parameters:
        proxy_url: the proxy, as in `HTTPS_PROXY`; None leaves the choice to the environment.
        proxy_headers: headers for the proxy alone, such as its access token.
    """
    route = None if proxy_url is None else ProxyRoute(proxy_url, _pairs(proxy_headers))
    token = _settings.set(route)
    try:
        yield
    finally:
        _settings.reset(token)


def get_proxy_url() -> str | None:
    """Return the proxy that `proxy_settings` names; None outside it."""
    route = _settings.get()
    return None if route is None else route.url


def get_proxy_headers() -> httpx.Headers:
    """Return the headers for the proxy that `proxy_settings` names; empty outside it."""
    route = _settings.get()
    return httpx.Headers() if route is None else httpx.Headers(list(route.headers))


def proxy_for(url: httpx.URL, *, trust_env: bool) -> ProxyRoute | None:
    """Return the proxy for a request; None when it goes straight to the app.

    Parameters:
        url: the request's URL.
        trust_env: whether the environment may name one: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`
            and `NO_PROXY`, in small letters or capitals, or the settings of Windows and macOS.

    Raises:
        ConnectorError: `client_call_error`, when `CONNECTOR_PROXY_HEADERS` cannot be read.
    """
    route = _settings.get()
    if route is not None or not trust_env:
        return route

    proxy, no_proxy = _from_environment(url.scheme)
    if not proxy or is_excluded(url.host, url.port, no_proxy):
        return None

    return ProxyRoute(proxy if "://" in proxy else f"http://{proxy}", _headers_from_environment())


def is_excluded(host: str, port: int | None, no_proxy: str) -> bool:
    """Tell whether `NO_PROXY` excludes a host.

    Parameters:
        host: its name or address.
        port: its port; None for the scheme's own.
        no_proxy: names (each also for the names below it), addresses, networks such as
            `10.0.0.0/8`, with or without a port, separated by commas; `*` for all.
    """
    host = host.lower().strip("[]").rstrip(".")
    for entry in no_proxy.lower().replace(",", " ").split():
        name, entry_port = _host_and_port(entry)
        if entry_port is not None and entry_port != str(port):
            continue

        if name in {"*", host} or host.endswith(f".{name}") or _is_within(host, name):
            return True

    return False


def _host_and_port(entry: str) -> tuple[str, str | None]:
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, port.lstrip(":") or None

    if entry.count(":") > 1:
        return entry, None

    name, _, port = entry.partition(":")
    return name.removeprefix("*.").lstrip("."), port or None


def _is_within(host: str, network: str) -> bool:
    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False


def _from_environment(scheme: str) -> tuple[str, str]:
    """Return the proxy for a scheme and the names that are excluded; empty for none."""
    # In a CGI program HTTP_PROXY is what the client sent as the header `Proxy`.
    is_from_client = scheme == "http" and "REQUEST_METHOD" in os.environ
    proxy = os.environ.get("http_proxy", "") if is_from_client else _variable(f"{scheme}_proxy")
    proxy = proxy or _variable("all_proxy")
    if proxy or not SYSTEM_HAS_PROXIES:
        return proxy, _variable("no_proxy") if proxy else ""

    from urllib.request import getproxies

    proxies = getproxies()
    return proxies.get(scheme) or proxies.get("all", ""), proxies.get("no", "")


def _variable(name: str) -> str:
    return os.environ.get(name) or os.environ.get(name.upper(), "")


def _headers_from_environment() -> tuple[tuple[str, str], ...]:
    text = os.environ.get(HEADERS_VARIABLE)
    if not text:
        return ()

    try:
        headers = json.loads(text)
        if all(isinstance(value, str) for value in headers.values()):
            return _pairs(headers)
    except (ValueError, AttributeError):
        pass

    raise ConnectorError(
        message=f'{HEADERS_VARIABLE} must be a JSON object of texts, as in {{"X-Token": "..."}}',
        error_code=ErrorCode.CLIENT_CALL_ERROR,
    )


def _pairs(headers: Mapping[str, str] | httpx.Headers | None) -> tuple[tuple[str, str], ...]:
    return () if headers is None else tuple(sorted(headers.items()))
