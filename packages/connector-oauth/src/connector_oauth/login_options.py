"""What a person says on the command line of `<connector> dev login`."""

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from connector_oauth.login_choice import Login
from connector_oauth.settings import OAuthFlowType

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

LOGGED_IN, FAILED, WRONG_USE = 0, 1, 2
"""Exit codes."""

SECRET_VARIABLE = "CONNECTOR_CLIENT_SECRET"
"""Environment variable with the client's secret."""

PORT = 8400
"""Port for the redirect, unless another is asked for: many providers want to know it before."""


class LoginError(Exception):
    """The login cannot go on; `str()` says why, and the exit code which kind it is."""

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def read_words(
    logins: Sequence[Login], words: Sequence[str], description: str
) -> "tuple[Login, Namespace]":
    """Return which credential the login is for, and the options.

    Parameters:
        logins: the credentials that there are.
        words: the command line.
        description: what the help says of the command.

    Raises:
        LoginError: it does not say which credential, or names none of them.
        SystemExit: it asks for help, or is wrong use, and all is said.
    """
    options = _parser(logins, description).parse_args(words)
    login = _chosen(logins, options.credential)
    # Once more, so that an option of another flow is wrong use.
    return login, _parser([login], description).parse_args(words)


def _chosen(logins: Sequence[Login], credential_id: str | None) -> Login:
    if credential_id is None and len(logins) == 1:
        return logins[0]

    for login in logins:
        if credential_id is not None and login.credential_id == credential_id:
            return login

    if logins[0].credential_id is None:
        raise LoginError("--credential: this connector takes a single one, in auth", WRONG_USE)

    there_are = ", ".join(f"{each.credential_id} ({each.flow.value})" for each in logins)
    raise LoginError(f"--credential: name the one to log in for: {there_are}", WRONG_USE)


def _parser(logins: Sequence[Login], description: str) -> "ArgumentParser":
    """Return the parser of the command line; only the code flow has a redirect to speak of."""
    from argparse import ArgumentParser, BooleanOptionalAction

    parser = ArgumentParser(
        prog=f"{os.path.basename(sys.argv[0])} dev login",
        description=f"{description} The client's secret is read from a file, from "
        f"{SECRET_VARIABLE}, or asked for.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--credential",
        metavar="ID",
        help="The credential to log in for; needed where there is more than one.",
    )
    parser.add_argument("--client-id", required=True, metavar="ID", help="The client's id.")
    parser.add_argument(
        "--client-secret-file", metavar="PATH", help="File with its secret, or its private key."
    )
    parser.add_argument(
        "--scope",
        action="append",
        default=[],
        metavar="SCOPE",
        help="A scope to ask for; may be given more than once [those of the OAuth settings].",
    )
    parser.add_argument("--settings", metavar="JSON", help="The tenant's settings.")
    parser.add_argument(
        "--output", metavar="PATH", help="Write the credential to this file, for its owner only."
    )
    if any(each.flow is OAuthFlowType.CODE_FLOW for each in logins):
        parser.add_argument(
            "--port",
            type=int,
            default=PORT,
            help="Port of this machine for the redirect; 0 takes a free one [%(default)s].",
        )
        parser.add_argument(
            "--redirect-uri",
            metavar="URL",
            help="Redirect elsewhere; you paste the address on which you end up.",
        )
        parser.add_argument(
            "--browser",
            action=BooleanOptionalAction,
            default=True,
            help="Whether to open the page in a browser here.",
        )

    return parser


def read_settings(text: str | None) -> Any:
    """Return the tenant's settings."""
    if text is None:
        return None

    try:
        return json.loads(text)
    except ValueError as error:
        raise LoginError(f"--settings: not JSON: {error}", WRONG_USE) from None


def read_client_secret(options: "Namespace") -> str:
    """Return the client's secret from where it is not seen: file, environment, or prompt."""
    path = options.client_secret_file
    if path is not None:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8"
            raise LoginError(
                f"--client-secret-file: cannot read {path!r}: {reason}", WRONG_USE
            ) from None

    secret = os.environ.get(SECRET_VARIABLE)
    if secret is not None:
        return secret

    if not sys.stdin.isatty():
        raise LoginError(
            f"give the client's secret with --client-secret-file or in {SECRET_VARIABLE}",
            WRONG_USE,
        )

    from getpass import getpass

    return getpass("Client secret (empty if there is none): ", stream=sys.stderr)
