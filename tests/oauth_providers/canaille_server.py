# mypy: disable-error-code="import-not-found,import-untyped"
"""A provider for tests: Canaille on the loopback interface, with an address that lets time pass.

It reads one line of JSON from stdin, {"clients": [...], "users": [...], "password": TEXT,
"key": PEM, "folder": PATH}, answers with a line {"issuer": URL} on stdout, and ends when stdin
does. POST /clock with a number of seconds makes all that was issued so much older, so that tests
need not wait until something expires.
"""

import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from werkzeug.serving import make_server

Environment = dict[str, Any]
WsgiApp = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


def make_app(server_name: str, given: dict[str, Any]) -> Any:
    """Canaille with the users and the clients that the tests want."""
    app = create_app(
        config={
            "SECRET_KEY": "only for tests",
            "SERVER_NAME": server_name,
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "sql", "LOGGING": {"version": 1}},
            "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{given['folder']}/canaille.sqlite"},
            "CANAILLE_OIDC": {"REQUIRE_NONCE": False, "ACTIVE_JWKS": [given["key"]]},
        }
    )
    with app.app_context(), Backend.instance.session():
        for name in given["users"]:
            user = models.User(
                user_name=name,
                password=given["password"],
                family_name=name,
                formatted_name=name,
                emails=[f"{name}@example.com"],
            )
            Backend.instance.save(user)

        for fields in given["clients"]:
            if "jwks" in fields:
                fields["jwks"] = json.dumps(fields["jwks"])

            Backend.instance.save(models.Client(client_name=fields["client_id"], **fields))

    return app


def with_clock(app: Any) -> WsgiApp:
    """The application, with the address of the clock."""

    def answer(environment: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        if environment["PATH_INFO"] != "/clock":
            reply: Iterable[bytes] = app(environment, start)
            return reply

        seconds = int(environment["wsgi.input"].read(int(environment["CONTENT_LENGTH"])))
        with app.app_context(), Backend.instance.session():
            for model in (models.Token, models.AuthorizationCode):
                for each in Backend.instance.query(model):
                    each.issue_date -= timedelta(seconds=seconds)
                    Backend.instance.save(each)

        start("204 No Content", [])
        return []

    return answer


def main() -> None:
    """Serve until stdin ends."""
    given = json.loads(sys.stdin.readline())
    listening = socket.create_server(("127.0.0.1", 0))
    server_name = f"127.0.0.1:{listening.getsockname()[1]}"
    app = with_clock(make_app(server_name, given))
    server = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(json.dumps({"issuer": f"http://{server_name}"}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
