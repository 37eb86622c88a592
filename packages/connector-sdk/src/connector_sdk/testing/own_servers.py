"""Which servers of the test kit are running: a request to one of them stays in this process."""

import httpx

HOST = "127.0.0.1"
"""Where they listen."""

_ports: set[int] = set()


def opened(port: int) -> None:
    """Note that a server of the kit listens."""
    _ports.add(port)


def closed(port: int) -> None:
    """Note that it does so no longer."""
    _ports.discard(port)


def is_own(url: httpx.URL) -> bool:
    """Tell whether a URL is of a server of the kit that is running."""
    return url.host == HOST and url.port in _ports
