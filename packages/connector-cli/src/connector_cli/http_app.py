"""The routes of a connector's HTTP server, as an ASGI application."""

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from connector_cli.hosting import Host
from connector_cli.http_door import Door, Refusal, request_id_of
from connector_sdk.extras import MissingExtraError
from connector_sdk.models import ErrorCode

try:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import JSONResponse, RedirectResponse, Response
    from starlette.routing import Route
except ModuleNotFoundError as error:
    raise MissingExtraError("server", error, distribution="connector-cli") from error

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PAGE = {
    "/docs": ("page.html", "text/html; charset=utf-8"),
    "/docs/page.css": ("page.css", "text/css; charset=utf-8"),
    "/docs/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
"""The page to try the connector on: path, file beside this module, media type."""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page loads nothing from elsewhere, and stands in no other page."""

UNREACHED = {
    404: "there is nothing here; POST /<capability>, GET /info, /docs, /openapi.json or /healthz",
    405: "the method is not allowed here; capabilities are called with POST",
}
"""What is said of a request that no route takes, by status."""


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """Whom a server answers, and what it reads."""

    hosts: frozenset[str]
    """Names that requests may have in `Host`; see `connector_cli.http_door.expected_hosts`."""

    token: str | None
    """Bearer token that requests must bring (RFC 6750, section 2.1), if any."""

    largest_body: int
    """Bytes of the largest body."""


def make_app(host: Host, options: HttpOptions) -> Door:
    """Return the application that answers for a host's integration."""
    calls = _Calls(host)

    async def info(request: Request) -> Response:
        reply = await host.answer("info", b"{}", request_id=request_id_of(request.scope))
        return Response(reply, media_type="application/json")

    async def openapi(_request: Request) -> Response:
        from connector_sdk.spec import integration_document

        return JSONResponse(integration_document(host.integration))

    routes = [
        Route("/", _to_docs),
        Route("/healthz", _healthz),
        Route("/openapi.json", openapi),
        Route("/info", info, methods=["GET"]),
        *(Route(path, _page) for path in PAGE),
        Route("/{capability}", calls, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _unreached})
    app.state.app_id = host.integration.app_id
    app.router.redirect_slashes = False
    return Door(
        _Shortcut(calls, app),
        app_id=host.integration.app_id,
        hosts=options.hosts,
        token=options.token,
        largest_body=options.largest_body,
        open_paths=frozenset({"/healthz", "/", *PAGE}),
    )


class _Calls:
    """Answers a call whose path is the capability's name; the door has read the body already."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        name = _one_segment(scope).replace("-", "_")
        body = (await receive())["body"] or b"{}"
        reply = (await self._host.answer(name, body, request_id=request_id_of(scope))).encode()
        headers = [
            (b"content-length", str(len(reply)).encode()),
            (b"content-type", b"application/json"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": reply})


class _Shortcut:
    """Hands calls on without starlette's routing, which takes 50 of the 110 us of a small call."""

    def __init__(self, calls: _Calls, app: "ASGIApp") -> None:
        self._calls = calls
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        is_call = scope["method"] == "POST" and _one_segment(scope)
        await (self._calls if is_call else self._app)(scope, receive, send)


def _one_segment(scope: "Scope") -> str:
    """Return a path of one segment without its slash; empty for any other path."""
    name: str = scope["path"][1:]
    return "" if "/" in name else name


async def _to_docs(_request: Request) -> Response:
    return RedirectResponse("/docs")


async def _healthz(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _page(request: Request) -> Response:
    name, media_type = PAGE[request.url.path]
    content = files(__package__).joinpath("page", name).read_bytes()
    headers = {"content-security-policy": CONTENT_POLICY, "x-content-type-options": "nosniff"}
    return Response(content, media_type=media_type, headers=headers)


async def _unreached(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = UNREACHED.get(error.status_code, error.detail)
    refusal = Refusal(error.status_code, message, ErrorCode.BAD_REQUEST)
    app_id = request.app.state.app_id
    return Response(
        refusal.reply(app_id),
        status_code=error.status_code,
        headers=error.headers,
        media_type="application/json",
    )
