"""The command line of a connector, and the `connector` command.

A connector's `main.py` is two lines::

    from connector_cli import run

    run("acme_connector.integration:integration")
"""

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from connector_sdk import Integration

__all__ = ["run"]


def run(integration: "str | Integration") -> NoReturn:
    """Answer the command line of this process with an integration, and end the process.

    Parameters:
        integration: `module:attribute`, imported once the process's descriptors are taken, so that
            nothing the import prints reaches stdout; or the object, for a connector in one file.

    Exit codes (contract, section 9): 0 a reply was produced, 1 none could be, 2 wrong use,
    130 interrupted.
    """
    from connector_cli.command_line import run_command_line

    run_command_line(integration)
