"""Checks of what a connector makes of an app that fails."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import product
from typing import NoReturn

import httpx

from connector_sdk.models import ErrorCode
from connector_sdk.testing.checks.check import Check, Samples
from connector_sdk.testing.checks.subject import Subject, as_text, error_code
from connector_sdk.testing.interception import Answer, intercept
from connector_sdk.testing.responses import MockedResponse
from connector_sdk.testing.waiting import without_waiting

LOGIN_PAGE = "<!doctype html><title>Sign in</title><form></form>"
"""What an app, or a proxy before it, answers in place of its API."""


@dataclass(frozen=True, slots=True)
class AppFault:
    """One way in which an app fails, and the code that says so."""

    answer: Answer
    error_code: ErrorCode
    of_provider: ErrorCode | None = None
    """The code if it is the provider of tokens that fails so (contract, section 8)."""


def _status(status: int) -> Callable[[httpx.Request], httpx.Response]:
    response = MockedResponse(status, {"error": "refused for this test"})
    return response.as_httpx


def _time_out(request: httpx.Request) -> NoReturn:
    raise httpx.ReadTimeout("", request=request)


def _show_login_page(request: httpx.Request) -> httpx.Response:
    return MockedResponse(200, LOGIN_PAGE, {"Content-Type": "text/html"}).as_httpx(request)


APP_FAULTS = {
    "401": AppFault(_status(401), ErrorCode.UNAUTHORIZED),
    "403": AppFault(_status(403), ErrorCode.PERMISSION_DENIED),
    "404": AppFault(_status(404), ErrorCode.NOT_FOUND, of_provider=ErrorCode.API_ERROR),
    "429": AppFault(_status(429), ErrorCode.RATE_LIMIT),
    "500": AppFault(_status(500), ErrorCode.API_ERROR, of_provider=ErrorCode.SERVICE_ERROR),
    "timeout": AppFault(_time_out, ErrorCode.REQUEST_TIMEOUT),
    "garbage": AppFault(_show_login_page, ErrorCode.INVALID_RESPONSE),
    "empty": AppFault(MockedResponse(200, {}).as_httpx, ErrorCode.INVALID_RESPONSE),
}
"""How an app can fail, by the name that a test's id and `outcomes` have for it.

An object with nothing in it is a fault, too: taken for an empty list, it would tell the platform
that everybody is gone.
"""


def an_app_error_gets_its_code(subject: Subject, sample: tuple[str, str]) -> None:
    """Whatever the app answers in place of data, the reply has the code of the contract."""
    capability, name = sample
    fault = APP_FAULTS[name]
    reply, requests = _call(subject, capability, fault.answer)
    assert requests, (
        f"{capability} asked the app for nothing: is it for connector_checks(offline=…)?"
    )
    usual = (subject.is_oauth(capability) and fault.of_provider) or fault.error_code
    expected = subject.outcomes.get(sample, usual)
    assert (expected and expected.value) == error_code(reply), as_text(reply)


def offline_capabilities_send_nothing(subject: Subject, capability: str) -> None:
    """A capability that is said to need no app sends no request."""
    _, requests = _call(subject, capability, _status(500))
    sent = [f"{request.method} {request.url}" for request in requests]
    assert not sent, f"{capability} is said to be offline"


def no_secret_leaks(subject: Subject, capability: str) -> None:
    """An app that quotes the whole request gets no secret into reply, log or what is printed."""
    printed = StringIO()  # it ends up, as it is, in the log of whoever started the connector
    with _log() as lines, redirect_stdout(printed), redirect_stderr(printed):
        reply, requests = _call(subject, capability, _quote)

    said = "\n".join([as_text(reply), *lines, printed.getvalue()])
    sent = [
        part for request in requests for part in request.headers.get("Authorization", "").split()
    ]
    leaked = [secret for secret in [*subject.secrets, *sent[1::2]] if secret in said]
    assert not leaked, "sample secrets stand in what it said"


def faults_of_online(subject: Subject) -> Samples:
    """Return each capability that calls the app with each way in which it can fail.

    What an app's failure means to a module's own capability, its package says and tests. Where the
    connector's author says it all the same, it is checked.
    """
    return {
        f"{name}-{fault}": (name, fault)
        for name, fault in product(subject.online, APP_FAULTS)
        if not subject.is_of_module(name) or (name, fault) in subject.outcomes
    }


APP_ERRORS = (
    Check(
        name="an_app_error_gets_its_code", run=an_app_error_gets_its_code, samples=faults_of_online
    ),
    Check(
        name="offline_capabilities_send_nothing",
        run=offline_capabilities_send_nothing,
        samples=lambda subject: {name: name for name in sorted(subject.offline)},
    ),
    Check(
        name="no_secret_leaks",
        run=no_secret_leaks,
        samples=lambda subject: {name: name for name in subject.capabilities},
    ),
)
"""An app that fails."""


def _call(
    subject: Subject, capability: str, answer: Answer
) -> tuple[dict[str, object], list[httpx.Request]]:
    """Call a capability with an app that always answers so; return the reply and its requests."""
    requests: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request)

    with intercept(note), without_waiting():
        return subject.call(capability), requests


def _quote(request: httpx.Request) -> httpx.Response:
    quoted = {
        "url": str(request.url),
        "headers": dict(request.headers),
        "body": request.content.decode(errors="replace"),
    }
    return MockedResponse(400, {"error": "malformed", "received": json.dumps(quoted)}).as_httpx(
        request
    )


@contextmanager
def _log() -> Iterator[list[str]]:
    """Note what the SDK logs, down to the details."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("connector_sdk")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
