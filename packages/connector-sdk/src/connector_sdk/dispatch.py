"""One call: JSON text in, JSON text out, in one direction (contract, section 4).

    parse → check → run → serialise

Models are read and written by their validators and serializers, as pydantic's TypeAdapter does:
`model_validate_json` and `model_dump_json` cost another 1.1 µs of the 14 µs of a small call.

Each step either goes on or raises `_Refused`, which carries what the reply says. Nothing but
`KeyboardInterrupt`, `SystemExit` and cancellation leaves `dispatch`.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from connector_sdk.budget import begin_budget
from connector_sdk.capability import Capability
from connector_sdk.connection import (
    ConnectionFault,
    check_connection,
    put_input_models,
    read_input_models,
)
from connector_sdk.declaration import Declaration, EmptySettings
from connector_sdk.errors import ENDS_A_CALL, first_leaf, handle_exception, raised_in
from connector_sdk.info import make_info
from connector_sdk.models.base import WireModel
from connector_sdk.models.errors import Error, ErrorCode, ErrorResponse
from connector_sdk.models.info import InfoResponse
from connector_sdk.redaction import (
    CallSecrets,
    begin_call,
    end_call,
    format_traceback,
    redact,
    redact_values,
)
from connector_sdk.request import begin_request, end_request, read_settings
from connector_sdk.standard import STANDARD_CAPABILITIES
from connector_sdk.threads import call_in_thread
from connector_sdk.validation import describe

MOST_VALUES = 1_000_000
"""JSON values and keys that a request may have. No other limit holds down what a body of 20 MB can
become: ten million elements of a list, each reported as wrong, are 4 GB."""

_BEFORE_A_VALUE = (b",", b":", b"[")
"""What stands in JSON before each value but the outermost, and before each key but the first."""

_TEXT_IN_JSON = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)

_JSON_TEXT = (str, bytes, bytearray)
"""What a request can be given as. Written `str | bytes | bytearray`, it is made anew each time."""

logger = logging.getLogger("connector_sdk")


class _Refused(Exception):
    """A call ends without a result, with what its error reply says."""

    def __init__(self, error_code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.error_code = error_code


async def dispatch(declaration: Declaration, name: str, request_json: str | bytes) -> str:
    """Answer one request.

    Parameters:
        declaration: the integration.
        name: the capability's name, with underscores.
        request_json: the request, as JSON text.

    Returns:
        The reply as one line of JSON: of success, or an error reply.

    Raises:
        NotImplementedError: there is no such capability, and errors are not handled.
        Exception: whatever the capability raised, when errors are not handled.
    """
    capability = _info(declaration) if name == "info" else declaration.capabilities.get(name)
    if capability is None:
        return _not_implemented(declaration, name)

    # Before anything could look for secrets in it, which is to read it, too.
    if _has_too_many_values(request_json):
        too_many = _Refused(
            ErrorCode.BAD_REQUEST, f"the request has more than {MOST_VALUES} values"
        )
        return _error_text(_refusal(declaration, too_many, capability))

    secrets = begin_call(CallSecrets(request_json, _models(declaration, capability)))
    try:
        return await _answer(declaration, capability, request_json)
    except ENDS_A_CALL:
        raise
    except _Refused as refusal:
        return _error_text(_refusal(declaration, refusal, capability))
    except BaseException as error:
        leaving = _leaving(error)
        if leaving is not None:
            raise leaving from error

        if not declaration.handle_errors:
            raise

        return _error_text(_failure(declaration, capability, error))
    finally:
        end_call(secrets)


async def _answer(declaration: Declaration, capability: Capability, text: str | bytes) -> str:
    args = _read_request(declaration, capability, text)
    settings = _read_connection(declaration, capability, args)
    token = begin_request(args, settings)
    try:
        with begin_budget():
            if capability.is_async:
                reply = await capability.function(args)
            else:
                reply = await _run_in_thread(capability, args)

    finally:
        end_request(token)

    return _write_reply(capability, reply)


def _read_request(declaration: Declaration, capability: Capability, text: str | bytes) -> BaseModel:
    """Parse and validate the request in one pass (rows 2, 4, 5 and 7)."""
    if not isinstance(text, _JSON_TEXT):
        raise _Refused(ErrorCode.BAD_REQUEST, "the request must be JSON text")

    model = capability.request_model
    read: Callable[[str | bytes], BaseModel] = model.__pydantic_validator__.validate_json
    try:
        if not capability.takes_credentials:
            return read(text)

        if declaration.credentials and "credentials" in model.model_fields:
            text, own = read_input_models(declaration, text)
            args = read(text)
            put_input_models(args, own)
        else:
            args = read(text)
    except ConnectionFault as fault:
        raise _Refused(ErrorCode.BAD_REQUEST, str(fault)) from None
    except ValidationError as error:
        raise _Refused(ErrorCode.BAD_REQUEST, _unfit_request(error, model)) from None

    return args


def _has_too_many_values(text: Any) -> bool:
    if not isinstance(text, _JSON_TEXT) or len(text) < MOST_VALUES:
        return False

    data = text.encode(errors="replace") if isinstance(text, str) else text
    return (
        _values_in(data) >= MOST_VALUES and _values_in(_TEXT_IN_JSON.sub(b"", data)) >= MOST_VALUES
    )


def _values_in(data: bytes | bytearray) -> int:
    return sum(map(data.count, _BEFORE_A_VALUE))


def _unfit_request(error: ValidationError, model: type[BaseModel]) -> str:
    first = (
        error.errors(include_url=False, include_input=False)[0]
        if error.error_count() == 1
        else None
    )
    if first is None or first["loc"]:
        return describe(error, model)

    if first["type"] == "json_invalid":
        return f"the request is not JSON: {first['msg'].removeprefix('Invalid JSON: ')}"

    if first["type"] == "string_unicode":
        return "the request is not JSON: it is not valid Unicode"

    if first["type"] == "model_type":
        return "the request is JSON, but not an object"

    return describe(error, model)


def _read_connection(declaration: Declaration, capability: Capability, args: Any) -> BaseModel:
    """Check the credentials (rows 3 to 6) and read the settings (row 8); tell what both lack."""
    faults = []
    settings: BaseModel = _NO_SETTINGS
    if capability.takes_credentials:
        try:
            check_connection(declaration, args)
        except ConnectionFault as fault:
            faults.append(str(fault))

    model = declaration.settings_model
    if model is not EmptySettings and capability.takes_settings:
        try:
            settings = read_settings(args.settings, model)
        except ValidationError as error:
            faults.append(describe(error, model, inside="settings"))

    if faults:
        raise _Refused(ErrorCode.BAD_REQUEST, "; ".join(faults))

    return settings


_NO_SETTINGS = EmptySettings()
"""Stands for the settings of every integration that has none: it holds nothing of any tenant."""


async def _run_in_thread(capability: Capability, args: BaseModel) -> Any:
    reply = await call_in_thread(capability.function, args, name=capability.name)
    return await reply if isinstance(reply, Awaitable) else reply


def _write_reply(capability: Capability, reply: Any) -> str:
    """Serialise what the capability returned, once (row 9)."""
    if not isinstance(reply, capability.response_model):
        raise _Refused(
            ErrorCode.INTERNAL_ERROR,
            f"{raised_in(capability.function)} must return {capability.response_model.__name__}; "
            f"it returned {type(reply).__name__}",
        )

    if not hasattr(reply, "response"):  # `model_construct` checks nothing
        raise _Refused(
            ErrorCode.INTERNAL_ERROR,
            f"{raised_in(capability.function)} returned a {type(reply).__name__} without response",
        )

    try:
        data: bytes = reply.__pydantic_serializer__.to_json(reply, by_alias=True, warnings="error")
    except Exception as error:  # noqa: BLE001 # the models' own serializers can raise anything
        # Not logger.exception: a host's handler may lack our filter, so the text is redacted here.
        logger.error("%s returned unfit data: %s", capability.name, redact(str(error)))  # noqa: TRY400
        raise _Refused(
            ErrorCode.INTERNAL_ERROR,
            f"{raised_in(capability.function)} returned a {type(reply).__name__} with data that "
            "does not fit its fields, or that JSON cannot hold",
        ) from None

    return data.decode()


class _InfoRequest(WireModel):
    """A request to `info`: any object, of which nothing is read."""


def _info(declaration: Declaration) -> Capability:
    """Return the capability that each integration has without registering it."""

    async def info(_args: _InfoRequest) -> InfoResponse:
        return make_info(declaration)

    return Capability(
        name="info",
        function=info,
        request_model=_InfoRequest,
        response_model=InfoResponse,
        display_name=None,
        description=None,
        is_async=True,
        takes_credentials=False,
        takes_settings=False,
    )


def _not_implemented(declaration: Declaration, name: str) -> str:
    # A name comes with the request: only one that the contract knows is repeated.
    known = name in {standard.value for standard in STANDARD_CAPABILITIES}
    message = (
        f"{declaration.app_id} has no capability {name if known else 'of this name'}; "
        f"it has {', '.join(sorted({'info', *declaration.capabilities}))}"
    )
    if not declaration.handle_errors:
        raise NotImplementedError(message)

    return _error_text(_refusal(declaration, _Refused(ErrorCode.NOT_IMPLEMENTED, message)))


def _refusal(
    declaration: Declaration, refusal: _Refused, capability: Capability | None = None
) -> ErrorResponse:
    return ErrorResponse(
        is_error=True,
        error=Error(
            message=str(refusal),
            error_code=refusal.error_code,
            app_id=declaration.app_id,
            raised_in=None if capability is None else raised_in(capability.function),
        ),
    )


def _failure(
    declaration: Declaration, capability: Capability, error: BaseException
) -> ErrorResponse:
    reply = handle_exception(
        declaration.exception_handlers, error, capability.function, declaration.app_id
    )
    level = logging.ERROR if reply.error.error_code is ErrorCode.UNEXPECTED_ERROR else logging.DEBUG
    if logger.isEnabledFor(level):
        logger.log(level, "%s failed:\n%s", capability.name, format_traceback(error))

    return reply


def _error_text(reply: ErrorResponse) -> str:
    """Serialise an error reply, with the call's secrets replaced in all free text."""
    error = reply.error
    error.message = redact(error.message)
    if error.app_error_code is not None:
        error.app_error_code = redact(error.app_error_code)

    if reply.raw_data is not None:
        reply.raw_data = redact_values(reply.raw_data)

    return reply.model_dump_json(by_alias=True)


def _leaving(error: BaseException) -> BaseException | None:
    """Return what leaves dispatch from within an exception group, if anything does."""
    if not isinstance(error, BaseExceptionGroup):
        return None

    group = error.subgroup(ENDS_A_CALL)
    return None if group is None else first_leaf(group)


def _models(declaration: Declaration, capability: Capability) -> Iterator[type[BaseModel]]:
    """Yield the models that can mark fields of a call's request as secret, when asked for them."""
    yield capability.request_model
    yield declaration.settings_model
    yield from (each.input_model for each in declaration.credentials if each.input_model)
