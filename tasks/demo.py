"""Show two connectors at work: what `nox -s demo` runs.

Each call starts the connector's executable, as the platform's agent would, and prints what came
back. The tables show the `posix` connector's replies about this very machine.
"""

import json
import shlex
import shutil
import subprocess
import sys
from typing import Any

from connector_cli.table import render_table

POSIX_REQUEST = {"request": {}, "page": {"size": 40}}
"""One page: a machine with thousands of accounts should not scroll the rest of the demo away."""

MOCK_REQUEST = {
    "auth": {"basic": {"username": "foo", "password": "bar"}},
    "request": {},
    "settings": {"host": "google.com"},
}


def call(connector: str, capability: str, request: dict[str, Any]) -> str:
    """Start a connector for one call; show the command, return its reply, a line of JSON."""
    command = [connector, capability, "--json", json.dumps(request, separators=(",", ":"))]
    print(f"\n$ {shlex.join(command)}", flush=True)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def show_table(capability: str) -> bool:
    """Print what the posix connector says of this machine; False if it answered an error."""
    reply = json.loads(call("posix-connector", capability, POSIX_REQUEST))
    if reply.get("is_error"):
        print(reply["error"]["message"])
        return False
    print(render_table(reply["response"], width=shutil.get_terminal_size().columns))
    if reply["page"] and reply["page"]["token"]:
        print("... and more: the page's token asks for the next one")
    return True


def main() -> int:
    """Run the three calls; the exit code is 1 if one of them answered an error."""
    tables = [
        show_table(capability) for capability in ("list_accounts", "find_entitlement_associations")
    ]
    reply = call("mock-connector", "validate_credentials", MOCK_REQUEST)
    print(reply, end="")
    return int("is_error" in json.loads(reply) or not all(tables))


if __name__ == "__main__":
    sys.exit(main())
