"""A connector's command line: from the process's words to its reply, in as little time as it takes.

A plain call (a capability, then `--json`, `--json-file`, `--result-file-path` and `--fail`, each
at most once) is recognised here and answered before typer is imported (100 ms). Everything else,
help and mistakes included, is read by typer in `connector_cli.commands`, into the same `Call`.
"""

import gc
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from connector_cli.descriptors import Wire, take_wire

if TYPE_CHECKING:
    from connector_cli.calls import Call
    from connector_sdk import Integration

OPTIONS_WITH_VALUE = {
    "--json": "json",
    "--json-file": "json_file",
    "--result-file-path": "result_file_path",
}
"""Options of a plain call that take a value, and the field of `Call` that it goes to."""


def run_command_line(integration: "str | Integration") -> NoReturn:
    """Answer this process's command line, and end the process; see `connector_cli.run`."""
    signal.signal(signal.SIGINT, _interrupted)
    wire = take_wire()
    # Collections while modules are imported find nothing to free, and take 15 ms.
    gc.disable()
    from connector_cli.calls import end

    end(_carry_out(integration, sys.argv[1:], wire))


def plain_call(words: list[str]) -> "Call | None":
    """Return the call that a plain command line asks for, or None if it is not plain."""
    from connector_cli.calls import Call

    if not words or words[0].startswith("-"):
        return None

    fields: dict[str, str | bool] = {"name": words[0].replace("-", "_")}
    position = 1
    while position < len(words):
        option, equals, value = words[position].partition("=")
        position += 1
        if option == "--fail" and not equals and "fail" not in fields:
            fields["fail"] = True
            continue

        field = OPTIONS_WITH_VALUE.get(option)
        if field is None or field in fields:
            return None

        if not equals:
            if position == len(words):
                return None

            value = words[position]
            position += 1

        fields[field] = value

    return Call(**fields)  # type: ignore[arg-type] # names and types are those of the table


def _carry_out(integration: "str | Integration", words: list[str], wire: Wire) -> int:
    from connector_cli.calls import NO_REPLY, REPLIED, WRONG_USE, WrongUse, answer
    from connector_cli.loading import LoadingError, load

    try:
        loaded = load(integration)
    except LoadingError as error:
        return _say(str(error), NO_REPLY)

    from connector_cli.logs import log_to_stderr

    gc.freeze()
    gc.enable()
    log_to_stderr()
    call = plain_call(words)
    try:
        if call is None or not (call.name == "info" or call.name in loaded.capabilities):
            from connector_cli.commands import read_words

            code, call = read_words(loaded, words, wire)
            if call is None:
                return code

        return answer(loaded, call, wire)
    except WrongUse as error:
        return _say(str(error), WRONG_USE)
    except BrokenPipeError:  # the reader has what it wanted
        return REPLIED
    except OSError as error:
        return _say(f"the reply cannot be written: {error.strerror or error}", NO_REPLY)
    except SystemExit as error:
        return _say(f"the connector's code ended the call: {error!r}", NO_REPLY)
    except Exception:
        from connector_sdk.redaction import format_traceback

        return _say(format_traceback(sys.exception()), NO_REPLY)


def _say(message: str, code: int) -> int:
    """Tell a person on stderr why there is no reply, and return the exit code."""
    program = os.path.basename(sys.argv[0]) if sys.argv else "connector"
    print(f"{program}: {message}", file=sys.stderr)
    return code


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    """End at once, also while a library or a plain function blocks: nothing is half-written."""
    os._exit(130)
