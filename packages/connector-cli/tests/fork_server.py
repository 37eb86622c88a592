"""Starts command lines of the odd connector quickly: each is a process, forked with all imported.

Reads a line of JSON for each on stdin: `arguments`, `environment`, `directory`, and the paths of
the files that are its `stdin`, `stdout` and `stderr`; writes its exit code as a line. `typer_only`
switches off the recogniser of plain calls, so that typer reads every command line.
"""

import json
import os
import sys
from typing import Any

import odd_connector

import connector_cli
import connector_cli.commands  # imported here so that each process has it already
from connector_cli import command_line


def start(wanted: dict[str, Any]) -> None:
    """Become the process of one command line."""
    os.chdir(wanted["directory"])
    os.environ.update(wanted["environment"])
    for descriptor, name, flags in (
        (0, "stdin", os.O_RDONLY),
        (1, "stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(wanted[name], flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)

    sys.argv = ["odd-connector", *wanted["arguments"]]
    if wanted["typer_only"]:
        command_line.plain_call = lambda _: None  # type: ignore[assignment] # as if none were plain

    odd_connector.integration.handle_errors = "ODD_LETS_ERRORS_THROUGH" not in wanted["environment"]
    connector_cli.run(odd_connector.integration)


def main() -> None:
    """Fork a process for each line of stdin."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            start(json.loads(line))

        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
