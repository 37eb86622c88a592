"""Responses, and what to say when a body is not what the app's interface promises."""

from functools import cache
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from connector_sdk.errors import ConnectorError
from connector_sdk.http.failures import place_of
from connector_sdk.models.errors import ErrorCode
from connector_sdk.redaction import redact
from connector_sdk.validation import describe

LONGEST_EXCERPT = 300
"""Characters of a body that is not what was expected, in the error's message."""

DTO = TypeVar("DTO")


class InvalidResponseError(ConnectorError, ValueError):
    """A response is not what the app's interface promises; the reply is `invalid_response`.

    It is a `ValueError`, too, as what httpx raises for a body that is not JSON.
    """


class Response(httpx.Response):
    """A response whose `json()` raises an error of the contract when the body is no JSON."""

    def json(self, **options: Any) -> Any:
        """Return the body as JSON.

        Raises:
            InvalidResponseError: the body is not JSON, such as a login page.
        """
        try:
            return super().json(**options)
        except (ValueError, RecursionError):
            raise invalid_response(self, "is not JSON") from None


def invalid_response(response: httpx.Response, fault: str) -> InvalidResponseError:
    """Return the error for a response that is not what was expected.

    Parameters:
        response: the response, its body read.
        fault: what is wrong with the body, as in `is not JSON`.

    Returns:
        An error that names method, URL without query, status, content type and fault, and quotes
        the beginning of the body.
    """
    content_type = response.headers.get("content-type", "no content type")
    # Redacted before it is cut, or the half of a secret could stand at the end.
    beginning = redact(response.text)[:LONGEST_EXCERPT]
    return InvalidResponseError(
        message=f"{place_of(response.request)}: {response.status_code}, "
        f"{redact(content_type)[:LONGEST_EXCERPT]}: the body {fault}; it begins: {beginning}",
        error_code=ErrorCode.INVALID_RESPONSE,
        status_code=response.status_code,
    )


def create_client_response(response: httpx.Response, dto: type[DTO]) -> DTO:
    """Return the body of a successful response as a model.

    Parameters:
        response: the response, its body read.
        dto: a pydantic model, or any type that pydantic reads, such as `list[User]`.

    Raises:
        httpx.HTTPStatusError: the status says that the request failed.
        InvalidResponseError: the body is no JSON, or does not fit; places are named, values not.
    """
    response.raise_for_status()
    adapter: TypeAdapter[DTO] = _adapter(dto)  # type: ignore[arg-type] # types can be hashed
    try:
        return adapter.validate_json(response.content)
    except ValidationError as error:
        raise invalid_response(response, _fault(error, dto)) from None


@cache
def _adapter(dto: Any) -> TypeAdapter[Any]:
    return TypeAdapter(dto)


def _fault(error: ValidationError, dto: Any) -> str:
    if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
        return "is not JSON"

    name = dto.__name__ if isinstance(dto, type) else str(dto)
    return f"does not fit {name}: {describe(error, dto, inside='body')}"
