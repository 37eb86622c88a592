"""Commands that keep a connector running: `dev`, also named `hacking`, and `worker`.

What they start is imported when it is started, so that a missing extra is no harm before.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from connector_cli import options
from connector_cli.calls import NoReply
from connector_cli.descriptors import Wire
from connector_cli.logs import ACCESS_LOGGER, LEVEL_VARIABLE, LogOptions
from connector_cli.typer_classes import Command, Group
from connector_sdk import Integration
from connector_sdk.extras import MissingExtraError
from connector_sdk.modules import DeveloperCommand, DeveloperCommands

if TYPE_CHECKING:
    from connector_cli.commands import Reading

KEEP_RUNNING = "Keeping it running"
"""Heading of these commands in the help."""

ALL_WORDS = {"ignore_unknown_options": True, "allow_extra_args": True}
"""For a command that is given all words after its own, whatever they are."""

MEBIBYTE = 1024 * 1024

LargestBody = Annotated[
    int,
    typer.Option(
        "--max-body", min=1, metavar="MIB", help="Largest request, in MiB.", show_default=True
    ),
]


def add_developer_commands(app: typer.Typer, integration: Integration, reading: "Reading") -> None:
    """Add `dev`, `hacking` and `worker` to a connector's application."""
    if getattr(sys, "frozen", False):
        _refuse(app, "dev")
        _refuse(app, "hacking")
    else:
        _add_dev(app, integration, reading)

    _add_worker(app, reading)


def _refuse(app: typer.Typer, word: str) -> None:
    """Say of a compiled connector why it has none of these commands (contract, section 10)."""

    @app.command(word, hidden=True, add_help_option=False, context_settings=ALL_WORDS)
    def refuse(context: typer.Context) -> None:
        context.fail(
            f"{word} is for developers, and a compiled connector comes without its commands; "
            "run them from the connector's source"
        )


def _add_dev(app: typer.Typer, integration: Integration, reading: "Reading") -> None:
    dev = typer.Typer(
        cls=Group,
        help="Run an HTTP server, and what the connector's modules offer to developers.",
        no_args_is_help=True,
    )
    _add_http_server(dev, reading)
    for word, command in _of_modules(integration).items():
        _add_command_of_module(dev, word, command, reading)

    app.add_typer(dev, name="dev", rich_help_panel=KEEP_RUNNING)
    app.add_typer(dev, name="hacking", hidden=True)


def _add_http_server(dev: typer.Typer, reading: "Reading") -> None:
    @dev.command("http-server", cls=Command)
    def http_server(
        *,
        host: Annotated[
            str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")
        ] = "127.0.0.1",
        port: Annotated[
            int,
            typer.Option(
                "--port", min=0, max=65535, metavar="PORT", help="Port; 0 takes a free one."
            ),
        ] = 8000,
        allow_host: Annotated[
            list[str] | None,
            typer.Option(
                "--allow-host",
                metavar="NAME",
                help="Answer requests for this name too; * answers all. Can be repeated.",
            ),
        ] = None,
        token_file: Annotated[
            str | None,
            typer.Option(
                "--token-file",
                metavar="PATH",
                help="Ask for the bearer token in this file; "
                "by default for that in CONNECTOR_HTTP_TOKEN, if it is set.",
            ),
        ] = None,
        max_body: LargestBody = 32,
        reload: Annotated[
            bool,
            typer.Option(
                "--reload",
                metavar=options.FLAG,
                help="Start again when the connector's code changes.",
            ),
        ] = False,
        log_level: options.LogLevel = None,
        log_format: options.LogFormat = None,
    ) -> None:
        """Answer capability calls over HTTP, with a page to try them on."""
        reading.log(log_level, log_format)
        if reload:
            reading.job = partial(_serve_again, module=reading.module)
            return

        reading.job = partial(
            _serve,
            host=host,
            port=port,
            allow_host=allow_host or [],
            token_file=token_file,
            largest_body=max_body * MEBIBYTE,
            logs=reading.log_options,
        )


def _serve(
    integration: Integration,
    _wire: Wire,
    *,
    host: str,
    port: int,
    allow_host: list[str],
    token_file: str | None,
    largest_body: int,
    logs: LogOptions,
) -> int:
    with _extra_needed():
        from connector_cli.http_app import HttpOptions
        from connector_cli.http_door import expected_hosts
        from connector_cli.server import read_token, serve

    if logs.level is None and LEVEL_VARIABLE not in os.environ:
        logging.getLogger(ACCESS_LOGGER).setLevel(logging.INFO)

    options = HttpOptions(
        hosts=expected_hosts(host, allow_host),
        token=read_token(token_file),
        largest_body=largest_body,
    )
    serve(integration, host=host, port=port, options=options)


def _serve_again(_integration: Integration, _wire: Wire, *, module: str | None) -> int:
    with _extra_needed():
        from connector_cli.reloading import run_again_on_changes

    return run_again_on_changes(module)


@contextmanager
def _extra_needed() -> Iterator[None]:
    """Turn a missing extra into words for a person."""
    try:
        yield
    except MissingExtraError as error:
        raise NoReply(str(error)) from None


def _add_worker(app: typer.Typer, reading: "Reading") -> None:
    @app.command("worker", cls=Command, rich_help_panel=KEEP_RUNNING)
    def worker(
        *,
        max_concurrency: Annotated[
            int,
            typer.Option("--max-concurrency", min=1, metavar="N", help="Calls at the same time."),
        ] = 16,
        max_body: LargestBody = 32,
        log_level: options.LogLevel = None,
        log_format: options.LogFormat = None,
    ) -> None:
        """Answer many calls, each a line of JSON on stdin, as each finishes.

        Call: {"id": 1, "capability": "list_accounts", "request": {...}}
        Reply: {"id": 1, "reply": {...}}

        Give it up: {"id": 1, "cancel": true}
        Reply: {"id": 1, "cancelled": true}

        Any other line is answered by {"id": ..., "error": "..."}.
        """
        reading.log(log_level, log_format)
        reading.job = partial(_work, max_concurrency=max_concurrency, max_line=max_body * MEBIBYTE)


def _work(integration: Integration, wire: Wire, *, max_concurrency: int, max_line: int) -> int:
    from connector_cli.worker import work

    work(integration, wire, max_concurrency=max_concurrency, max_line=max_line)


def _of_modules(integration: Integration) -> dict[str, DeveloperCommand]:
    return {
        word: command
        for module in integration.modules
        if isinstance(module, DeveloperCommands)
        for word, command in module.developer_commands().items()
    }


def _add_command_of_module(
    dev: typer.Typer, word: str, command: DeveloperCommand, reading: "Reading"
) -> None:
    @dev.command(
        word,
        help=command.help,
        add_help_option=False,
        context_settings=ALL_WORDS,
    )
    def run(context: typer.Context) -> None:
        def job(integration: Integration, wire: Wire) -> int:
            with wire.restored():  # it is made for a person, who may be asked something
                return command.run(integration, list(context.args))

        reading.job = job
