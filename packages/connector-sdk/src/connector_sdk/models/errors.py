"""Errors: what a connector answers when it cannot do what it was asked."""

from enum import Enum
from typing import Any

from pydantic import Field, StrictBool, StrictInt, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import Page


class ErrorCode(str, Enum):
    """What went wrong, in the platform's terms: by this it decides what to do next."""

    NOT_FOUND = "not_found"
    """The app does not have what the request names."""

    INTERNAL_ERROR = "internal_error"
    """The connector itself is at fault."""

    API_ERROR = "api_error"
    """The app refused a call for a reason that no other code names."""

    UNAUTHORIZED = "unauthorized"
    """The app does not accept the credentials."""

    BAD_REQUEST = "bad_request"
    """The request is malformed, or the app finds it so."""

    PERMISSION_DENIED = "permission_denied"
    """The credentials are good, but not for this operation."""

    NOT_IMPLEMENTED = "not_implemented"
    """The connector does not have the capability."""

    UNEXPECTED_ERROR = "unexpected_error"
    """An exception that the connector did not foresee."""

    UNSUPPORTED_OPERATION = "unsupported_operation"
    """The app has no such operation, or not for this kind of object."""

    UNKNOWN_VALUE = "unknown_value"
    """The app sent a value that the connector does not know."""

    INVALID_VALUE = "invalid_value"
    """A value of the request is well-formed but not possible."""

    UNAUTHENTICATED = "unauthenticated"
    """There is no session with the app."""

    REQUEST_TIMEOUT = "request_timeout"
    """The app did not answer in time."""

    CONNECTION_TIMEOUT = "connection_timeout"
    """No connection to the app could be made in time."""

    CONNECTION_REJECTED = "connection_rejected"
    """The app's host refused the connection."""

    RATE_LIMIT = "rate_limit"
    """The app asks to call less often."""

    AUTHENTICATION_EXPIRED = "authentication_expired"
    """The token is out of date and cannot be renewed: a person must connect again."""

    SERVICE_ERROR = "service_error"
    """The app failed on its side."""

    INVALID_RESPONSE = "invalid_response"
    """The app's reply is not what its interface promises."""

    CLIENT_CALL_ERROR = "client_call_error"
    """The call to the app could not be made."""

    CONNECTION_CLOSED = "connection_closed"
    """The connection to the app broke off."""

    CREDS_REVOKED = "creds_revoked"
    """The app withdrew the credentials."""

    INVALID_PAGE_TOKEN = "invalid_page_token"
    """The page token is not one that this connector made for this list."""

    INTEGRATION_MISSING_PARAMETER = "integration_missing_parameter"
    """The tenant's settings lack something that the operation needs."""


class Error(WireModel):
    """What went wrong, for the platform to act on and for a person to read."""

    message: StrictStr = Field(
        description="What is wrong, where, and what to do about it; free of secrets.",
    )
    status_code: StrictInt | None = Field(
        default=None,
        description="HTTP status of the app's reply, if one led to the error.",
    )
    app_error_code: StrictStr | None = Field(
        default=None,
        description="The app's own code for the error, in its own form.",
    )
    error_code: ErrorCode = Field(description="What went wrong, in the platform's terms.")
    app_id: StrictStr = Field(description="Identifier of the connector that answers.")
    raised_by: StrictStr | None = Field(
        default=None,
        description="Class name of the exception behind the error.",
    )
    raised_in: StrictStr | None = Field(
        default=None,
        description="Capability function behind the error, as `module:function`.",
    )


class ErrorResponse(WireModel):
    """The response of a capability that failed; it stands in place of any other."""

    is_error: StrictBool = Field(
        description="Always true: the mark that tells this response from a successful one.",
    )
    error: Error = Field(description="What went wrong.")
    raw_data: dict[str, Any] | None = Field(
        default=None,
        description="The app's own replies, unaltered, if the request asked for them.",
    )
    page: Page | None = Field(
        default=None,
        description="Null: a failed request has no next page.",
    )
