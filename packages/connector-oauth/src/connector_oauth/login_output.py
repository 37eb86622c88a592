"""The credential that a login ends with, and its file."""

import os
import sys
from typing import Any, Self, TextIO

from connector_oauth.login_choice import Login
from connector_oauth.login_options import WRONG_USE, LoginError
from connector_sdk.models import AuthModel


def make_credential(login: Login, tokens: dict[str, Any], client: dict[str, Any]) -> dict[str, Any]:
    """Return the credential as a request has it; the client is in it only if its kind has one.

    The refresh token comes along, so that it is not lost; a request ignores it.
    """
    value = {"access_token": tokens["access_token"]}
    if login.kind is AuthModel.OAUTH_CLIENT_CREDENTIALS:
        value |= client

    if tokens["refresh_token"] is not None:
        value["refresh_token"] = tokens["refresh_token"]

    identity = {} if login.credential_id is None else {"id": login.credential_id}
    return {**identity, login.kind.value: value}


class CredentialOutput:
    """Where the credential goes: stdout, or a file that only its owner can read.

    The file is made before the login, so that no token is lost because it cannot be.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._beside = f"{path}.{os.getpid()}.part"
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path is None:
            return self

        try:
            if os.path.isdir(self._path):
                raise IsADirectoryError(None, "is a directory")

            descriptor = os.open(self._beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:
            raise LoginError(
                f"--output: cannot write {self._path!r}: {error.strerror}", WRONG_USE
            ) from None

        self._file = open(descriptor, "w", encoding="utf-8")
        return self

    def write(self, text: str) -> None:
        """Write the whole text; the file appears with it, in place of what was there."""
        if self._file is None or self._path is None:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
            return

        try:
            with self._file:
                self._file.write(f"{text}\n")

            os.replace(self._beside, self._path)
        except OSError as error:
            raise LoginError(f"--output: cannot write {self._path!r}: {error.strerror}") from None

    def __exit__(self, *_error: object) -> None:
        if self._file is not None and os.path.exists(self._beside):
            self._file.close()
            os.unlink(self._beside)
