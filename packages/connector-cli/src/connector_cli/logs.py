"""Log records of a connector's process: where they go, and secrets kept out of them.

To stderr from WARNING up, and to a daily file if `CONNECTOR_LOG_DIR` names a folder (contract,
section 9). Each record bears the id of the request it belongs to.
"""

import logging
import os
import re
import sys
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector_cli.descriptors import say
from connector_cli.in_flight import secrets_in_flight
from connector_sdk.redaction import RedactingFilter

if TYPE_CHECKING:
    import threading

LEVEL_VARIABLE = "CONNECTOR_LOG_LEVEL"
"""Environment variable that sets the lowest level that is logged; WARNING without it."""

FORMAT_VARIABLE = "CONNECTOR_LOG_FORMAT"
"""Environment variable that sets the form of records; text without it."""

DIRECTORY_VARIABLE = "CONNECTOR_LOG_DIR"
"""Environment variable that names a folder; each day has a file in it."""

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORMATS = ("text", "json")
TEXT_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
ACCESS_LOGGER = "connector_cli.access"
"""Name of the logger that says which requests an HTTP server answered."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")

request_id: ContextVar[str] = ContextVar("connector_cli_request_id", default="-")
"""Id of the request that is being answered."""


@dataclass(frozen=True, slots=True)
class LogOptions:
    """What a command line says of logs; None where the environment decides."""

    level: str | None = None
    """One of `LEVELS`."""

    form: str | None = None
    """One of `FORMATS`."""


def request_id_from(given: object = "") -> str:
    """Return the id that a request brought, or a fresh one if it brought none fit for a log."""
    text = str(given)
    return text if _REQUEST_ID.fullmatch(text) else os.urandom(8).hex()


def start_logs(options: LogOptions, *, app_id: str) -> None:
    """Send log records, Python's warnings and uncaught exceptions where the options say.

    Parameters:
        options: what the command line says.
        app_id: the connector's name, for the daily file's.
    """
    level = options.level or _chosen(LEVEL_VARIABLE, LEVELS, "WARNING")
    form = options.form or _chosen(FORMAT_VARIABLE, FORMATS, "text")
    formatter = _JsonLines() if form == "json" else _TextLines(TEXT_FORMAT)
    records = _CallRecords(secrets_in_flight.redact)
    root = logging.getLogger()
    root.handlers = _handlers(app_id)
    root.setLevel(level)
    for handler in root.handlers:
        handler.addFilter(records)
        handler.setFormatter(formatter)

    # Or a record that cannot be written, with stderr closed, would fail the code that logs it.
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    _redact_uncaught()


def text_of(error: BaseException) -> str:
    """Return the traceback of an exception, with nothing replaced."""
    import traceback

    return "".join(traceback.format_exception(error)).rstrip()


class _CallRecords(RedactingFilter):
    """Puts the request's id into records, and keeps secrets out of them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        # Access records hold nothing of a request's body, and one comes with each request.
        return record.name == ACCESS_LOGGER or super().filter(record)


class _TextLines(logging.Formatter):
    """Formats each record as text; the time's text is made once a second, not 3 us each."""

    _last = (-1, "")
    """The second of the last record, and its text: set at once, for threads."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 # logging's names
        second, text = self._last
        if int(record.created) != second:
            second = int(record.created)
            text = time.strftime(self.default_time_format, time.localtime(second))
            self._last = second, text

        return f"{text},{int(record.msecs):03d}"


class _JsonLines(logging.Formatter):
    """Formats each record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        import json

        line = {
            "time": f"{_utc(record.created)}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)

        details = {"exception": record.exc_text, "stack": record.stack_info}
        line |= {key: value for key, value in details.items() if value}
        return json.dumps(line, ensure_ascii=False)


class _Stderr(logging.Handler):
    """Writes to descriptor 2, whatever connector code does to `sys.stderr`."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            say(self.format(record))
        except Exception:  # noqa: BLE001 - as all handlers do: a lost record ends no call
            self.handleError(record)


class _DailyFile(logging.Handler):
    """Appends records to the file of the day they were made on, readable by its owner only."""

    def __init__(self, directory: str, app_id: str) -> None:
        super().__init__()
        self._start = os.path.join(directory, re.sub(r"[^\w.-]", "_", app_id))
        os.makedirs(directory, mode=0o700, exist_ok=True)
        self._append("", time.time())

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._append(f"{self.format(record)}\n", record.created)
        except Exception:  # noqa: BLE001 - as all handlers do: a lost record ends no call
            self.handleError(record)

    def _append(self, text: str, seconds: float) -> None:
        day = time.strftime("%Y-%m-%d", time.localtime(seconds))
        path = f"{self._start}-{day}.log"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "wb", buffering=0) as file:
            file.write(text.encode(errors="backslashreplace"))


def _handlers(app_id: str) -> list[logging.Handler]:
    handlers: list[logging.Handler] = [_Stderr()]
    directory = os.environ.get(DIRECTORY_VARIABLE)
    if not directory:
        return handlers

    try:
        handlers.append(_DailyFile(directory, app_id))
    except OSError as error:
        say(f"{DIRECTORY_VARIABLE}: {error}; records go to stderr only")

    return handlers


def _chosen(variable: str, choices: tuple[str, ...], default: str) -> str:
    """Return what an environment variable chooses; a wrong choice is said and costs no call."""
    value = os.environ.get(variable)
    if not value:
        return default

    for choice in choices:
        if value.strip().lower() == choice.lower():
            return choice

    say(f"{variable}={value!r} is not one of {', '.join(choices)}; {default} is used")
    return default


def _redact_uncaught() -> None:
    """Replace secrets in what Python says of exceptions that nobody caught."""
    import threading

    redact = secrets_in_flight.redact

    def in_thread(args: "threading.ExceptHookArgs") -> None:
        if args.exc_value is None or isinstance(args.exc_value, SystemExit):
            return

        name = args.thread.name if args.thread else "unknown"
        say(redact(f"Exception in thread {name}:\n{text_of(args.exc_value)}"))

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        why = args.err_msg or "Exception ignored in"
        trace = "" if args.exc_value is None else text_of(args.exc_value)
        say(redact(f"{why}: {args.object!r}\n{trace}"))

    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
    sys.excepthook = lambda _type, error, _trace: say(redact(text_of(error)))


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
