"""Starts command lines quickly: each is a process, forked from one that has imported everything.

It is talked to over the socket that is its stdin. A message is a line of JSON. One with `words`
starts a process; the descriptors of its stdin, stdout and stderr come with the message; the answer
is its pid. One with `wait` waits for a process and answers its exit code.
"""

import json
import os
import socket
import sys
from typing import Any, NoReturn

import odd_connector

import connector_cli
import connector_cli.app
import connector_cli.commands
import connector_cli.server
import connector_cli.worker
from connector_cli import command_line

LONGEST = 65536
"""Bytes of a message."""


def become(wanted: dict[str, Any], streams: list[int]) -> NoReturn:
    """Become the process that a message wants."""
    for descriptor, opened in enumerate(streams):
        os.dup2(opened, descriptor)
        os.close(opened)

    for descriptor in wanted["closed"]:
        os.close(descriptor)

    os.chdir(wanted["directory"])
    os.environ.update(wanted["environment"])
    sys.path[:0] = wanted["path"]
    sys.argv = [wanted["program"], *wanted["words"]]
    if wanted["program"] == "connector":
        connector_cli.app.main()

    if wanted["typer_only"]:
        command_line.plain_call = lambda _: None  # type: ignore[assignment] # as if none were plain

    if wanted["frozen"]:
        sys.frozen = True  # type: ignore[attr-defined] # as PyInstaller does

    odd_connector.integration.handle_errors = "ODD_LETS_ERRORS_THROUGH" not in os.environ
    connector_cli.run(wanted["place"] or odd_connector.integration)


def main() -> None:
    """Answer messages until the other side of the socket is closed."""
    door = socket.socket(fileno=os.dup(0))
    while True:
        message, streams, _, _ = socket.recv_fds(door, LONGEST, 3)
        if not message:
            return

        wanted = json.loads(message)
        if "wait" in wanted:
            _, status = os.waitpid(wanted["wait"], 0)
            door.send(str(os.waitstatus_to_exitcode(status)).encode())
            continue

        child = os.fork()
        if child == 0:
            door.close()
            become(wanted, streams)

        for each in streams:
            os.close(each)

        door.send(str(child).encode())


if __name__ == "__main__":
    main()
