"""The parts of this package that need an extra."""

from importlib import import_module
from typing import Any

from connector_sdk.extras import MissingExtraError

NEEDED = {
    "scaffold": ("copier",),
    "compile": ("PyInstaller", "cyclonedx", "packageurl", "packaging"),
    "migrate": ("libcst",),
}
"""The packages that the command of each extra cannot do without."""


def part(name: str, *, extra: str) -> Any:
    """Return the module of this package that does something an extra is needed for.

    Parameters:
        name: the module, such as `bundle`.
        extra: the extra.

    Raises:
        MissingExtraError: the extra is not installed.
    """
    try:
        for package in NEEDED[extra]:
            import_module(package)
    except ModuleNotFoundError as error:
        if error.name not in NEEDED[extra]:
            raise

        raise MissingExtraError(extra, error, distribution="connector-cli") from error

    return import_module(f"connector_cli.{name}")
