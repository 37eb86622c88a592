"""What the app's errors mean."""

from typing import Any

from httpx import HTTPStatusError

from connector.generated.models.error_code import ErrorCode
from connector.generated.models.error_response import ErrorResponse
from connector.oai.errors import ErrorMap, ExceptionHandler, HTTPHandler


class SealedError(Exception):
    """The vault is closed for maintenance."""


class SealedHandler(ExceptionHandler):
    """Tells that it opens again."""

    @staticmethod
    def handle(
        e: Exception,
        original_func: Any,
        response: ErrorResponse,
        error_code: ErrorCode | None = None,
    ) -> ErrorResponse:
        """Say when to come back."""
        response.error.message = f"The vault is sealed: {e}"
        response.error.app_error_code = "vault.sealed"
        return response


HANDLERS: ErrorMap = [
    (SealedError, SealedHandler, ErrorCode.SERVICE_ERROR),
    (HTTPStatusError, HTTPHandler, None),
]
