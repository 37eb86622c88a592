"""Show three connectors at work: what `nox -s demo` runs.

Each call starts the connector's executable, as the platform's agent would, and prints what came
back. The tables show the `posix` connector's replies about this very machine, and the `scim`
connector's about a SCIM service that is started for that and knows a few people.
"""

import json
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from connector_cli.table import render_table

POSIX_REQUEST = {"request": {}, "page": {"size": 40}}
"""One page: a machine with thousands of accounts should not scroll the rest of the demo away."""

MOCK_REQUEST = {
    "auth": {"basic": {"username": "foo", "password": "bar"}},
    "request": {},
    "settings": {"host": "google.com"},
}

TOKEN = "demo-token"
"""What the SCIM service asks for; it lives as long as the demo."""

PEOPLE = ("Ada Lovelace", "Alan Turing", "Grace Hopper", "Katherine Johnson", "Tim Berners-Lee")
GROUPS = {"Mathematicians": PEOPLE[:2], "Programmers": PEOPLE[2:], "Visitors": ()}
"""Whom the SCIM service knows, by the groups that they are in."""

NEWCOMER = {
    "username": "margaret.hamilton",
    "email": "margaret.hamilton@example.com",
    "given_name": "Margaret",
    "family_name": "Hamilton",
    "entitlements": [],
}


class DemoFailed(Exception):
    """A connector answered an error, which was printed."""


def call(connector: str, capability: str, request: dict[str, Any]) -> dict[str, Any]:
    """Start a connector for one call; show the command, and return its reply.

    Raises:
        DemoFailed: the reply is an error.
    """
    command = [connector, capability, "--json", json.dumps(request, separators=(",", ":"))]
    print(f"\n$ {shlex.join(command)}", flush=True)
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    reply: dict[str, Any] = json.loads(output)
    if reply.get("is_error"):
        print(reply["error"]["message"])
        raise DemoFailed

    return reply


def show_table(connector: str, capability: str, request: dict[str, Any]) -> list[dict[str, Any]]:
    """Print what a connector lists, and return it."""
    reply = call(connector, capability, request)
    print(render_table(reply["response"], width=shutil.get_terminal_size().columns))
    if reply["page"] and reply["page"]["token"]:
        print("... and more: the page's token asks for the next one")

    listed: list[dict[str, Any]] = reply["response"]
    return listed


def show_members(
    reply: dict[str, Any], accounts: list[dict[str, Any]], groups: list[dict[str, Any]]
) -> None:
    """Print associations with the names of what their ids stand for."""
    usernames = {each["integration_specific_id"]: each["username"] for each in accounts}
    labels = {each["integration_specific_id"]: each["label"] for each in groups}
    members = [
        {
            "account": usernames[each["account_id"]],
            "is a member of": labels[each["integration_specific_resource_id"]],
        }
        for each in reply["response"]
    ]
    print(render_table(members, width=shutil.get_terminal_size().columns))


def show_line(connector: str, capability: str, request: dict[str, Any]) -> None:
    """Print the reply to one call, a line of JSON."""
    reply = call(connector, capability, request)
    print(json.dumps(reply, separators=(",", ":"), ensure_ascii=False))


@contextmanager
def scim_service() -> Iterator[str]:
    """Run scim2-server with some people and groups in it; its base URL, while it runs."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    command = ["scim2-server", "--port", str(port), "--bearer-token", TOKEN]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # written when it listens
        try:
            base_url = f"http://127.0.0.1:{port}/v2"
            load(base_url)
            yield base_url
        finally:
            process.kill()


def load(base_url: str) -> None:
    """Make the people and groups of the demo."""

    def create(endpoint: str, schema: str, **resource: Any) -> str:
        urn = f"urn:ietf:params:scim:schemas:core:2.0:{schema}"
        response = http.post(endpoint, json={"schemas": [urn], **resource})
        identifier: str = response.raise_for_status().json()["id"]
        return identifier

    with httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        ids = {}
        for person in PEOPLE:
            given_name, _, family_name = person.partition(" ")
            username = person.lower().replace(" ", ".")
            ids[person] = create(
                "/Users",
                "User",
                userName=username,
                name={"givenName": given_name, "familyName": family_name},
                emails=[{"value": f"{username}@example.com", "primary": True}],
                active=True,
            )

        for group, members in GROUPS.items():
            create(
                "/Groups",
                "Group",
                displayName=group,
                members=[{"value": ids[person]} for person in members],
            )


def show_scim(base_url: str) -> None:
    """Show who is there; let somebody in, into a group, and out again."""

    def request(**payload: Any) -> dict[str, Any]:
        credential = {"id": "bearer", "token": {"token": TOKEN}}
        settings = {"base_url": base_url}
        return {"credentials": [credential], "settings": settings, "request": payload}

    connector = "scim-connector"
    accounts = show_table(connector, "list_accounts", request())
    groups = show_table(connector, "list_resources", request())
    show_members(call(connector, "find_entitlement_associations", request()), accounts, groups)

    show_line(connector, "create_account", request(**NEWCOMER))
    accounts = show_table(connector, "list_accounts", request())
    account_id = next(
        account["integration_specific_id"]
        for account in accounts
        if account["username"] == NEWCOMER["username"]
    )
    group_id = next(
        group["integration_specific_id"] for group in groups if group["label"] == "Programmers"
    )
    grant = {
        "account_integration_specific_id": account_id,
        "resource_integration_specific_id": group_id,
        "resource_type": "group",
        "entitlement_type": "membership",
        "entitlement_integration_specific_id": group_id,
    }
    show_line(connector, "assign_entitlement", request(**grant))
    show_members(call(connector, "find_entitlement_associations", request()), accounts, groups)
    show_line(connector, "deactivate_account", request(account_id=account_id))
    show_table(connector, "list_accounts", request())


def main() -> int:
    """Run the calls; the exit code is 1 if one of them answered an error."""
    try:
        for capability in ("list_accounts", "find_entitlement_associations"):
            show_table("posix-connector", capability, POSIX_REQUEST)

        with scim_service() as base_url:
            show_scim(base_url)

        show_line("mock-connector", "validate_credentials", MOCK_REQUEST)
    except DemoFailed:
        return 1

    return 0


if __name__ == "__main__":
    sys.exit(main())
