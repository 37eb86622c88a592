"""Redirects: what was meant for one host is not shown to another.

httpx takes only `Authorization` away from a request that is redirected to another origin. An API
key in a header of its own would go along.
"""

import httpx

ORIGIN = "connector_sdk.origin"
"""Extension of a request: where its author sent it. Redirects hand it on."""

TRAVELLING_HEADERS = frozenset(
    {
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-encoding",
        "content-language",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "user-agent",
    }
)
"""Headers that say nothing about who asks."""

Origin = tuple[str, str, int | None]
"""Scheme, host and port."""


def origin_of(url: httpx.URL) -> Origin:
    """Return the origin of a URL (RFC 6454)."""
    return url.scheme, url.host, url.port


def keep_headers_at_home(request: httpx.Request) -> None:
    """Take all headers that could be credentials from a request that was redirected elsewhere.

    A redirect from `http` to `https` on the same host is none.
    """
    home: Origin | None = request.extensions.get(ORIGIN)
    if home is None or home == origin_of(request.url) or _is_upgrade(home, request.url):
        return

    for name in [name for name in request.headers if name.lower() not in TRAVELLING_HEADERS]:
        del request.headers[name]


def _is_upgrade(home: Origin, url: httpx.URL) -> bool:
    return home == ("http", url.host, None) and origin_of(url) == ("https", url.host, None)
