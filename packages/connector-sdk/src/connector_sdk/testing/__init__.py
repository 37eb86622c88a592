"""What tests of connectors need: calls, cases, mocked apps, checks, faults, a clock that waits not.

It needs the extra `testing`. Names are imported on their first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from connector_sdk.extras import MissingExtraError

if TYPE_CHECKING:
    from connector_sdk.testing.calls import Matching, Reply, as_reply, as_request, call
    from connector_sdk.testing.case_files import (
        Case,
        CasesError,
        capability_of,
        case_faults,
        gather_cases,
    )
    from connector_sdk.testing.checks.app_errors import APP_FAULTS
    from connector_sdk.testing.checks.subject import AppFunction
    from connector_sdk.testing.checks.suites import connector_checks
    from connector_sdk.testing.fault_server import FaultServer
    from connector_sdk.testing.fault_transport import FaultTransport
    from connector_sdk.testing.faults import (
        Fault,
        FaultKind,
        FaultSchedule,
        RandomFaults,
        logical_request,
    )
    from connector_sdk.testing.faulty_app import Arrival
    from connector_sdk.testing.interception import Answer, intercept
    from connector_sdk.testing.mocking import MockedApp, UnexpectedRequestError, mock_requests
    from connector_sdk.testing.responses import MockedResponse, ResponseBodyMap
    from connector_sdk.testing.virtual_time import VirtualTimeLoop, run_in_virtual_time
    from connector_sdk.testing.waiting import without_waiting

_MODULE_OF = {
    "APP_FAULTS": "checks.app_errors",
    "Answer": "interception",
    "AppFunction": "checks.subject",
    "Arrival": "faulty_app",
    "Case": "case_files",
    "CasesError": "case_files",
    "Fault": "faults",
    "FaultKind": "faults",
    "FaultSchedule": "faults",
    "FaultServer": "fault_server",
    "FaultTransport": "fault_transport",
    "Matching": "calls",
    "MockedApp": "mocking",
    "MockedResponse": "responses",
    "RandomFaults": "faults",
    "Reply": "calls",
    "ResponseBodyMap": "responses",
    "UnexpectedRequestError": "mocking",
    "VirtualTimeLoop": "virtual_time",
    "as_reply": "calls",
    "as_request": "calls",
    "call": "calls",
    "capability_of": "case_files",
    "case_faults": "case_files",
    "connector_checks": "checks.suites",
    "gather_cases": "case_files",
    "intercept": "interception",
    "logical_request": "faults",
    "mock_requests": "mocking",
    "run_in_virtual_time": "virtual_time",
    "without_waiting": "waiting",
}
"""The submodule that defines each public name."""

__all__ = [
    "APP_FAULTS",
    "Answer",
    "AppFunction",
    "Arrival",
    "Case",
    "CasesError",
    "Fault",
    "FaultKind",
    "FaultSchedule",
    "FaultServer",
    "FaultTransport",
    "Matching",
    "MockedApp",
    "MockedResponse",
    "RandomFaults",
    "Reply",
    "ResponseBodyMap",
    "UnexpectedRequestError",
    "VirtualTimeLoop",
    "as_reply",
    "as_request",
    "call",
    "capability_of",
    "case_faults",
    "connector_checks",
    "gather_cases",
    "intercept",
    "logical_request",
    "mock_requests",
    "run_in_virtual_time",
    "without_waiting",
]

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is a mistake

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

        try:
            value = getattr(import_module(f"{__name__}.{module}"), name)
        except ModuleNotFoundError as error:
            if error.name not in {"h11", "httpx", "pytest", "pytest_cases"}:
                raise

            raise MissingExtraError("testing", error) from None

        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
