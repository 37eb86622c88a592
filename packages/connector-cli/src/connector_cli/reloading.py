"""Starting a server again whenever the connector's code changes."""

import os
import shlex
import signal
import sys
from types import FrameType, ModuleType
from typing import NoReturn

from connector_cli.calls import INTERRUPTED, REPLIED
from connector_cli.descriptors import say
from connector_sdk.extras import MissingExtraError

try:
    from watchfiles import PythonFilter, run_process
except ModuleNotFoundError as error:
    raise MissingExtraError("server", error, distribution="connector-cli") from error


def run_again_on_changes(module: str | None) -> int:
    """Run this very command line without `--reload`, again after each change of the code.

    Parameters:
        module: the module that holds the integration; None for a connector in one file.
    """
    watched = code_of(sys.modules[module or "__main__"])
    command = [sys.executable, *(word for word in sys.orig_argv[1:] if word != "--reload")]
    say(f"watching {watched}")
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt  # watchfiles ends the server first

    signal.signal(signal.SIGINT, interrupt)
    run_process(
        watched,
        target=shlex.join(command),
        target_type="command",
        watch_filter=PythonFilter(),
        callback=lambda changes: say(f"changed: {', '.join(sorted(path for _, path in changes))}"),
        debounce=400,
    )
    return INTERRUPTED if interrupted else REPLIED


def code_of(module: ModuleType) -> str:
    """Return the folder of the package that a module is in, or its file if it is in none."""
    package = (module.__package__ or "").partition(".")[0]
    inside = sys.modules.get(package, module)
    path = os.path.abspath(str(inside.__file__ or module.__file__))
    return os.path.dirname(path) if os.path.basename(path) == "__init__.py" else path
