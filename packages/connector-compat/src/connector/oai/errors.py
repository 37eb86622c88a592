"""What connector code raises, and how it becomes an error reply."""

from connector_sdk import ConnectorError, DefaultHandler, ExceptionHandler, HTTPHandler
from connector_sdk.errors import handle_exception
from connector_sdk.models import ErrorCode

__all__ = [
    "ConnectorError",
    "DefaultHandler",
    "ErrorMap",
    "ExceptionHandler",
    "HTTPHandler",
    "handle_exception",
]

ErrorMap = list[tuple[type[Exception], type[ExceptionHandler], ErrorCode | None]]
"""Entries of `exception_handlers`: exception type, handler, and the reply's code or None."""
