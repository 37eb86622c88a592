"""The developer command `login`: get a token from the provider, to try the connector with.

Everything goes through the connector's own capabilities, so that it is them who are tried.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from connector_oauth.login_choice import Login, logins
from connector_oauth.login_options import (
    LOGGED_IN,
    WRONG_USE,
    LoginError,
    read_client_secret,
    read_settings,
    read_words,
)
from connector_oauth.login_output import CredentialOutput, make_credential
from connector_oauth.settings import OAuthFlowType
from connector_sdk import Integration

if TYPE_CHECKING:
    from argparse import Namespace

    from connector_oauth.loopback import RedirectListener

PATIENCE = 300
"""Seconds that a person has to log in and agree."""


def log_in(integration: Integration, words: Sequence[str], description: str) -> int:
    """Carry out the command, and return the exit code."""
    try:
        login, options = read_words(logins(integration), words, description)
        _log_in(integration, login, options)
    except SystemExit as end:  # help, or wrong use, which argparse has explained
        return end.code if isinstance(end.code, int) else WRONG_USE
    except LoginError as error:
        _say(f"login: {error}")
        return error.exit_code

    return LOGGED_IN


def _log_in(integration: Integration, login: Login, options: "Namespace") -> None:
    call = _Calls(integration, read_settings(options.settings))
    client = {"client_id": options.client_id, "client_secret": read_client_secret(options)}
    scopes = " ".join(options.scope).split()
    with CredentialOutput(options.output) as output:
        if login.flow is OAuthFlowType.CODE_FLOW:
            tokens = _by_consent(call, client, scopes, options)
        else:
            tokens = call("handle_client_credentials_request", {**client, "scopes": scopes})

        output.write(json.dumps(make_credential(login, tokens, {**client, "scopes": scopes})))

    where = "auth" if login.credential_id is None else "credentials"
    _say(f'Logged in. The credential goes into "{where}" of a request.')


def _by_consent(
    call: "_Calls", client: dict[str, str], scopes: list[str], options: "Namespace"
) -> dict[str, Any]:
    """Send a person to the provider, and exchange the code that comes back."""
    from connector_oauth.loopback import RedirectListener

    state = secrets.token_urlsafe(32)
    asked = {"client_id": client["client_id"], "scopes": scopes, "state": state}
    if options.redirect_uri is not None:
        page = call("get_authorization_url", {**asked, "redirect_uri": options.redirect_uri})
        redirect = _pasted(page["authorization_url"])
    else:
        try:
            listener = RedirectListener(port=options.port, state=state)
        except OSError as error:
            raise LoginError(
                f"--port: cannot listen on {options.port}: {error.strerror}", WRONG_USE
            ) from None

        with listener:
            page = call("get_authorization_url", {**asked, "redirect_uri": listener.redirect_uri})
            redirect = _received(listener, page["authorization_url"], browser=options.browser)

    return call(
        "handle_authorization_callback",
        {
            **client,
            "redirect_uri_with_code": redirect,
            "state": state,
            "code_verifier": page["code_verifier"],
        },
    )


def _received(listener: "RedirectListener", page: str, *, browser: bool) -> str:
    """Show the provider's page, and return the redirect that comes to this machine."""
    import webbrowser

    _say(f"Log in and agree on this page; it has to be a browser of this machine:\n\n{page}\n")
    if browser:
        webbrowser.open(page)

    redirect = listener.wait(PATIENCE)
    if redirect is None:
        raise LoginError(f"no redirect came within {PATIENCE} seconds")

    return redirect


def _pasted(page: str) -> str:
    """Show the provider's page, and return the redirect that a person brings."""
    _say(
        f"Log in and agree on this page, in any browser:\n\n{page}\n\n"
        "Then paste the whole address on which you end up:"
    )
    redirect = sys.stdin.readline().strip()
    if not redirect:
        raise LoginError("no address was given")

    return redirect


class _Calls:
    """Calls of the connector's capabilities, as a platform makes them."""

    def __init__(self, integration: Integration, settings: Any) -> None:
        self._integration = integration
        self._settings = settings

    def __call__(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the response of a capability.

        Raises:
            LoginError: it is an error; its message has no secrets.
        """
        request = json.dumps({"request": payload, "settings": self._settings})
        reply = json.loads(asyncio.run(self._integration.dispatch(name, request)))
        if reply.get("is_error"):
            error = reply["error"]
            raise LoginError(f"{name} answers {error['error_code']}: {error['message']}")

        response: dict[str, Any] = reply["response"]
        return response


def _say(text: str) -> None:
    """Tell a person something; stdout is for the credential.

    The provider's words may have control characters in them, which could rule a terminal.
    """
    shown = "".join(each if each.isprintable() or each == "\n" else "?" for each in text)
    sys.stderr.write(f"{shown}\n")
    sys.stderr.flush()
