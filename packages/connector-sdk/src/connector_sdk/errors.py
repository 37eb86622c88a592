"""What connector code raises, and how it becomes an error reply (contract, section 5).

Exception
└── ConnectorError         raised by connector code, with a code of the contract

ExceptionHandler           turns an exception into the reply; subclass it for an app's own
├── DefaultHandler         the reply as the defaults filled it
└── HTTPHandler            the code from the status of an HTTP response
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from pydantic import ValidationError

from connector_sdk.models.errors import Error, ErrorCode, ErrorResponse
from connector_sdk.redaction import format_traceback, redact
from connector_sdk.validation import describe

LONGEST_BODY = 800
"""Characters of an app's HTTP response that an error message quotes."""

CODE_BY_STATUS = {
    400: ErrorCode.BAD_REQUEST,
    401: ErrorCode.UNAUTHORIZED,
    403: ErrorCode.PERMISSION_DENIED,
    404: ErrorCode.NOT_FOUND,
    429: ErrorCode.RATE_LIMIT,
}
"""What the status of an app's HTTP response means; every other status is `api_error`."""

CODE_BY_HTTPX_ERROR = {
    "ConnectTimeout": ErrorCode.CONNECTION_TIMEOUT,
    "TimeoutException": ErrorCode.REQUEST_TIMEOUT,
    "ConnectError": ErrorCode.CONNECTION_REJECTED,
    "ProxyError": ErrorCode.CONNECTION_REJECTED,
    "NetworkError": ErrorCode.CONNECTION_CLOSED,
    "RemoteProtocolError": ErrorCode.CONNECTION_CLOSED,
}
"""Code by class name in httpx's exception tree; the nearest class of an exception decides.

By name, because an exception of httpx must be recognised without importing httpx.
"""

ENDS_A_CALL = (KeyboardInterrupt, SystemExit, asyncio.CancelledError, GeneratorExit)
"""What is no failure of a call but the end of it, and leaves `dispatch`.

GeneratorExit is how Python cancels a coroutine that no event loop runs any more.
"""

logger = logging.getLogger("connector_sdk")


class ConnectorError(Exception):
    """A failure that connector code understands and reports with a code of the contract.

    Parameters:
        message: what is wrong, for a person; `str(error)` is this text. No secret is needed in it,
            and those of the request are replaced before it leaves.
        error_code: what kind of failure it is, for the platform.
        app_error_code: the app's own code for it, such as `acme.seat_limit_reached`.
        status_code: the status of the app's HTTP response, if there was one.
    """

    def __init__(
        self,
        *,
        message: str,
        error_code: ErrorCode,
        app_error_code: str | None = None,
        status_code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = error_code
        self.app_error_code = app_error_code
        self.status_code = status_code


class ExceptionHandler:
    """Turns an exception of a capability into the error reply; subclass it and override `handle`.

    Handlers are declared with `Integration(exception_handlers=[(AcmeError, AcmeHandler, None)])`,
    and read like `except` clauses: the first entry whose type matches handles the exception.
    """

    @staticmethod
    def handle(
        e: Exception,  # noqa: ARG004 # for handlers that override this one
        original_func: Any,  # noqa: ARG004 # likewise
        response: ErrorResponse,
        error_code: ErrorCode | None = None,  # noqa: ARG004 # likewise
    ) -> ErrorResponse:
        """Return the reply for an exception.

        Parameters:
            e: the exception; of an exception group, its first leaf.
            original_func: the capability's function.
            response: the reply as the defaults filled it; change and return it, or return another.
            error_code: the code of the entry in `exception_handlers`. It becomes the reply's
                afterwards, unless `e` is a `ConnectorError`, which keeps its own.
        """
        return response


class DefaultHandler(ExceptionHandler):
    """Leaves the reply as the defaults filled it; for an entry that only sets an error code."""


class HTTPHandler(ExceptionHandler):
    """Takes message, status and code from the response of an `httpx.HTTPStatusError`."""

    @staticmethod
    def handle(
        e: Exception,
        original_func: Any,  # noqa: ARG004 # a handler's signature
        response: ErrorResponse,
        error_code: ErrorCode | None = None,  # noqa: ARG004 # likewise
    ) -> ErrorResponse:
        """Fill the reply from `e.response`; without one, leave it as the defaults filled it."""
        answer = getattr(e, "response", None)
        status = getattr(answer, "status_code", None)
        if answer is None or not isinstance(status, int):
            return response

        response.error.message = http_error_message(answer)
        response.error.status_code = int(status)
        response.error.error_code = CODE_BY_STATUS.get(status, ErrorCode.API_ERROR)
        return response


ErrorMap = Sequence[tuple[type[Exception], type[ExceptionHandler], ErrorCode | None]]
"""Entries of `exception_handlers`: exception type, handler, and the reply's code or None."""


def http_error_message(response: Any) -> str:
    """Return `[status][url without query] body` for an httpx response, the body cut."""
    request = getattr(response, "_request", None)
    url = (
        ""
        if request is None
        else str(request.url.copy_with(query=None, fragment=None, userinfo=b""))
    )
    try:
        body = response.text
    except Exception:  # noqa: BLE001 # a streamed body that was not read, or one that cannot be decoded
        body = ""

    return f"[{response.status_code}][{url}] {redact(body)[:LONGEST_BODY]}"


def handle_exception(
    exception_classes: ErrorMap,
    error: BaseException,
    func: Callable[..., Any],
    app_id: str,
) -> ErrorResponse:
    """Return the error reply for what a capability raised (contract, section 5).

    Parameters:
        exception_classes: the integration's `exception_handlers`.
        error: the exception; an exception group counts as its first leaf.
        func: the capability's function, for the reply's `raised_in`.
        app_id: the integration's app id.

    Returns:
        A reply in any case: a handler that fails is logged, and the defaults' reply stands.
    """
    error = first_leaf(error)
    try:
        handler, error_code = _matching_entry(exception_classes, error)
        reply = handler.handle(
            error,  # type: ignore[arg-type] # an exception that is no Exception meets no entry
            func,
            _default_reply(error, func, app_id),
            error_code,
        )
        if error_code is not None:
            reply.error.error_code = error_code

        if isinstance(error, ConnectorError):
            _keep_own_codes(error, reply.error)

        # What a handler has put into the reply must fit it, and be JSON.
        return ErrorResponse.model_validate_json(reply.model_dump_json(warnings="error"))
    except ENDS_A_CALL:
        raise
    except BaseException as failure:  # noqa: BLE001 # whatever goes wrong here, there is a reply
        # Not logger.exception: a host's handler may lack our filter, so the text is redacted here.
        logger.error(  # noqa: TRY400
            "an exception handler failed:\n%s", format_traceback(failure)
        )
        return _default_reply(error, func, app_id)


def raised_in(func: Callable[..., Any]) -> str:
    """Return `module:function` for a function, a partial or a callable object."""
    while isinstance(func, partial):
        func = func.func

    named: Any = func if hasattr(func, "__name__") else type(func)
    return f"{named.__module__}:{named.__name__}"


def first_leaf(error: BaseException) -> BaseException:
    """Return an exception itself, or the first one within an exception group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]

    return error


def _matching_entry(
    exception_classes: ErrorMap, error: BaseException
) -> tuple[type[ExceptionHandler], ErrorCode | None]:
    for exception_type, handler, error_code in exception_classes:
        if isinstance(error, exception_type):
            return handler, error_code

    is_http_status_error = any(cls.__name__ == "HTTPStatusError" for cls in _httpx_classes(error))
    return (HTTPHandler if is_http_status_error else DefaultHandler), None


def _default_reply(error: BaseException, func: Callable[..., Any], app_id: str) -> ErrorResponse:
    reply = ErrorResponse(
        is_error=True,
        error=Error(
            message=_message(error),
            error_code=_default_code(error),
            app_id=app_id,
            raised_by=type(error).__name__,
            raised_in=raised_in(func),
        ),
    )
    if isinstance(error, ConnectorError):
        _keep_own_codes(error, reply.error)

    return reply


def _keep_own_codes(error: ConnectorError, reply: Error) -> None:
    """Copy the codes that a ConnectorError has; odd values, which Python let it have, are not."""
    for field in ("error_code", "app_error_code", "status_code"):
        with suppress(AttributeError, ValidationError):
            value = getattr(error, field)
            if value is not None:
                setattr(reply, field, _writable(value) if isinstance(value, str) else value)


def _default_code(error: BaseException) -> ErrorCode:
    if isinstance(error, NotImplementedError):
        return ErrorCode.NOT_IMPLEMENTED

    for cls in _httpx_classes(error):
        if cls.__name__ in CODE_BY_HTTPX_ERROR:
            return CODE_BY_HTTPX_ERROR[cls.__name__]

    return ErrorCode.UNEXPECTED_ERROR


def _httpx_classes(error: BaseException) -> list[type]:
    return [cls for cls in type(error).__mro__ if str(cls.__module__).partition(".")[0] == "httpx"]


def _message(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        # Its own text quotes the data that did not fit.
        return f"data does not fit {error.title}: {describe(error, None)}"

    try:
        text = _writable(str(error))
    except Exception:  # noqa: BLE001 # an exception whose __str__ fails still gets a reply
        text = ""

    return text or type(error).__name__


def _writable(text: str) -> str:
    """Return a text that JSON can hold: parts that are no Unicode, as of a file name, escaped."""
    return text.encode(errors="backslashreplace").decode()
