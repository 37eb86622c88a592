"""The HTTP client, and proxies for a stretch of code."""

from typing import TYPE_CHECKING, Any

from connector._habits import give
from connector_sdk.http import AsyncClient, get_proxy_headers, get_proxy_url, proxy_settings

if TYPE_CHECKING:
    from connector._graphql import HTTPXAsyncTransport

__all__ = [
    "AsyncClient",
    "HTTPXAsyncTransport",
    "get_proxy_headers",
    "get_proxy_url",
    "proxy_settings",
]


class _Proxies:
    def will_rewrite_request(self) -> bool:
        """Tell whether `proxy_settings` sends requests through a proxy now."""
        return get_proxy_url() is not None


give(_Proxies, to=AsyncClient)

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is a mistake

    def __getattr__(name: str) -> Any:
        if name != "HTTPXAsyncTransport":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

        from connector._graphql import HTTPXAsyncTransport

        return HTTPXAsyncTransport
