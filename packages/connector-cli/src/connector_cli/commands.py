"""A connector's command line read by typer: help, mistakes, and whatever is not a plain call."""

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from connector_cli.calls import REPLIED, Call
from connector_cli.descriptors import Wire
from connector_cli.logs import log_to_stderr
from connector_sdk import Integration
from connector_sdk.standard import STANDARD_CAPABILITIES, CapabilityCategory

PANELS = {
    CapabilityCategory.INFO: "Learning about the connector",
    CapabilityCategory.READ: "Reading",
    CapabilityCategory.WRITE: "Writing",
    CapabilityCategory.OAUTH: "OAuth 2.0",
    CapabilityCategory.CUSTOM: "Of this connector",
}
"""Headings of the help, by the category of the capabilities below them."""

Json = Annotated[
    str | None,
    typer.Option("--json", metavar="TEXT", help="The request; - reads it from stdin."),
]
JsonFile = Annotated[
    str | None, typer.Option("--json-file", metavar="PATH", help="A file that holds the request.")
]
ResultFile = Annotated[
    str | None,
    typer.Option(
        "--result-file-path",
        metavar="PATH.gz",
        help="Write the reply to this file, gzip, and nothing to stdout.",
    ),
]
Fail = Annotated[bool, typer.Option("--fail", help="Exit with 1 when the reply is an error.")]
LogLevel = Annotated[
    str | None,
    typer.Option(
        "--log-level", metavar="LEVEL", help="Lowest level of log records on stderr [WARNING]."
    ),
]


def read_words(integration: Integration, words: list[str], wire: Wire) -> tuple[int, Call | None]:
    """Read a command line with typer.

    Help and mistakes are printed here. Nothing of the connector is called.

    Returns:
        The exit code and None when that is all, or the call that is asked for.
    """
    asked: list[Call] = []
    app = make_app(integration, asked.append)
    if words and words[0].replace("-", "_") in _descriptions(integration):
        words = [words[0].replace("-", "_"), *words[1:]]

    with wire.restored():
        try:
            app(args=words, prog_name=os.path.basename(sys.argv[0]))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else REPLIED

    return (code, None) if not asked else (REPLIED, asked[0])


def make_app(integration: Integration, ask: Callable[[Call], None]) -> typer.Typer:
    """Return the typer application of an integration; its commands pass their call to `ask`."""
    description = integration.description_data
    app = typer.Typer(
        help=f"{description.user_friendly_name}: {description.description or 'a connector.'}",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich" if _has_rich() else None,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def options(log_level: LogLevel = None) -> None:
        if log_level is not None:
            log_to_stderr(log_level)

    for name, text in _descriptions(integration).items():
        _add_command(app, name, text, ask)

    @app.command("call", rich_help_panel="Any capability")
    def call(
        name: Annotated[str, typer.Argument(metavar="NAME", help="The capability.")],
        json: Json = None,
        json_file: JsonFile = None,
        result_file_path: ResultFile = None,
        fail: Fail = False,
    ) -> None:
        """Call a capability by its name."""
        known = _descriptions(integration)
        if name.replace("-", "_") not in known:
            raise typer.BadParameter(f"there is no such capability; there are {', '.join(known)}")

        ask(Call(name.replace("-", "_"), json, json_file, result_file_path, fail))

    return app


def _add_command(app: typer.Typer, name: str, text: str, ask: Callable[[Call], None]) -> None:
    @app.command(name, help=text, rich_help_panel=PANELS[_category(name)])
    def command(
        json: Json = None,
        json_file: JsonFile = None,
        result_file_path: ResultFile = None,
        fail: Fail = False,
    ) -> None:
        ask(Call(name, json, json_file, result_file_path, fail))


def _descriptions(integration: Integration) -> dict[str, str]:
    """Return what each capability does, by name: in the connector's words, else in the contract's."""
    standard = {name.value: row.description for name, row in STANDARD_CAPABILITIES.items()}
    own = {name: each.description for name, each in integration.capabilities.items()}
    return {
        name: own.get(name) or standard.get(name, "A capability of this connector.")
        for name in sorted({"info", *own})
    }


def _category(name: str) -> CapabilityCategory:
    for standard, row in STANDARD_CAPABILITIES.items():
        if standard.value == name:
            return row.category

    return CapabilityCategory.CUSTOM


def _has_rich() -> bool:
    """Tell whether rich is installed: a compiled connector has none, and plain help."""
    from importlib.util import find_spec

    return find_spec("rich") is not None
