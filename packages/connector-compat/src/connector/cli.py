"""A connector's command line.

`run_integration` leads to `connector_cli.run`. What was argparse's is here for its import.
"""

from typing import TYPE_CHECKING, Any, NoReturn

from connector._explanations import GoneError
from connector_sdk import Integration

if TYPE_CHECKING:  # each call of an old connector imports this module, and needs no argparse
    from argparse import ArgumentParser, Namespace

__all__ = [
    "CAPABILITY_PREFIX",
    "build_executable",
    "capability_executor",
    "collect_capabilities",
    "create_integration_hacking_parser",
    "get_result_file_path",
    "http_integration_server",
    "run_integration",
]

CAPABILITY_PREFIX = "\n      "
"""Stood before each capability in the help."""

NO_ARGPARSE = (
    "the command line is not read by argparse; call run_integration(integration), and give a "
    "custom capability to what the command line should do besides"
)


def run_integration(integration: Integration, no_print: bool = False) -> None:
    """Answer the command line of this process with an integration, and end the process.

    Parameters:
        integration: the connector's.
        no_print: whether the reply is kept off stdout.
    """
    from connector_cli import run

    if no_print:
        _drop_stdout()

    run(integration)


def http_integration_server(
    integration: Integration,
    port: int = 8000,
    reload: bool = False,
    use_proxy: bool = False,
) -> None:
    """Answer capability calls over HTTP on this machine until the process is ended.

    Parameters:
        integration: the connector's.
        port: TCP port.
        reload: only the command line can start again when the code changes.
        use_proxy: meant a proxy of the predecessor's vendor.

    Raises:
        GoneError: `reload` or `use_proxy` is asked for.
    """
    import sys

    from connector_cli import run

    name = f"{__name__}.http_integration_server"
    if reload:
        raise GoneError(f"{name}(reload=True)", "use `<connector> dev http-server --reload`")

    if use_proxy:
        raise GoneError(
            f"{name}(use_proxy=True)",
            "it reached the proxy of one vendor; set HTTPS_PROXY for one of yours",
        )

    sys.argv[1:] = ["dev", "http-server", "--port", str(port)]
    run(integration)


def build_executable(path: str) -> None:
    """Build the connector's executable and its archive, into the folder `dist`.

    Parameters:
        path: the folder of the connector's package, named for its app id, or its `main.py`.

    Raises:
        NoReply: the connector cannot be built; `str()` says why.
        MissingExtraError: PyInstaller is not installed.
    """
    from pathlib import Path

    from connector_cli.parts import part

    folder = Path(path).resolve()
    folder = folder if folder.is_dir() else folder.parent
    part("bundle", extra="compile").compile_on_prem(
        connector_root_module_dir=folder,
        app_id=folder.name.removesuffix("_connector"),
        output_directory=Path("dist"),
    )


def get_result_file_path(args: "Namespace") -> str | None:
    """Return the path that `--result-file-path` gave, if it gave one."""
    path: str | None = getattr(args, "result_file_path", None)
    return path


def create_integration_hacking_parser(
    integration: Integration, parser: "ArgumentParser"
) -> NoReturn:
    """Say that argparse is not used."""
    raise GoneError(f"{__name__}.create_integration_hacking_parser", NO_ARGPARSE)


def capability_executor(integration: Integration, args: "Namespace") -> NoReturn:
    """Say that argparse is not used."""
    raise GoneError(
        f"{__name__}.capability_executor",
        f"{NO_ARGPARSE}; in a test, await integration.dispatch(name, request)",
    )


def collect_capabilities(integration: Integration, no_print: bool = False) -> Any:
    """Say that argparse is not used."""
    raise GoneError(f"{__name__}.collect_capabilities", NO_ARGPARSE)


def _drop_stdout() -> None:
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
