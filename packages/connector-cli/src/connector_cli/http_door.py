"""The door of the HTTP server: who comes in, how much may be carried, and the access log."""

import hmac
import ipaddress
import logging
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connector_cli.logs import ACCESS_LOGGER, request_id_from
from connector_cli.logs import request_id as current_request_id
from connector_sdk.models import Error, ErrorCode, ErrorResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANY_HOST = "*"
"""Stands for all names that a request can have in `Host`."""

ANY_ADDRESS = "address"
"""Stands for all IP addresses: a page that rebinds a name (DNS rebinding) has a name in `Host`."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

access = logging.getLogger(ACCESS_LOGGER)


class Refusal(Exception):
    """A request is not let in; it becomes an error reply with a status of its own.

    Parameters:
        status: the HTTP status.
        message: what is wrong, and what to do.
        error_code: what kind of failure it is.
        headers: more headers of the response.
    """

    def __init__(
        self,
        status: int,
        message: str,
        error_code: ErrorCode,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.headers = headers or {}

    def reply(self, app_id: str) -> str:
        """Return the error reply, for the connector with this app id."""
        return ErrorResponse(
            is_error=True,
            error=Error(
                message=str(self),
                status_code=self.status,
                error_code=self.error_code,
                app_id=app_id,
            ),
        ).model_dump_json(by_alias=True)


class _Gone(Exception):
    """The client hung up before it had sent its request."""


def expected_hosts(listens_on: str, allowed: Iterable[str]) -> frozenset[str]:
    """Return the names that requests may have in `Host`.

    Parameters:
        listens_on: the address or name that the server listens on. One that stands for all
            addresses of the machine lets any of them be used.
        allowed: names that the operator allows besides; `*` allows all.
    """
    hosts = {*LOOPBACK, listens_on.lower(), *(each.lower() for each in allowed)}
    if listens_on in ("0.0.0.0", "::", ""):  # noqa: S104 - it is compared, not listened on
        hosts.add(ANY_ADDRESS)

    return frozenset(hosts)


def request_id_of(scope: "Scope") -> str:
    """Return the id of a request that came through the door."""
    request_id: str = scope["state"]["request_id"]
    return request_id


class Door:
    """Stands before an ASGI application: lets a request in, or answers it with a refusal.

    Parameters:
        app: what is behind the door.
        app_id: the connector's, for refusals.
        hosts: what `expected_hosts` returned.
        token: bearer token that must be brought; None if none is asked for.
        largest_body: bytes of the largest body.
        open_paths: paths that need no token.
    """

    def __init__(
        self,
        app: "ASGIApp",
        *,
        app_id: str,
        hosts: frozenset[str],
        token: str | None,
        largest_body: int,
        open_paths: frozenset[str],
    ) -> None:
        self._app = app
        self._app_id = app_id
        self._hosts = hosts
        self._token = token
        self._largest_body = largest_body
        self._open_paths = open_paths

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request (ASGI 3.0, HTTP)."""
        if scope["type"] != "http":
            return

        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        request_id = request_id_from(headers.get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        current_request_id.set(request_id)
        status, started = 0, time.monotonic()

        async def send_with_id(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]

            await send(message)

        try:
            self._check_caller(scope["path"], headers)
            body = await self._read_body(headers, receive)
            await self._app(scope, _once(body, receive), send_with_id)
        except Refusal as refusal:
            await self._refuse(refusal, send_with_id)
        except _Gone:
            pass
        finally:
            milliseconds = round((time.monotonic() - started) * 1000)
            path = scope.get("raw_path", b"").decode("latin-1")
            access.info("%s %s %s %d ms", scope["method"], path, status or "-", milliseconds)

    def _check_caller(self, path: str, headers: Mapping[str, str]) -> None:
        """Refuse pages of other sites that use a browser of this machine, and who has no token."""
        host = headers.get("host", "")
        if not self._is_expected(host):
            raise Refusal(
                421,
                "this server does not answer for the name in Host; "
                "--allow-host NAME lets it answer for more names",
                ErrorCode.BAD_REQUEST,
            )

        origin = headers.get("origin")
        if origin is not None and _place_of(origin) != host.lower():
            raise Refusal(
                403, "pages of another origin are not answered", ErrorCode.PERMISSION_DENIED
            )

        if self._token is None or path in self._open_paths:
            return

        scheme, _, given = headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(self._token.encode(), given.strip().encode("latin-1"))
        if scheme.lower() != "bearer" or not right:
            raise Refusal(
                401,
                "the request must bring the server's token: Authorization: Bearer TOKEN",
                ErrorCode.UNAUTHORIZED,
                {"www-authenticate": "Bearer"},
            )

    def _is_expected(self, host: str) -> bool:
        name = _name_in(host)
        if ANY_HOST in self._hosts or name in self._hosts:
            return True

        return ANY_ADDRESS in self._hosts and _is_address(name)

    async def _read_body(self, headers: Mapping[str, str], receive: "Receive") -> bytes:
        """Return the whole body; of one that is too large nothing is kept.

        What a client still sends is read and dropped, up to the size of another body, since many
        read the answer only then; one that asks first (`Expect: 100-continue`) sends nothing.
        """
        announced = headers.get("content-length", "")
        too_large = announced.isdecimal() and int(announced) > self._largest_body
        if too_large and "100-continue" in headers.get("expect", "").lower():
            raise self._too_large()

        pieces: list[bytes] = []
        size = 0
        more = True
        while more and size <= 2 * self._largest_body:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone

            piece = message.get("body", b"")
            size += len(piece)
            more = message.get("more_body", False)
            if too_large or size > self._largest_body:
                too_large = True
                pieces.clear()
            else:
                pieces.append(piece)

        if too_large:
            raise self._too_large()

        return b"".join(pieces)

    def _too_large(self) -> Refusal:
        return Refusal(
            413,
            f"the body is larger than {self._largest_body} bytes; --max-body changes the limit",
            ErrorCode.BAD_REQUEST,
        )

    async def _refuse(self, refusal: Refusal, send: "Send") -> None:
        body = refusal.reply(self._app_id).encode()
        headers = {"content-type": "application/json", **refusal.headers}
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        encoded.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": refusal.status, "headers": encoded})
        await send({"type": "http.response.body", "body": body})


def _once(body: bytes, receive: "Receive") -> "Receive":
    """Return a `receive` that gives a body that was read already, and then what comes after it."""
    waiting: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> "Message":
        return waiting.pop() if waiting else await receive()

    return receive_again


def _place_of(origin: str) -> str:
    """Return the host and port of an `Origin` header; nothing, where it is no address."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


@lru_cache(maxsize=64)  # 7 us for each request of a client that always sends the same
def _name_in(host: str) -> str:
    """Return the name or address in a `Host` header, without the port and brackets."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False

    return True
