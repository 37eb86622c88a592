"""A connector's command line read by typer: help, mistakes, and whatever is not a plain call.

Nothing of the connector runs here. A command says what is to be done, as a `Job`, and
`command_line` does it once the real stdout is out of reach again.
"""

import inspect
import os
import shlex
import sys
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from connector_cli import options
from connector_cli.calls import REPLIED, WRONG_USE, Call, Job, answer
from connector_cli.descriptors import Wire
from connector_cli.developer_commands import add_developer_commands
from connector_cli.logs import LogOptions
from connector_cli.presentation import View, is_listing, present
from connector_cli.typer_classes import Command, Group, run_app
from connector_sdk import Integration
from connector_sdk.spec import TAGS
from connector_sdk.standard import category_of, standard_capability

SHOW_VERSION = "Show the connector's version."

FOR_LISTS = frozenset({"all_pages", "table"})
"""Options of those capabilities only whose payload is a list."""


class Reading:
    """What a command line turns out to ask for, while typer reads it.

    Parameters:
        module: the module that holds the integration; None for a connector in one file.
    """

    def __init__(self, module: str | None) -> None:
        self.module = module
        self.job: Job | None = None
        self._level: options.Level | None = None
        self._form: options.Format | None = None

    def log(self, level: options.Level | None, form: options.Format | None) -> None:
        """Note what is said of logs; before the command or after it, the last one counts."""
        self._level = level or self._level
        self._form = form or self._form

    @property
    def log_options(self) -> LogOptions:
        """What the command line says of logs."""
        return LogOptions(
            level=self._level.value if self._level else None,
            form=self._form.value if self._form else None,
        )


def read_words(
    integration: Integration, words: list[str], wire: Wire, *, module: str | None
) -> tuple[Job | int, LogOptions]:
    """Read a command line with typer; help and mistakes are printed here.

    Parameters:
        integration: what the command line is for.
        words: the command line, without the program's name.
        wire: whose stdout help is printed to.
        module: the module that holds the integration; None for a connector in one file.

    Returns:
        What is asked for, or the exit code when all is said; and what to log.
    """
    reading = Reading(module)
    app = make_app(integration, reading)
    program = os.path.basename(sys.argv[0])
    if not words and not _completes(program):
        # Nothing was asked for: help, but as for a mistake.
        run_app(app, ["--help"], program)
        return WRONG_USE, LogOptions()

    if words and words[0].replace("-", "_") in _words_of(integration):
        words = [words[0].replace("-", "_"), *words[1:]]

    with wire.restored():
        code = run_app(app, words, program)

    return reading.job or code, reading.log_options


def make_app(integration: Integration, reading: Reading) -> typer.Typer:
    """Return the typer application of an integration; its commands tell `reading` what to do."""
    description = integration.description_data
    app = typer.Typer(
        cls=Group,
        help=f"{description.user_friendly_name}: {description.description or 'a connector.'}",
        rich_markup_mode="rich" if _has_rich() else None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )

    def show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
        if wanted:
            typer.echo(f"{integration.app_id}-connector {integration.version}")
            raise typer.Exit

    show = typer.Option(
        "--version", metavar=options.FLAG, callback=show_version, is_eager=True, help=SHOW_VERSION
    )

    @app.callback()
    def general(
        *,
        version: Annotated[bool, show] = False,  # noqa: ARG001 - its callback does it
        log_level: options.LogLevel = None,
        log_format: options.LogFormat = None,
    ) -> None:
        reading.log(log_level, log_format)

    for name in _words_of(integration):
        _add_capability(app, integration, name, reading)

    _add_call(app, integration, reading)
    _add_example(app, integration, reading)
    add_developer_commands(app, integration, reading)
    return app


def _add_capability(
    app: typer.Typer, integration: Integration, name: str, reading: Reading
) -> None:
    capability = integration.capabilities.get(name)
    words = standard_capability(name).description if capability is None else capability.words

    def command(
        *,
        json: options.Json = None,
        json_file: options.JsonFile = None,
        result_file_path: options.ResultFile = None,
        fail: options.Fail = False,
        all_pages: options.AllPages = False,
        pretty: options.Pretty = False,
        table: options.Table = False,
        log_level: options.LogLevel = None,
        log_format: options.LogFormat = None,
    ) -> None:
        reading.log(log_level, log_format)
        call = Call(name, json, json_file, result_file_path, fail)
        reading.job = _job(call, View(pretty=pretty, table=table, all_pages=all_pages))

    if capability is None or not is_listing(capability):
        _leave_out(command, FOR_LISTS)

    app.command(
        name,
        cls=_with_example(integration, name),
        help=words,
        rich_help_panel=TAGS[category_of(name)],
    )(command)


def _leave_out(command: Callable[..., None], names: frozenset[str]) -> None:
    """Take options out of what typer sees of a command; they keep their defaults."""
    seen = inspect.signature(command)
    kept = [each for name, each in seen.parameters.items() if name not in names]
    command.__signature__ = seen.replace(parameters=kept)  # type: ignore[attr-defined] # PEP 362


def _add_call(app: typer.Typer, integration: Integration, reading: Reading) -> None:
    @app.command("call", cls=Command, rich_help_panel="Any capability")
    def call(
        *,
        name: Annotated[str, typer.Argument(metavar="NAME", help="The capability.")],
        json: options.Json = None,
        json_file: options.JsonFile = None,
        result_file_path: options.ResultFile = None,
        fail: options.Fail = False,
        log_level: options.LogLevel = None,
        log_format: options.LogFormat = None,
    ) -> None:
        """Call a capability by its name."""
        reading.log(log_level, log_format)
        known = _known(integration, name)
        reading.job = _job(Call(known, json, json_file, result_file_path, fail), View())


def _add_example(app: typer.Typer, integration: Integration, reading: Reading) -> None:
    @app.command("example", cls=Command, rich_help_panel="Any capability")
    def example(
        name: Annotated[str, typer.Argument(metavar="NAME", help="The capability.")],
    ) -> None:
        """Print a request to fill in, for --json-file."""
        known = _known(integration, name)
        reading.job = partial(_print_example, name=known)


def _job(call: Call, view: View) -> Job:
    if view == View():
        return partial(answer, call=call)

    view.check(call)
    return partial(present, call=call, view=view)


def _print_example(integration: Integration, wire: Wire, *, name: str) -> int:
    wire.write(_example(integration, name))
    return REPLIED


def _example(integration: Integration, name: str) -> str:
    import json

    from connector_sdk.spec import example_request

    return json.dumps(example_request(integration, name), indent=2, ensure_ascii=False)


def _with_example(integration: Integration, name: str) -> type[Command]:
    """Return a kind of command whose help ends with an example of its request."""

    class CommandWithExample(Command):
        def format_help(self, ctx: Any, formatter: Any) -> None:
            super().format_help(ctx, formatter)
            program = ctx.find_root().info_name
            request = shlex.quote(_example(integration, name)).replace("\n", "\n  ")
            formatter.write(
                f" A request to fill in (for a file: {program} example {name}):\n\n"
                f"  {program} {name} --json {request}\n"
            )

    return CommandWithExample


def _known(integration: Integration, name: str) -> str:
    known = _words_of(integration)
    plain = name.replace("-", "_")
    if plain not in known:
        raise typer.BadParameter(f"there is no such capability; there are {', '.join(known)}")

    return plain


def _words_of(integration: Integration) -> list[str]:
    """Return the names of all capabilities, `info` among them, by what they are for."""
    order = list(TAGS)
    names = {"info", *integration.capabilities}
    return sorted(names, key=lambda name: (order.index(category_of(name)), name))


def _completes(program: str) -> bool:
    """Tell whether a shell asks how the command line could go on."""
    return f"_{program}_COMPLETE".replace("-", "_").upper() in os.environ


def _has_rich() -> bool:
    """Tell whether rich is installed: a compiled connector has none, and plain help."""
    from importlib.util import find_spec

    return find_spec("rich") is not None
