"""Failed requests in words: which one, what happened, and what to do about it."""

import os
from ssl import SSLError

import httpx

from connector_sdk.http.proxies import THROUGH
from connector_sdk.http.retries import causes_of, is_certificate_fault
from connector_sdk.redaction import redact

LIMITS = {
    httpx.ConnectTimeout: ("connect", "no connection within {} s"),
    httpx.ReadTimeout: ("read", "no answer within {} s"),
    httpx.WriteTimeout: ("write", "nothing of the request was taken within {} s"),
    httpx.PoolTimeout: ("pool", "the host was busy with other requests for {} s"),
}
"""For each timeout of httpx, the limit that was passed, and what that means."""

UNREACHABLE = {
    "gaierror": "the host's name is not known",  # of `socket`, which need not be loaded for it
    "ConnectionRefusedError": "the connection was refused",
}
"""What it means that there is no connection, by the name of the operating system's error."""

ADVICE_ON_CERTIFICATES = (
    "the certificate is not trusted; a company's own authority is added with CONNECTOR_CA_FILE, "
    "those of the operating system with CONNECTOR_TRUST_STORE=system"
)


def place_of(request: httpx.Request) -> str:
    """Return a request as `GET https://api.example.com/users`: without query and credentials."""
    url = request.url.copy_with(query=None, fragment=None, userinfo=b"")
    return redact(f"{request.method} {url}")


def described(
    error: httpx.TransportError, request: httpx.Request, *, attempts: int
) -> httpx.TransportError:
    """Return an error of the same class that says which request failed, how, and how often.

    Parameters:
        error: what httpx raised; its own words are often empty.
        request: the request.
        attempts: how often it was sent.
    """
    proxy = request.extensions.get(THROUGH)
    way = f", through the proxy {proxy}" if proxy else ""
    times = "" if attempts == 1 else f", after {attempts} attempts"
    return type(error)(
        f"{place_of(request)}: {_what_happened(error, request)}{way}{times}", request=request
    )


def _what_happened(error: httpx.TransportError, request: httpx.Request) -> str:
    for cls, (limit, words) in LIMITS.items():
        if isinstance(error, cls):
            return words.format(request.extensions.get("timeout", {}).get(limit))

    if is_certificate_fault(error):
        return ADVICE_ON_CERTIFICATES

    if isinstance(error, httpx.ProxyError):
        return f"the proxy refused: {error}"

    if isinstance(error, httpx.LocalProtocolError):
        # Its words quote the header that is wrong, which may be a credential.
        return "the request is not valid HTTP, as with a line break in a header"

    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return "the connection broke off"

    if isinstance(error, httpx.ConnectError):
        return _why_unreachable(error) or redact(str(error))

    return redact(str(error)) or type(error).__name__


def _why_unreachable(error: BaseException) -> str | None:
    """Return what the operating system said, which the libraries between have reworded."""
    for cause in causes_of(error):
        known = UNREACHABLE.get(type(cause).__name__)
        if known:
            return known

        if isinstance(cause, OSError) and not isinstance(cause, SSLError) and cause.errno:
            return f"no connection: {os.strerror(cause.errno).lower()}"

    return None
