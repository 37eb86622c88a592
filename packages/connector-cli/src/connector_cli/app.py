"""The `connector` command: for people who write connectors, build them and ship them.

A command imports what it needs when it runs; what is not installed is no harm to the others.
"""

import sys
from enum import Enum
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated, Any, NoReturn

import typer

from connector_cli.calls import NO_REPLY, NoReply
from connector_cli.parts import part
from connector_cli.typer_classes import Command, Group, run_app
from connector_sdk.extras import MissingExtraError

A_DAY = 24 * 60 * 60
"""Seconds."""

app = typer.Typer(
    cls=Group,
    help="Write, build and ship connectors.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


agent = typer.Typer(
    cls=Group,
    help="Try compiled connectors as an on-premises agent runs them.",
    no_args_is_help=True,
)
app.add_typer(agent, name="agent")


class ScaffoldCommand(Command):
    """The command `scaffold`, whose help lists the template's questions."""

    def get_help(self, ctx: Any) -> str:
        """Return the help, with what `--data` answers at its end."""
        try:
            asked = part("questions", extra="scaffold").described(width=get_terminal_size().columns)
        except MissingExtraError as error:
            asked = str(error)

        return f"{super().get_help(ctx)}\n{asked}"


class DocumentFormat(str, Enum):
    """How a document is written."""

    JSON = "json"
    YAML = "yaml"


def main() -> NoReturn:
    """Answer one command line of `connector`, and end the process."""
    try:
        code = run_app(app, sys.argv[1:], "connector")
    except (MissingExtraError, NoReply) as error:
        _fail(str(error))

    raise SystemExit(code)


def show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    """Print the version, and end."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"connector {version('connector-cli')}")
        raise typer.Exit


@app.callback()
def general(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Nothing: `show_version` has done what there is to do."""


@app.command(cls=Command)
def spec(
    *,
    document_format: Annotated[
        DocumentFormat, typer.Option("--format", help="How the document is written.")
    ] = DocumentFormat.JSON,
) -> None:
    """Print the OpenAPI 3.1 document of all standard capabilities."""
    from connector_cli.documents import write_document
    from connector_sdk.spec import standard_document

    typer.echo(write_document(standard_document(), document_format.value), nl=False)


@app.command(cls=ScaffoldCommand)
def scaffold(
    *,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the app, such as acme or acme-connector.")
    ],
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORY", help="Where it is written to.")],
    force_overwrite: Annotated[
        bool, typer.Option("--force-overwrite", "-f", help="Write over files that stand there.")
    ] = False,
    tests_only: Annotated[
        bool, typer.Option("--tests-only", "-t", help="Write the tests and nothing else.")
    ] = False,
    author_name: Annotated[str | None, typer.Option(help="Name of its author.")] = None,
    author_email: Annotated[str | None, typer.Option(help="E-mail address of its author.")] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION=ANSWER",
            help="Answer to one of the questions below, such as authentication=token; as many "
            "times as needed.",
        ),
    ] = None,
    update: Annotated[
        bool,
        typer.Option("--update", help="Write only what is the template's, anew."),
    ] = False,
) -> None:
    """Write a new connector, ready to run, from the template."""
    written = part("scaffold", extra="scaffold").scaffold(
        name=name,
        directory=directory,
        force_overwrite=force_overwrite,
        tests_only=tests_only,
        author_name=author_name,
        author_email=author_email,
        data=data or (),
        update=update,
    )
    if update:
        changed = ", ".join(map(str, written)) or "nothing: it is as the template makes it"
        typer.echo(f"updated in {directory}: {changed}")
        return

    typer.echo(f"{directory} is written; its README.md says how to go on")


@app.command("compile-on-prem", cls=Command)
def compile_on_prem(
    *,
    connector_root_module_dir: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the connector's package, with main.py.")
    ],
    app_id: Annotated[str, typer.Option(metavar="ID", help="App id of the connector.")],
    output_directory: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the archive is written to.")
    ] = Path(),
) -> None:
    """Build a connector that runs without Python, as an archive; print the archive's path."""
    archive = part("bundle", extra="compile").compile_on_prem(
        connector_root_module_dir=connector_root_module_dir,
        app_id=app_id,
        output_directory=output_directory,
    )
    typer.echo(archive)


@agent.command("run", cls=Command)
def run(
    *,
    bundles: Annotated[
        list[Path],
        typer.Argument(
            metavar="BUNDLE...", help="Archives that compile-on-prem wrote, each with its digest."
        ),
    ],
    once: Annotated[
        str | None,
        typer.Option(metavar="CAPABILITY", help="Call this, and print the replies, a line each."),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The request of --once; - reads it from stdin."),
    ] = None,
    json_file: Annotated[
        str | None, typer.Option(metavar="PATH", help="A file that holds the request of --once.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=A_DAY, metavar="SECONDS", help="How long a call may take.")
    ] = 300,
) -> None:
    """Check and unpack bundles, start each for `info`, and show what was found as a table."""
    from connector_cli.agent import order, run_agent

    code = run_agent(bundles, order=order(once, json=json, json_file=json_file), timeout=timeout)
    raise typer.Exit(code)


@app.command(cls=Command)
def migrate(
    *,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A connector's folder, or a file.")],
    write: Annotated[
        bool, typer.Option("--write", help="Change the files; without it they are only shown.")
    ] = False,
) -> None:
    """Put native imports in the place of those of connector-compat, and show the changes."""
    part("migrate", extra="migrate").carry_out(path, write=write)


@app.command(cls=Command)
def doctor() -> None:
    """Look at this installation, and say what is wrong and how to mend it."""
    from connector_cli.doctor import findings

    found = findings()
    for each in found:
        typer.echo(each.text)

    raise typer.Exit(NO_REPLY if any(each.is_wrong for each in found) else 0)


def _fail(message: str) -> NoReturn:
    typer.echo(f"connector: {message}", err=True)
    raise SystemExit(NO_REPLY)


if __name__ == "__main__":
    main()
