"""The HTTP client of the SDK: `BaseIntegrationClient` for a connector, and what goes with it.

It needs the extra `http`. Names are imported on their first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connector_sdk.extras import MissingExtraError

if TYPE_CHECKING:
    from connector_sdk.http.auth import BearerAuth
    from connector_sdk.http.client import AsyncClient, BaseIntegrationClient
    from connector_sdk.http.fan_out import collect
    from connector_sdk.http.graphql import GraphQL, GraphQLConnection
    from connector_sdk.http.limits import Timeouts
    from connector_sdk.http.observation import Exchange, Observer
    from connector_sdk.http.page_styles import (
        CursorPages,
        LinkPages,
        NextUrlPages,
        NumberedPages,
        OffsetPages,
        OnePage,
    )
    from connector_sdk.http.paging import (
        Batch,
        Endpoint,
        ItemPage,
        PageSource,
        all_items,
        read_page,
    )
    from connector_sdk.http.paths import url_path
    from connector_sdk.http.proxies import get_proxy_headers, get_proxy_url, proxy_settings
    from connector_sdk.http.rate_limits import RateLimit, RateLimitedError
    from connector_sdk.http.responses import (
        InvalidResponseError,
        Response,
        create_client_response,
        invalid_response,
    )
    from connector_sdk.http.retries import NO_RETRIES, Retries
    from connector_sdk.http.tls import Tls

_MODULE_OF = {
    "NO_RETRIES": "retries",
    "AsyncClient": "client",
    "BaseIntegrationClient": "client",
    "Batch": "paging",
    "BearerAuth": "auth",
    "CursorPages": "page_styles",
    "Endpoint": "paging",
    "Exchange": "observation",
    "GraphQL": "graphql",
    "GraphQLConnection": "graphql",
    "InvalidResponseError": "responses",
    "ItemPage": "paging",
    "LinkPages": "page_styles",
    "NextUrlPages": "page_styles",
    "NumberedPages": "page_styles",
    "Observer": "observation",
    "OffsetPages": "page_styles",
    "OnePage": "page_styles",
    "PageSource": "paging",
    "RateLimit": "rate_limits",
    "RateLimitedError": "rate_limits",
    "Response": "responses",
    "Retries": "retries",
    "Timeouts": "limits",
    "Tls": "tls",
    "all_items": "paging",
    "collect": "fan_out",
    "create_client_response": "responses",
    "get_proxy_headers": "proxies",
    "get_proxy_url": "proxies",
    "invalid_response": "responses",
    "proxy_settings": "proxies",
    "read_page": "paging",
    "url_path": "paths",
}
"""The submodule that defines each public name."""

__all__ = [
    "NO_RETRIES",
    "AsyncClient",
    "BaseIntegrationClient",
    "Batch",
    "BearerAuth",
    "CursorPages",
    "Endpoint",
    "Exchange",
    "GraphQL",
    "GraphQLConnection",
    "InvalidResponseError",
    "ItemPage",
    "LinkPages",
    "NextUrlPages",
    "NumberedPages",
    "Observer",
    "OffsetPages",
    "OnePage",
    "PageSource",
    "RateLimit",
    "RateLimitedError",
    "Response",
    "Retries",
    "Timeouts",
    "Tls",
    "all_items",
    "collect",
    "create_client_response",
    "get_proxy_headers",
    "get_proxy_url",
    "invalid_response",
    "proxy_settings",
    "read_page",
    "url_path",
]

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is a mistake

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

        try:
            value = getattr(import_module(f"{__name__}.{module}"), name)
        except ModuleNotFoundError as error:
            if error.name != "httpx":
                raise

            raise MissingExtraError("http", error) from None

        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
