"""A provider that answers as a test wants it to, and calls of an integration that uses it."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connector_oauth import OAuthSettings
from connector_sdk import DescriptionData, Integration
from connector_sdk.models import AppCategory


@dataclass(frozen=True)
class Received:
    """A request as the provider received it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        """The body read as a form."""
        return dict(parse_qsl(self.body, keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


Answer = Callable[[BaseHTTPRequestHandler], None]


def not_found(handler: BaseHTTPRequestHandler) -> None:
    """Answer that there is nothing."""
    handler.send_error(404)


@dataclass
class Provider:
    """An HTTP server on the loopback interface; what it was not told to answer is 404."""

    url: str
    requests: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def token_url(self) -> str:
        """Where the tests have the token endpoint."""
        return f"{self.url}/token"

    def reply(
        self,
        path: str,
        document: Any = None,
        *,
        status: int = 200,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer requests for a path with a JSON document, or with a body as it is."""
        content = json.dumps(document).encode() if document is not None else body
        all_headers = {"Content-Type": "application/json", **(headers or {})}

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **all_headers}.items():
                handler.send_header(name, value)

            handler.end_headers()
            handler.wfile.write(content)

        self.answers[path] = answer

    def echo(self, path: str) -> None:
        """Refuse requests for a path with their own bodies."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(401)
            handler.end_headers()
            handler.wfile.write(self.requests[-1].body.encode())

        self.answers[path] = answer

    def drop(self, path: str) -> None:
        """Close the connection instead of answering requests for a path."""
        self.answers[path] = lambda _handler: None

    def stall(self, path: str) -> None:
        """Begin an answer to requests for a path, and never end it."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b'{"access_')
            handler.wfile.flush()
            self.closing.wait()

        self.answers[path] = answer

    def pour(self, path: str, *, status: int = 200) -> None:
        """Answer requests for a path with a body that has no end."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.end_headers()
            while not self.closing.is_set():
                handler.wfile.write(b" " * 65536)

        self.answers[path] = answer


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider of this test's own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            served.requests.append(
                Received(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query, keep_blank_values=True)),
                    headers,
                    self.rfile.read(length).decode(),
                )
            )
            answer: Answer = served.answers.get(parts.path, not_found)
            try:
                answer(self)
            except OSError:  # the client has gone, as it should from an endless answer
                self.close_connection = True

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served

    served.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def integration_of() -> Callable[..., Integration]:
    """Make an integration with these OAuth settings."""

    def make(settings: OAuthSettings, **options: Any) -> Integration:
        return Integration(
            app_id="acme",
            version="1.0.0",
            exception_handlers=[],
            description_data=DescriptionData(
                user_friendly_name="Acme", categories=[AppCategory.INTERNAL]
            ),
            oauth_settings=settings,
            **options,
        )

    return make


@pytest.fixture(scope="session")
def call(integration_of: Callable[..., Integration]) -> Callable[..., Any]:
    """Call a capability of an integration, or of one with these settings; the reply as JSON."""

    def dispatch(
        target: OAuthSettings | Integration, capability: str, payload: Any, **envelope: Any
    ) -> Any:
        integration = target if isinstance(target, Integration) else integration_of(target)
        request = json.dumps({"request": payload, **envelope})
        return json.loads(asyncio.run(integration.dispatch(capability, request)))

    return dispatch
