"""The predecessor's proxy, which only its vendor's own services could use: here for its imports."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, NoReturn

from pydantic import BaseModel, Field

from connector._explanations import GoneError

__all__ = ["ProxyToken", "get_proxy_token_async", "get_proxy_token_sync", "get_proxy_url"]

INSTEAD = (
    "it reached the hosts of one vendor; set HTTPS_PROXY, or name a proxy for a stretch of code "
    "with connector_sdk.http.proxy_settings(proxy_url=…, proxy_headers=…)"
)


class ProxyToken(BaseModel):
    """A token for the proxy; nothing makes one."""

    token: str
    expire_at: datetime = Field(default_factory=partial(datetime.now, UTC))


def get_proxy_token_sync(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.get_proxy_token_sync", INSTEAD)


async def get_proxy_token_async(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.get_proxy_token_async", INSTEAD)


def get_proxy_url(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Say what to use instead."""
    raise GoneError(f"{__name__}.get_proxy_url", INSTEAD)
