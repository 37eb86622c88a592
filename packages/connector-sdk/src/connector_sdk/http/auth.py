"""Authentication with a token that the connector already has."""

from collections.abc import Generator, Mapping

import httpx

from connector_sdk.errors import ConnectorError
from connector_sdk.models.errors import ErrorCode


class BearerAuth(httpx.Auth):
    """Sends a token with each request, as `Authorization: Bearer TOKEN` (RFC 6750, 2.1).

    Parameters:
        token: the token.
        token_prefix: what stands before it; empty for nothing.
        auth_header: the header that carries it.
        custom_headers: further headers of each request. A content type among them yields to the
            request's own.

    Raises:
        ConnectorError: `bad_request`, when the token is empty, or has characters that no header
            can carry.
    """

    def __init__(
        self,
        token: str,
        token_prefix: str = "Bearer",
        auth_header: str = "Authorization",
        custom_headers: Mapping[str, str] | None = None,
    ) -> None:
        token = token.strip()
        if not token:
            raise _refused("the token is empty")

        if not token.isascii() or not token.isprintable():
            raise _refused("the token has characters that no header can carry")

        self._value = f"{token_prefix} {token}" if token_prefix else token
        self._header = auth_header
        self._custom_headers = dict(custom_headers or {})

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the headers to a request."""
        for name, value in self._custom_headers.items():
            if name.lower() != "content-type" or name not in request.headers:
                request.headers[name] = value

        request.headers[self._header] = self._value
        yield request


def _refused(fault: str) -> ConnectorError:
    return ConnectorError(message=f"auth: {fault}", error_code=ErrorCode.BAD_REQUEST)
