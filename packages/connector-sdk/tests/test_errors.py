"""Errors (contract, section 5): what an exception of a capability becomes in the reply."""

import asyncio
import functools
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter
from pytest_cases import parametrize

from connector_sdk import (
    ConnectorError,
    DefaultHandler,
    ExceptionHandler,
    HTTPHandler,
    Integration,
)
from connector_sdk.models import (
    Error,
    ErrorCode,
    ErrorResponse,
    ListAccountsRequest,
    ListAccountsResponse,
    Page,
)

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]
Fail = Callable[..., dict[str, Any]]

URL = "https://user:pass@acme.example:8443/api/users?key=1#part"
SHOWN_URL = "https://acme.example:8443/api/users"


@pytest.fixture(scope="session")
def fail(declare: Declare, ask: Ask) -> Fail:
    """Return the reply to a call that raises an exception, with some handlers."""

    def failed(
        error: BaseException | Callable[[], Any], *entries: tuple[Any, Any, Any]
    ) -> dict[str, Any]:
        integration = declare(exception_handlers=list(entries))

        @integration.register_capability("list_accounts")
        async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
            if isinstance(error, BaseException):
                raise error
            await error()
            raise AssertionError("it should have raised")

        return ask(integration, "list_accounts", {"request": {}})

    return failed


def status_error(status: int, text: str = "", url: str = URL) -> httpx.HTTPStatusError:
    """Return what httpx raises for a response."""
    request = httpx.Request("GET", url)
    response = httpx.Response(status, request=request, text=text)
    return httpx.HTTPStatusError("httpx's own words", request=request, response=response)


# ConnectorError


def test_a_connector_error_is_reported_as_it_is(fail: Fail) -> None:
    """All it has is in the reply, with the class that was raised and the function it left."""
    error = ConnectorError(
        message="no such seat",
        error_code=ErrorCode.NOT_FOUND,
        app_error_code="acme.no_seat",
        status_code=HTTPStatus.NOT_FOUND,
    )

    assert "no such seat" == str(error)
    assert {
        "message": "no such seat",
        "status_code": 404,
        "app_error_code": "acme.no_seat",
        "error_code": "not_found",
        "app_id": "acme",
        "raised_by": "ConnectorError",
        "raised_in": f"{__name__}:list_accounts",
    } == fail(error)["error"]


@parametrize("code", list(ErrorCode))
def test_every_code_of_the_contract_can_be_raised(fail: Fail, code: ErrorCode) -> None:
    """By a subclass too, which names itself."""

    class SeatError(ConnectorError):
        """An error of the app's own."""

    error = fail(SeatError(message="x", error_code=code))["error"]

    assert (code.value, "SeatError") == (error["error_code"], error["raised_by"])


def test_a_connector_error_takes_its_arguments_by_name() -> None:
    """Nobody has to know their order."""
    with pytest.raises(TypeError):
        ConnectorError("x", ErrorCode.NOT_FOUND)  # type: ignore[call-arg]


class Raises:
    """Raises when it is called."""

    def __call__(self, args: ListAccountsRequest) -> ListAccountsResponse:
        """Raise."""
        raise ValueError("x")

    def method(self, args: ListAccountsRequest) -> ListAccountsResponse:
        """Raise."""
        raise ValueError("x")


@parametrize(
    "function, name",
    [
        (Raises(), "Raises"),
        (Raises().method, "method"),
        (functools.partial(Raises()), "Raises"),
        (functools.partial(functools.partial(Raises().method)), "method"),
    ],
    ids=["callable object", "method", "partial of an object", "partial of a partial"],
)
def test_raised_in_names_every_kind_of_function(
    declare: Declare, ask: Ask, function: Any, name: str
) -> None:
    """As `module:function`, or `module:class` of a callable object."""
    integration = declare()
    integration.register_capability("list_accounts")(function)

    reply = ask(integration, "list_accounts", {"request": {}})

    assert f"{__name__}:{name}" == reply["error"]["raised_in"]


# Handlers


class Base(Exception):
    """An exception of an app."""


class Derived(Base):
    """A more precise one."""


class End(BaseException):
    """An exception that is no Exception."""


def handler(word: str, **codes: Any) -> type[ExceptionHandler]:
    """Make a handler that says which one it is."""

    class Says(ExceptionHandler):
        @staticmethod
        def handle(
            e: Exception,
            original_func: Any,
            response: ErrorResponse,
            error_code: ErrorCode | None = None,
        ) -> ErrorResponse:
            response.error.message = f"{word}: {response.error.message} ({error_code})"
            for field, value in codes.items():
                setattr(response.error, field, value)
            return response

    return Says


BASE = (Base, handler("base"), ErrorCode.API_ERROR)
DERIVED = (Derived, handler("derived"), ErrorCode.NOT_FOUND)


@parametrize(
    "error, entries, message, code",
    [
        (Base("x"), [BASE, DERIVED], "base: x (ErrorCode.API_ERROR)", "api_error"),
        (Derived("x"), [BASE, DERIVED], "base: x (ErrorCode.API_ERROR)", "api_error"),
        (Derived("x"), [DERIVED, BASE], "derived: x (ErrorCode.NOT_FOUND)", "not_found"),
        (Base("x"), [DERIVED, BASE], "base: x (ErrorCode.API_ERROR)", "api_error"),
        (Base("x"), [DERIVED], "x", "unexpected_error"),
        (Derived("x"), [(Base, handler("base"), None)], "base: x (None)", "unexpected_error"),
        (Base("x"), [(Exception, DefaultHandler, ErrorCode.RATE_LIMIT)], "x", "rate_limit"),
        (Base("x"), [(Base, ExceptionHandler, ErrorCode.RATE_LIMIT)], "x", "rate_limit"),
    ],
    ids=["base", "derived by base", "derived", "base after derived", "none matches",
                      "no code", "by the default", "by the base class"],
)  # fmt: skip
def test_handlers_are_read_like_except_clauses(
    fail: Fail, error: Exception, entries: list[Any], message: str, code: str
) -> None:
    """The first entry that matches handles the exception, and gives its code."""
    reply = fail(error, *entries)

    assert (message, code) == (reply["error"]["message"], reply["error"]["error_code"])


def test_a_handler_gets_what_the_defaults_filled(fail: Fail) -> None:
    """With the exception, the function, and the code of its entry."""
    seen: list[Any] = []

    class Notes(ExceptionHandler):
        @staticmethod
        def handle(
            e: Exception,
            original_func: Any,
            response: ErrorResponse,
            error_code: ErrorCode | None = None,
        ) -> ErrorResponse:
            seen.extend([e, original_func.__name__, response.model_copy(deep=True), error_code])
            return response

    error = Base("x")
    fail(error, (Base, Notes, ErrorCode.API_ERROR))

    assert [error, "list_accounts"] == seen[:2]
    assert ErrorCode.API_ERROR is seen[3]
    assert (
        Error(
            message="x",
            error_code=ErrorCode.UNEXPECTED_ERROR,
            app_id="acme",
            raised_by="Base",
            raised_in=f"{__name__}:list_accounts",
        )
        == seen[2].error
    )


def test_a_handler_may_return_another_reply(fail: Fail) -> None:
    """With raw data and a page, if it wants to."""

    class Other(ExceptionHandler):
        @staticmethod
        def handle(
            e: Exception,
            original_func: Any,
            response: ErrorResponse,
            error_code: ErrorCode | None = None,
        ) -> ErrorResponse:
            return ErrorResponse(
                is_error=True,
                error=Error(message="other", error_code=ErrorCode.RATE_LIMIT, app_id="other"),
                raw_data={"a": 1},
                page=Page(token="t"),
            )

    assert {
        "is_error": True,
        "error": {
            "message": "other",
            "status_code": None,
            "app_error_code": None,
            "error_code": "rate_limit",
            "app_id": "other",
            "raised_by": None,
            "raised_in": None,
        },
        "raw_data": {"a": 1},
        "page": {"token": "t", "size": None},
    } == fail(Base("x"), (Base, Other, None))


def test_a_connector_error_keeps_its_own_codes(fail: Fail) -> None:
    """Whatever a handler or its entry says; what it has none of, the handler may give."""
    codes = handler("h", error_code=ErrorCode.API_ERROR, status_code=500, app_error_code="h")
    entry = (ConnectorError, codes, ErrorCode.RATE_LIMIT)
    full = ConnectorError(
        message="x", error_code=ErrorCode.NOT_FOUND, app_error_code="own", status_code=404
    )
    bare = ConnectorError(message="x", error_code=ErrorCode.NOT_FOUND)

    replies = [fail(full, entry)["error"], fail(bare, entry)["error"]]

    assert [("not_found", "own", 404), ("not_found", "h", 500)] == [
        (error["error_code"], error["app_error_code"], error["status_code"]) for error in replies
    ]
    assert "h: x (ErrorCode.RATE_LIMIT)" == replies[0]["message"]


@parametrize(
    "group",
    [
        ExceptionGroup("g", [Derived("first"), ValueError("second")]),
        ExceptionGroup("g", [ExceptionGroup("g", [Derived("first")]), Base("second")]),
        BaseExceptionGroup("g", [Derived("first"), End("second")]),
    ],
    ids=["flat", "nested", "base"],
)
def test_a_group_is_handled_as_its_first_leaf(fail: Fail, group: BaseException) -> None:
    """By that leaf's handler, with its message and class."""
    error = fail(group, DERIVED)["error"]

    assert ("derived: first (ErrorCode.NOT_FOUND)", "not_found", "Derived") == (
        error["message"],
        error["error_code"],
        error["raised_by"],
    )


def test_a_task_groups_failure_is_that_of_its_task(fail: Fail) -> None:
    """As when several calls to an app are made at once."""

    async def work() -> None:
        raise ConnectorError(message="no such seat", error_code=ErrorCode.NOT_FOUND)

    async def capability() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(work())

    assert "not_found" == fail(capability)["error"]["error_code"]


def raising(error: BaseException) -> Callable[..., Any]:
    """Return what raises."""

    def handle(*args: Any) -> Any:
        raise error

    return handle


def changing(field: str, value: Any) -> Callable[..., Any]:
    """Return what puts an unchecked value into the reply."""

    def handle(e: Any, func: Any, response: ErrorResponse, code: Any = None) -> Any:
        target = response if field == "raw_data" else response.error
        target.__dict__[field] = value
        return response

    return handle


FAILING: dict[str, Any] = {
    "raises": raising(RuntimeError("broken")),
    "raises no Exception": raising(End("broken")),
    "returns nothing": lambda *args: None,
    "returns a dictionary": lambda *args: {"is_error": True},
    "returns a text": lambda *args: "error",
    "takes too little": lambda e: e,
    "gives a message that is none": changing("message", 3),
    "gives a lone surrogate": changing("message", "\udcff"),
    "gives a code that is none": changing("error_code", "no such code"),
    "gives a status that is none": changing("status_code", "404"),
    "gives no app id": changing("app_id", None),
    "gives data that is no JSON": changing("raw_data", {"a": object()}),
    "gives data of another type": changing("raw_data", ["a"]),
    "is no method": None,
}
"""What a handler could do wrong."""


@parametrize("mistake", FAILING)
def test_a_handler_that_fails_still_gives_a_reply(
    fail: Fail, caplog: pytest.LogCaptureFixture, mistake: str
) -> None:
    """The defaults' reply stands, and the log says what is wrong with the handler."""
    failing = type("Failing", (), {"handle": staticmethod(FAILING[mistake])})

    error = fail(Base("x"), (Base, failing, None))["error"]

    assert ("x", "unexpected_error", "Base") == (
        error["message"],
        error["error_code"],
        error["raised_by"],
    )
    assert any("exception handler failed" in record.message for record in caplog.records)


@parametrize("end", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_a_handler_can_end_the_process(fail: Fail, end: type[BaseException]) -> None:
    """What passes through dispatch passes through a handler."""
    ending = type("Ending", (), {"handle": staticmethod(raising(end()))})

    with pytest.raises(end):
        fail(Base("x"), (Base, ending, None))


# HTTP

BY_STATUS = {
    400: "bad_request",
    401: "unauthorized",
    403: "permission_denied",
    404: "not_found",
    429: "rate_limit",
}
"""The statuses that have a code of their own."""


@parametrize(
    "entries", [[], [(httpx.HTTPStatusError, HTTPHandler, None)]], ids=["default", "entry"]
)
@parametrize("status", [*BY_STATUS, 301, 402, 405, 409, 418, 422, 500, 502, 503, 599])
def test_the_status_of_a_response_gives_the_code(
    fail: Fail, status: int, entries: list[Any]
) -> None:
    """Also without an entry; the message shows status, address and body."""
    error = fail(status_error(status, "no such user"), *entries)["error"]

    assert (BY_STATUS.get(status, "api_error"), status) == (
        error["error_code"],
        error["status_code"],
    )
    assert f"[{status}][{SHOWN_URL}] no such user" == error["message"]


def test_an_entry_gives_a_failed_call_its_own_code(fail: Fail) -> None:
    """The rest is as HTTPHandler fills it."""
    entry = (httpx.HTTPStatusError, HTTPHandler, ErrorCode.SERVICE_ERROR)
    error = fail(status_error(503), entry)["error"]

    assert ("service_error", 503) == (error["error_code"], error["status_code"])


def test_another_handler_of_a_failed_call_is_not_overruled(fail: Fail) -> None:
    """The automatic treatment is for exceptions that no entry matches."""
    error = fail(status_error(404), (httpx.HTTPError, DefaultHandler, None))["error"]

    assert ("unexpected_error", None, "httpx's own words") == (
        error["error_code"],
        error["status_code"],
        error["message"],
    )


def test_a_subclass_of_httpxs_error_is_one_too(fail: Fail) -> None:
    """A client of an app has errors of its own."""

    class AcmeStatusError(httpx.HTTPStatusError):
        """A failed call to Acme."""

    plain = status_error(401)
    error = AcmeStatusError("x", request=plain.request, response=plain.response)

    assert "unauthorized" == fail(error)["error"]["error_code"]


@parametrize("length", [799, 800, 801, 5000])
def test_a_body_is_cut_at_800_characters(fail: Fail, length: int) -> None:
    """Characters, not bytes."""
    message = fail(status_error(500, "ü" * length))["error"]["message"]

    assert f"[500][{SHOWN_URL}] {'ü' * min(length, 800)}" == message


BODIES: dict[str, tuple[bytes, str, str]] = {
    "latin-1": ("naïve".encode("latin-1"), "text/plain; charset=latin-1", "naïve"),
    "unknown charset": ("naïve".encode(), "text/plain; charset=nonsense", "naïve"),
    "not its charset": (b"\xff\xfe", "text/plain; charset=utf-8", "��"),
    "nothing": (b"", "text/plain", ""),
    "lines": (b"a\n\tb", "text/plain", "a\n\tb"),
}


@parametrize("body", BODIES)
def test_any_body_can_be_shown(fail: Fail, body: str) -> None:
    """Whatever an app sends, the message is text."""
    content, content_type, text = BODIES[body]
    request = httpx.Request("GET", URL)
    headers = {"content-type": content_type}
    response = httpx.Response(500, request=request, content=content, headers=headers)
    error = httpx.HTTPStatusError("x", request=request, response=response)

    assert f"[500][{SHOWN_URL}] {text}" == fail(error)["error"]["message"]


def test_a_response_without_its_request_has_no_address(fail: Fail) -> None:
    """As one that a test made."""
    response = httpx.Response(500, text="x")
    error = httpx.HTTPStatusError("x", request=httpx.Request("GET", URL), response=response)

    assert "[500][] x" == fail(error)["error"]["message"]


@parametrize(
    "error",
    [
        ValueError("x"),
        type("Odd", (Exception,), {"response": None})("x"),
        type("Odd", (Exception,), {"response": object()})("x"),
        type("Odd", (Exception,), {"response": property(lambda self: 1 / 0)})("x"),
        type("Odd", (Exception,), {"response": httpx.Response("500")})("x"),  # type: ignore[arg-type]
    ],
    ids=["no response", "none", "another", "failing", "a status in text"],
)
def test_http_handler_leaves_what_has_no_response(fail: Fail, error: Exception) -> None:
    """The reply is what the defaults filled."""
    reply = fail(error, (Exception, HTTPHandler, None))["error"]

    assert ("x", "unexpected_error", None) == (
        reply["message"],
        reply["error_code"],
        reply["status_code"],
    )


Serve = Callable[[socket.socket], None]


@contextmanager
def served(serve: Serve) -> Iterator[str]:
    """Serve one connection on the loopback interface, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/users?key=1"
        thread.join(timeout=60)


def answer_in_part(connection: socket.socket) -> None:
    """Send a status and half of the body."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nhalf")


def hang_up(connection: socket.socket) -> None:
    """Close the connection without an answer."""
    connection.recv(65536)


def answer_nonsense(connection: socket.socket) -> None:
    """Send what is no HTTP."""
    connection.recv(65536)
    connection.sendall(b"ERROR 500\r\n\r\n")


def say_nothing(connection: socket.socket) -> None:
    """Keep the connection until the client gives up."""
    while connection.recv(65536):
        pass


def test_a_stream_that_was_not_read_is_not_read_now(fail: Fail) -> None:
    """The response is there, its body is not: the message shows the status all the same."""

    async def call(url: str) -> None:
        async with httpx.AsyncClient() as client, client.stream("GET", url) as response:
            response.raise_for_status()

    with served(answer_in_part) as url:
        error = fail(functools.partial(call, url))["error"]

    assert ("permission_denied", 403) == (error["error_code"], error["status_code"])
    assert f"[403][{url.partition('?')[0]}] " == error["message"]


async def get(url: str, **options: Any) -> None:
    """Call an app."""
    async with httpx.AsyncClient(trust_env=False, **options) as client:
        (await client.get(url)).raise_for_status()


@parametrize(
    "serve, code, raised_by",
    [
        (hang_up, "connection_closed", "RemoteProtocolError"),
        (answer_in_part, "connection_closed", "RemoteProtocolError"),
        (answer_nonsense, "connection_closed", "RemoteProtocolError"),
    ],
    ids=["hangs up", "stops in the middle", "speaks no HTTP"],
)
def test_a_real_failure_has_its_code(fail: Fail, serve: Serve, code: str, raised_by: str) -> None:
    """As httpx raises it for what a server does."""
    with served(serve) as url:
        error = fail(functools.partial(get, url))["error"]

    assert (code, raised_by) == (error["error_code"], error["raised_by"])


def test_a_real_timeout_has_its_code(fail: Fail) -> None:
    """A server that says nothing costs no more than the client's patience."""
    with served(say_nothing) as url:
        error = fail(functools.partial(get, url, timeout=httpx.Timeout(60, read=0.01)))["error"]

    assert ("request_timeout", "ReadTimeout") == (error["error_code"], error["raised_by"])


def test_a_refused_connection_has_its_code(fail: Fail) -> None:
    """Nobody listens at the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    error = fail(functools.partial(get, f"http://127.0.0.1:{port}/"))["error"]

    assert ("connection_rejected", "ConnectError") == (error["error_code"], error["raised_by"])


BY_CLASS = {
    "ConnectTimeout": "connection_timeout",
    "ReadTimeout": "request_timeout",
    "WriteTimeout": "request_timeout",
    "PoolTimeout": "request_timeout",
    "TimeoutException": "request_timeout",
    "ConnectError": "connection_rejected",
    "ProxyError": "connection_rejected",
    "ReadError": "connection_closed",
    "WriteError": "connection_closed",
    "CloseError": "connection_closed",
    "NetworkError": "connection_closed",
    "RemoteProtocolError": "connection_closed",
}
"""The codes of httpx's exceptions; all others are unexpected."""


@parametrize(
    "name",
    [name for name in httpx.__all__ if name.endswith(("Error", "Timeout", "Exception"))
     and issubclass(getattr(httpx, name), httpx.RequestError)],
)  # fmt: skip
def test_every_exception_of_httpx_has_its_code(fail: Fail, name: str) -> None:
    """So has a subclass of it that an app's client defines."""
    plain = getattr(httpx, name)
    derived = type("AcmeError", (plain,), {})

    codes = [fail(error("x"))["error"]["error_code"] for error in (plain, derived)]

    assert [BY_CLASS.get(name, "unexpected_error")] * 2 == codes


# The defaults


@parametrize(
    "error, code",
    [
        (NotImplementedError("x"), "not_implemented"),
        (ValueError("x"), "unexpected_error"),
        (TimeoutError("x"), "unexpected_error"),
        (ConnectionRefusedError("x"), "unexpected_error"),
        (type("HTTPStatusError", (Exception,), {})("x"), "unexpected_error"),
        (type("ConnectTimeout", (Exception,), {})("x"), "unexpected_error"),
    ],
    ids=["not implemented", "value", "timeout", "refused", "another status", "another timeout"],
)
def test_an_exception_that_nothing_matches(fail: Fail, error: Exception, code: str) -> None:
    """Most are unexpected; httpx's are known by their module, not by their name alone."""
    reply = fail(error)["error"]

    assert ("x", code, type(error).__name__) == (
        reply["message"],
        reply["error_code"],
        reply["raised_by"],
    )


def without_init() -> ConnectorError:
    """Return a ConnectorError that lacks everything."""

    class Bare(ConnectorError):
        def __init__(self) -> None:
            Exception.__init__(self, "x")

    return Bare()


def with_codes(**codes: Any) -> ConnectorError:
    """Return a ConnectorError whose attributes are not what they should be."""
    error = ConnectorError(message="x", error_code=ErrorCode.NOT_FOUND)
    vars(error).update(codes)
    return error


def syntax_error() -> SyntaxError:
    """Return a SyntaxError that traceback trips over."""
    error = SyntaxError("x", ("file", 1, 1, "text"))
    error.text = 3  # type: ignore[assignment] # it is the odd attribute
    return error


def noted() -> Exception:
    """Return an exception whose notes are none."""
    error = ValueError("x")
    error.__notes__ = 3  # type: ignore[assignment] # it is the odd attribute
    return error


class FailingText(Exception):
    """An exception that cannot be written."""

    def __str__(self) -> str:
        """Fail."""
        raise RuntimeError("broken")

    __repr__ = __str__


class OddText(Exception):
    """An exception whose text is a subclass of str."""

    def __str__(self) -> str:
        """Return an odd text."""
        return type("Text", (str,), {})("x")  # type: ignore[no-any-return]


ODD: dict[str, tuple[Callable[[], BaseException], str]] = {
    "code": (lambda: type("Odd", (Exception,), {"code": "x", "status_code": "y"})("x"), "x"),
    "no text": (ValueError, "ValueError"),
    "empty text": (lambda: ValueError(""), "ValueError"),
    "failing text": (FailingText, "FailingText"),
    "odd text": (OddText, "x"),
    "a lone surrogate": (lambda: ValueError("file \udcff"), "file \\udcff"),
    "many lines": (lambda: ValueError("a\nb\u2028c"), "a\nb\u2028c"),
    "bytes": (lambda: ValueError(b"x"), "b'x'"),
    "no module": (lambda: type("Odd", (Exception,), {"__module__": None})("x"), "x"),
    "nothing of a ConnectorError": (without_init, "x"),
    "odd error code": (lambda: with_codes(error_code="no such code"), "x"),
    "odd app error code": (lambda: with_codes(app_error_code=3), "x"),
    "odd status": (lambda: with_codes(status_code="404"), "x"),
    "odd syntax error": (syntax_error, "x"),
    "odd notes": (noted, "x"),
    "a long text": (lambda: ValueError("x" * 10_000), "x" * 10_000),
}
"""Exceptions that are hard to report, and the message."""


@parametrize("oddity", ODD)
def test_an_odd_exception_still_gives_a_reply(fail: Fail, oddity: str) -> None:
    """With and without a handler."""
    make, message = ODD[oddity]

    replies = [fail(make())["error"], fail(make(), (Exception, HTTPHandler, None))["error"]]

    for reply in replies:
        assert message in reply["message"].replace("<no detail available>", message)
        assert reply["error_code"] in {"unexpected_error", "not_found"}
        assert reply["app_error_code"] is None
        assert reply["status_code"] is None


def test_an_app_error_code_is_written_as_far_as_it_can_be(fail: Fail) -> None:
    """What is no Unicode is escaped."""
    assert "no \\udcff" == fail(with_codes(app_error_code="no \udcff"))["error"]["app_error_code"]


@given(st.text(), st.sampled_from([ValueError, KeyError, OSError, NotImplementedError, Base]))
@settings(max_examples=40, deadline=None)
def test_any_text_can_be_a_message(fail: Fail, text: str, error: type[Exception]) -> None:
    """The reply is valid, and the message is the exception's text."""
    reply = fail(error(text))

    ErrorResponse.model_validate(reply)
    if error is not KeyError and text.isprintable():
        assert (text or error.__name__) == reply["error"]["message"]


class User(BaseModel):
    """What an app sends."""

    id: int
    manager: "User | None" = None
    tags: dict[str, int] = {}


def test_data_that_does_not_fit_is_named_without_its_values(fail: Fail) -> None:
    """The library's own words would quote them."""

    async def read() -> None:
        User.model_validate({"id": "SECRET-1", "tags": {"SECRET-2": "SECRET-3"}})

    error = fail(read)["error"]

    assert error["message"].startswith("data does not fit User: id: Input should be a valid int")
    assert "; tags: Input should be a valid int" in error["message"]
    assert "SECRET" not in json.dumps(error)
    assert ("unexpected_error", "ValidationError") == (error["error_code"], error["raised_by"])


def test_data_that_is_no_model_is_named_without_its_values(fail: Fail) -> None:
    """Neither."""

    async def read() -> None:
        TypeAdapter(list[int]).validate_json('["SECRET"]')

    message = fail(read)["error"]["message"]

    assert message.startswith("data does not fit list[int]: 0: Input should be a valid int")
    assert "SECRET" not in message


def test_an_unexpected_error_is_logged_once(fail: Fail, caplog: pytest.LogCaptureFixture) -> None:
    """With its traceback, for whoever runs the connector; an understood one is not."""
    caplog.set_level(logging.INFO, logger="connector_sdk")

    fail(ConnectorError(message="x", error_code=ErrorCode.NOT_FOUND))
    assert [] == caplog.records

    fail(ValueError("boom"))
    (record,) = caplog.records
    assert ("connector_sdk", logging.ERROR) == (record.name, record.levelno)
    assert record.message.startswith("list_accounts failed:\nTraceback")
    assert record.message.endswith("ValueError: boom")
