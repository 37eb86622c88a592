"""URLs of a provider: which ones secrets may be sent to, and adding parameters to them."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import quote, urlencode, urlsplit, urlunsplit


def endpoint_fault(url: object) -> str | None:
    """Say what keeps a URL from being an endpoint of a provider, or return None.

    An endpoint is absolute, has no fragment (RFC 6749, sections 3.1 and 3.2) and no user name, and
    uses TLS. Plain HTTP is left to the loopback interface, where nobody can listen in: it is for
    tests and development, and there is no switch that widens it.
    """
    if not isinstance(url, str):
        return f"it is no text but {type(url).__name__}"

    # urlsplit drops or misplaces these, and would check another URL than the one that is called.
    if any(character <= " " or character in "\x7f\\" for character in url):
        return "it has a space, a control character or a backslash"

    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"it cannot be read: {error}"

    if parts.scheme not in ("https", "http") or not host:
        return "it is not absolute, as https://auth.example.com/token is"

    if "#" in url:
        return "it has a fragment, the part after #"

    if "@" in parts.netloc:
        return "it has a user name or password before its host"

    if parts.scheme == "http" and not _is_loopback(host):
        return "it is not https, and its host is not this machine"

    return None


def issuer_fault(url: object) -> str | None:
    """Say what keeps a URL from being an issuer identifier (RFC 8414, section 2), or None."""
    fault = endpoint_fault(url)
    if fault is None and "?" in str(url):
        return "it has a query, and an issuer has none"

    return fault


def add_to_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return `url` with parameters at the end of its query, encoded by RFC 3986.

    The query that the URL has already stays as it is, byte for byte.
    """
    parts = urlsplit(url)
    added = urlencode(parameters, quote_via=quote, safe="")
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def without_query(url: str) -> str:
    """Return a URL without its query, which may hold secrets, for messages and keys."""
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
