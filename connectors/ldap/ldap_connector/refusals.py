"""What goes wrong in a directory, in the terms of the contract.

A server says how an operation ended by a number (RFC 4511, section 4.1.9). Its own words are not
passed on: they may quote what was sent.
"""

from typing import Any

from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode

SUCCESS = 0
NO_SUCH_ATTRIBUTE = 16
NO_SUCH_OBJECT = 32
OBJECT_CLASS_VIOLATION = 65
ENTRY_ALREADY_EXISTS = 68

CODE_BY_RESULT = {
    3: ErrorCode.REQUEST_TIMEOUT,  # timeLimitExceeded
    7: ErrorCode.UNAUTHORIZED,  # authMethodNotSupported
    8: ErrorCode.UNAUTHORIZED,  # strongerAuthRequired
    12: ErrorCode.UNSUPPORTED_OPERATION,  # unavailableCriticalExtension
    13: ErrorCode.UNAUTHORIZED,  # confidentialityRequired
    NO_SUCH_ATTRIBUTE: ErrorCode.SERVICE_ERROR,  # somebody else changed it, a moment ago
    17: ErrorCode.BAD_REQUEST,  # undefinedAttributeType
    19: ErrorCode.BAD_REQUEST,  # constraintViolation
    20: ErrorCode.BAD_REQUEST,  # attributeOrValueExists
    21: ErrorCode.BAD_REQUEST,  # invalidAttributeSyntax
    NO_SUCH_OBJECT: ErrorCode.NOT_FOUND,
    34: ErrorCode.BAD_REQUEST,  # invalidDNSyntax
    48: ErrorCode.UNAUTHORIZED,  # inappropriateAuthentication
    49: ErrorCode.UNAUTHORIZED,  # invalidCredentials
    50: ErrorCode.PERMISSION_DENIED,  # insufficientAccessRights
    51: ErrorCode.SERVICE_ERROR,  # busy
    52: ErrorCode.SERVICE_ERROR,  # unavailable
    53: ErrorCode.BAD_REQUEST,  # unwillingToPerform
    64: ErrorCode.BAD_REQUEST,  # namingViolation
    OBJECT_CLASS_VIOLATION: ErrorCode.BAD_REQUEST,
    66: ErrorCode.BAD_REQUEST,  # notAllowedOnNonLeaf
    ENTRY_ALREADY_EXISTS: ErrorCode.BAD_REQUEST,
    80: ErrorCode.SERVICE_ERROR,  # other
}
"""What a result means; every other one is `api_error`."""

UNKNOWN_ATTRIBUTE = (
    "the server does not know an attribute: see the settings, and extra_data of the request"
)

ADVICE = {
    4: "the server gives no more entries to this user: raise its size limit",
    8: "the server asks for an encrypted connection: see settings.encryption",
    11: "the server gives no more entries to this user: raise its limits",
    13: "the server asks for an encrypted connection: see settings.encryption",
    NO_SUCH_ATTRIBUTE: f"{UNKNOWN_ATTRIBUTE}; or the entry was changed a moment ago",
    17: UNKNOWN_ATTRIBUTE,
    19: ("a value is against the server's rules: see those for user names and for passwords"),
    20: "an attribute or a value is there twice, the attribute perhaps by another of its names",
    49: (
        "the server does not take the user name (a DN, or in Active Directory user@example.com)"
        " and the password"
    ),
    50: "the user of the credential may not do this: give it the right",
}
"""What to do about a result, where that is known."""

BROKEN = {
    ErrorCode.CLIENT_CALL_ERROR: (
        "no encrypted connection: the server's certificate or its TLS does not fit settings.host,"
        " settings.encryption and settings.ca_file"
    ),
    ErrorCode.CONNECTION_TIMEOUT: "the server does not take the connection in time",
    ErrorCode.CONNECTION_REJECTED: (
        "no connection to settings.host and settings.port; is the server there?"
    ),
    ErrorCode.REQUEST_TIMEOUT: "the server does not answer in time",
    ErrorCode.CONNECTION_CLOSED: "the connection broke off; call again",
}
"""What to say of a connection that could not be made, or that broke off."""


class DirectoryRefusal(ConnectorError):
    """The server did not do what it was asked.

    Parameters:
        result: the number of the result.
        name: its name.
        doing: what was being done.
    """

    def __init__(self, *, result: int, name: str, doing: str) -> None:
        advice = f"; {ADVICE[result]}" if result in ADVICE else ""
        super().__init__(
            message=f"{doing}: the server answered {name} ({result}){advice}",
            error_code=CODE_BY_RESULT.get(result, ErrorCode.API_ERROR),
            app_error_code=name,
        )
        self.result = result


def refusal(result: dict[str, Any], doing: str) -> DirectoryRefusal:
    """Return the error for the result of an operation, as the library gives it."""
    return DirectoryRefusal(
        result=int(result["result"]), name=str(result.get("description")), doing=doing
    )


def broken_connection(error: Exception, *, opening: bool) -> ConnectorError:
    """Return the error for a connection that could not be made, or that broke off.

    Parameters:
        error: the library's exception.
        opening: whether the connection was being made.
    """
    said = str(error).casefold()
    is_late = "timed out" in said or "temporarily unavailable" in said or "timeout" in said
    is_tls = any(word in said for word in ("certificate", "ssl", "tls"))
    if is_late:
        kind = ErrorCode.CONNECTION_TIMEOUT if opening else ErrorCode.REQUEST_TIMEOUT
    elif opening:
        kind = ErrorCode.CLIENT_CALL_ERROR if is_tls else ErrorCode.CONNECTION_REJECTED
    else:
        kind = ErrorCode.CONNECTION_CLOSED

    return ConnectorError(message=BROKEN[kind], error_code=kind)
