"""Making a new connector, and the ways to write its name."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import NoReturn

from connector._explanations import GoneError
from connector_cli.scaffold import ScaffoldError

__all__ = [
    "ScaffoldError",
    "hyphenate",
    "namecase",
    "pascalcase",
    "scaffold",
    "setup_args",
    "snakecase",
]


def snakecase(name: str) -> str:
    """Return a name as of a module: `my-app` gives `my_app`."""
    return name.lower().replace("-", "_").replace(" ", "_")


def hyphenate(name: str) -> str:
    """Return a name as of a command: `my_app` gives `my-app`."""
    return snakecase(name).replace("_", "-")


def namecase(name: str) -> str:
    """Return a name for people: `my_app` gives `My App`."""
    return snakecase(name).replace("_", " ").title()


def pascalcase(name: str) -> str:
    """Return a name as of a class: `my_app` gives `MyApp`."""
    return namecase(name).replace(" ", "")


def setup_args(scaffold_parser: ArgumentParser) -> NoReturn:
    """Say that argparse is not used."""
    raise GoneError(
        f"{__name__}.setup_args",
        "the command line is not read by argparse; use `connector scaffold NAME DIRECTORY`",
    )


def scaffold(args: Namespace) -> None:
    """Write a connector from the template.

    Parameters:
        args: `name`, `directory`, and if they are wanted `force_overwrite` and `tests_only`.

    Raises:
        ScaffoldError: it was not written; what stood there has not changed.
        MissingExtraError: copier is not installed.
    """
    from connector_cli.parts import part

    part("scaffold", extra="scaffold").scaffold(
        name=args.name,
        directory=Path(args.directory),
        force_overwrite=getattr(args, "force_overwrite", False),
        tests_only=getattr(args, "tests_only", False),
    )
