"""Encrypted connections, whose certificates Python's own `ssl` checks."""

from typing import Any

from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode


def encryption(ca_file: str | None) -> Any:
    """Return what the library encrypts connections with.

    The library itself compares the host name with the certificate by a copy of code that Python
    has given up, so that is left to the context here. It also sends no host name to the server.

    Parameters:
        ca_file: file with the certificates of authorities; None for those of the machine.

    Raises:
        ConnectorError: `bad_request`, when there is no such file.
    """
    from ssl import create_default_context

    from ldap3 import Tls  # type: ignore[import-untyped]

    try:
        context = create_default_context(cafile=ca_file)
    except OSError:  # also what `ssl` raises
        raise ConnectorError(
            message="settings.ca_file: expected a file on the connector's machine, with"
            " certificates (PEM)",
            error_code=ErrorCode.BAD_REQUEST,
        ) from None

    class CheckedByPython(Tls):  # type: ignore[misc] # the library has no types
        def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002 # the library's signature
            connection.socket = context.wrap_socket(
                connection.socket,
                do_handshake_on_connect=do_handshake,
                server_hostname=connection.server.host,
            )

    return CheckedByPython()
