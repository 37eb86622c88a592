"""What a person says on the command line of `<connector> dev login`."""

import json
import os
import sys
from typing import TYPE_CHECKING, Any

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


def make_parser(flow: OAuthFlowType, description: str) -> "ArgumentParser":
    """Return the parser of the command line; only the code flow has a redirect to speak of."""
    from argparse import ArgumentParser, BooleanOptionalAction

    parser = ArgumentParser(
        prog=f"{os.path.basename(sys.argv[0])} dev login",
        description=f"{description} The client's secret is read from a file, from "
        f"{SECRET_VARIABLE}, or asked for.",
        allow_abbrev=False,
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
    if flow is OAuthFlowType.CODE_FLOW:
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
