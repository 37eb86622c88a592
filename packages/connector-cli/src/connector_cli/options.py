"""Options that commands share, with their help: each written once."""

from enum import Enum
from typing import Annotated

import typer

from connector_cli.logs import FORMATS, LEVELS

FOR_PEOPLE = "For people"
"""Heading of the options that make the output easy to read, and hard to parse."""

LOGS = "Logs, on stderr"

FLAG = ""
"""Metavar of an option without a value, which typer would show as a truth value."""

Level = Enum("Level", {each: each for each in LEVELS}, type=str)  # type: ignore[misc] # the choices that typer shows
Format = Enum("Format", {each: each for each in FORMATS}, type=str)  # type: ignore[misc] # as above

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
Fail = Annotated[
    bool, typer.Option("--fail", metavar=FLAG, help="Exit with 1 when the reply is an error.")
]
Pretty = Annotated[
    bool,
    typer.Option(
        "--pretty",
        metavar=FLAG,
        help="Show the reply indented, and coloured on a terminal.",
        rich_help_panel=FOR_PEOPLE,
    ),
]
Table = Annotated[
    bool,
    typer.Option(
        "--table", metavar=FLAG, help="Show the list as a table.", rich_help_panel=FOR_PEOPLE
    ),
]
AllPages = Annotated[
    bool,
    typer.Option(
        "--all-pages",
        metavar=FLAG,
        help="Follow the pages to the end, and print a line of JSON for each item.",
    ),
]
LogLevel = Annotated[
    Level | None,
    typer.Option(
        "--log-level",
        metavar="LEVEL",
        case_sensitive=False,
        help=f"Lowest level that is logged: {', '.join(LEVELS).lower()}.",
        rich_help_panel=LOGS,
    ),
]
LogFormat = Annotated[
    Format | None,
    typer.Option(
        "--log-format",
        metavar="FORM",
        case_sensitive=False,
        help=f"Form of the records: {' or '.join(FORMATS)}.",
        rich_help_panel=LOGS,
    ),
]
