"""What a service says when it refuses (RFC 7644, section 3.12), in the terms of the contract."""

from typing import Any

import httpx

from connector_sdk import HTTPHandler
from connector_sdk.models import ErrorCode, ErrorResponse
from scim_connector.resources import find

ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"

CODE_BY_TYPE = {
    "expiredCursor": ErrorCode.INVALID_PAGE_TOKEN,
    "invalidCursor": ErrorCode.INVALID_PAGE_TOKEN,
    "invalidValue": ErrorCode.INVALID_VALUE,
    "mutability": ErrorCode.UNSUPPORTED_OPERATION,
    "uniqueness": ErrorCode.BAD_REQUEST,
}
"""What a `scimType` says more exactly than the status (RFC 7644, table 9; RFC 9865, section 3)."""

CODE_BY_STATUS = {
    409: ErrorCode.BAD_REQUEST,
    412: ErrorCode.SERVICE_ERROR,
    501: ErrorCode.UNSUPPORTED_OPERATION,
}
"""What a status means in SCIM, where it means something else than elsewhere."""


def scim_error(response: httpx.Response) -> dict[str, Any] | None:
    """Return the error message of SCIM in a response; None if there is none."""
    try:
        body = response.json()
    except ValueError:
        return None

    if not isinstance(body, dict) or ERROR_SCHEMA not in (find(body, "schemas") or ()):
        return None

    return body


def is_taken(response: httpx.Response) -> bool:
    """Tell whether a resource was refused because there is another with its name."""
    error = scim_error(response) or {}
    return response.status_code == httpx.codes.CONFLICT or find(error, "scimType") == "uniqueness"


def is_unknown(response: httpx.Response) -> bool:
    """Tell whether the service itself says that there is no such resource.

    Any server answers 404 where nothing is, as below a wrong base URL.
    """
    return response.status_code == httpx.codes.NOT_FOUND and scim_error(response) is not None


class ScimRefusal(HTTPHandler):
    """Fills the error reply from a refusal."""

    @staticmethod
    def handle(
        e: Exception,
        original_func: Any,
        response: ErrorResponse,
        error_code: ErrorCode | None = None,
    ) -> ErrorResponse:
        """Take the code from the `scimType`, else from the status."""
        response = HTTPHandler.handle(e, original_func, response, error_code)
        if not isinstance(e, httpx.HTTPStatusError):
            return response

        kind = find(scim_error(e.response) or {}, "scimType")
        response.error.app_error_code = kind if isinstance(kind, str) else None
        response.error.error_code = (
            CODE_BY_TYPE.get(str(kind))
            or CODE_BY_STATUS.get(e.response.status_code)
            or response.error.error_code
        )
        return response
