"""Receiving the provider's redirect on this machine, as a native app does (RFC 8252, 7.3)."""

import hmac
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"
"""The address, not the name `localhost`: only programs of this machine can connect to it."""

PATH = "/callback"

PAGE = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Connector login</title>"
    b"<p>The terminal has the provider's answer. You can close this page."
)
"""What the browser shows; it has nothing of the request in it."""

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": str(len(PAGE)),
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
"""Headers of the page; its own address has the code, which no other site is to learn."""


class RedirectListener:
    """Waits on the loopback interface for the redirect that answers one request.

    Use it in a `with` statement; it listens from the start.

    Parameters:
        port: the port; 0 takes a free one.
        state: the `state` that was sent. What comes without it is refused, and waited on.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, *, port: int, state: str) -> None:
        self._urls: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._server = ThreadingHTTPServer((HOST, port), _handler(state, self._urls))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def redirect_uri(self) -> str:
        """The URL to which the provider is to send the user."""
        return f"http://{HOST}:{self._server.server_port}{PATH}"

    def wait(self, seconds: float) -> str | None:
        """Return the whole URL of the redirect, or None when none comes in time."""
        try:
            return self._urls.get(timeout=seconds)
        except queue.Empty:
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(state: str, urls: "queue.SimpleQueue[str]") -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # seconds: a browser opens connections that it does not use
        server_version = sys_version = ""

        def do_GET(self) -> None:
            own_host = f"{HOST}:{self.server.server_port}"  # type: ignore[attr-defined] # an HTTPServer
            url = f"http://{own_host}{self.path}"
            # Another host in the request is a page that made a name of its own point here.
            if self.headers.get("Host") != own_host or not _answers(url, state):
                self.send_error(400)
                return

            self.send_response(200)
            for name, value in HEADERS.items():
                self.send_header(name, value)

            self.end_headers()
            self.wfile.write(PAGE)
            urls.put(url)

        def log_message(self, *_arguments: object) -> None:
            """Write no log: the request's line has the code."""

    return Handler


def _answers(url: str, state: str) -> bool:
    """Tell whether a URL is the redirect that is waited for, or the provider's own error."""
    parts = urlsplit(url)
    if parts.path != PATH:
        return False

    query = parse_qs(parts.query)
    if "error" in query and "state" not in query:
        return True

    return hmac.compare_digest(query.get("state", [""])[0].encode(), state.encode())
