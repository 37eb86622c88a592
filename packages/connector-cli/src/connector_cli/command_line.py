"""A connector's command line: from the process's words to its reply, in as little time as it takes.

A plain call (a capability, then `--json`, `--json-file`, `--result-file-path` and `--fail`, each
at most once) is recognised here and answered before typer is imported (100 ms). Everything else,
help and mistakes included, is read by typer in `connector_cli.commands`, into the same `Call`.
"""

import gc
import os
import signal
import sys
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from connector_cli.descriptors import CannotWrite, ReaderGone, Wire, say, take_wire
from connector_cli.pydantic_plugins import spare_search

if TYPE_CHECKING:
    from connector_cli.calls import Call, Job
    from connector_cli.logs import LogOptions
    from connector_sdk import Integration

OPTIONS_WITH_VALUE = {
    "--json": "json",
    "--json-file": "json_file",
    "--result-file-path": "result_file_path",
}
"""Options of a plain call that take a value, and the field of `Call` that it goes to."""

COLLECT_AFTER = (10_000, 20, 50)
"""How rarely garbage is looked for (`gc.set_threshold`). Models of a long list are no garbage: with
Python's own 700, 10 and 10 a call that lists 100,000 accounts takes 950 ms in place of 830."""


def run_command_line(integration: "str | Integration") -> NoReturn:
    """Answer this process's command line, and end the process; see `connector_cli.run`."""
    if (
        signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    ):  # as a shell's background jobs have it
        signal.signal(signal.SIGINT, _interrupted)

    wire = take_wire()
    # Collections while modules are imported find nothing to free, and take 15 ms.
    gc.disable()
    spare_search()
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
    from connector_cli.calls import INTERRUPTED, NO_REPLY, REPLIED, WRONG_USE, NoReply, WrongUse
    from connector_cli.in_flight import secrets_in_flight
    from connector_cli.loading import LoadingError, load

    secrets_in_flight.gather()
    try:
        loaded = load(integration)
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        gc.enable()
        module = integration.partition(":")[0] if isinstance(integration, str) else None
        job, options = _read(loaded, words, wire, module=module)
        if isinstance(job, int):
            return job

        from connector_cli.logs import request_id, request_id_from, start_logs

        request_id.set(request_id_from())
        start_logs(options, app_id=loaded.app_id)
        return job(loaded, wire)
    except WrongUse as error:
        return _refuse(str(error), WRONG_USE)
    except (LoadingError, NoReply, CannotWrite) as error:
        return _refuse(str(error), NO_REPLY)
    except ReaderGone:
        return REPLIED
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as error:
        reason = f"the connector's code ended the call: {error!r}"
        return _refuse(secrets_in_flight.redact(reason), NO_REPLY)
    except BaseException as error:  # noqa: BLE001 - the process ends here, with words for it
        from connector_cli.logs import text_of

        return _refuse(secrets_in_flight.redact(text_of(error)), NO_REPLY)


def _read(
    integration: "Integration", words: list[str], wire: Wire, *, module: str | None
) -> "tuple[Job | int, LogOptions]":
    """Return what the words ask for, or the exit code when all is said, and what to log."""
    from connector_cli.calls import answer
    from connector_cli.logs import LogOptions

    call = plain_call(words)
    if call is not None and (call.name == "info" or call.name in integration.capabilities):
        return partial(answer, call=call), LogOptions()

    from connector_cli.commands import read_words

    return read_words(integration, words, wire, module=module)


def _refuse(message: str, code: int) -> int:
    """Tell a person on stderr why there is no reply, and return the exit code."""
    program = os.path.basename(sys.argv[0]) if sys.argv else "connector"
    say(f"{program}: {message}")
    return code


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    """End at once, also while a library or a plain function blocks: nothing is half-written."""
    os._exit(130)
