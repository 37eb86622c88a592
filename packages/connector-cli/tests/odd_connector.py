"""A connector in one file whose code does everything that could spoil a command line.

Run as a script it answers its own command line; as a module it offers `integration`.
"""

import asyncio
import ctypes
import inspect
import logging
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from pydantic import BaseModel

from connector_cli import run
from connector_sdk import (
    ConnectorError,
    DescriptionData,
    Integration,
    IntegrationModule,
    NextPageToken,
    PaginationBase,
    SecretField,
    get_page,
    get_settings,
)
from connector_sdk.models import (
    AppCategory,
    ErrorCode,
    FoundAccountData,
    ListAccountsRequest,
    ListAccountsResponse,
    RequestEnvelope,
    ResponseEnvelope,
    StandardCapabilityName,
)

logger = logging.getLogger("odd_connector")
remembered: ContextVar[str] = ContextVar("remembered", default="nothing")


class Settings(BaseModel):
    """The settings of a tenant."""

    api_key: str | None = SecretField(default=None, description="A key of the imaginary app.")
    accounts: int = 3
    fails_at: int | None = None
    """The offset at which the app says that it was asked too often."""

    circles: bool = False
    """Whether the page tokens lead back to the first page."""

    long: bool = False
    """Whether user names are long."""


class Pagination(PaginationBase):
    """The place in the list of accounts."""

    offset: int


class Behaviour(BaseModel):
    """What the capability should do before it answers."""

    how: str = "quiet"
    """A name of the table below."""

    text: str = ""
    """What it has to do with, and what the reply brings back."""


class BehaveRequest(RequestEnvelope):
    """A request of the connector's own capabilities."""

    request: Behaviour


class BehaveResponse(ResponseEnvelope):
    """Their response."""

    response: Behaviour


def write_from_c(_text: str) -> None:
    """Print as a library in C does: into a buffer of its own, which it empties when it likes."""
    libc = ctypes.CDLL(None)
    libc.puts(b"from C")
    libc.fflush(None)


def fork_and_return(_text: str) -> None:
    """Fork, and let the child go on as if it were the call."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)


def read_stdin(_text: str) -> None:
    """Read what is on stdin, also from a child process; there must be nothing."""
    child = subprocess.run(["cat"], check=True, stdout=subprocess.PIPE)
    found = sys.stdin.read().encode() + os.read(0, 10) + child.stdout
    if found:
        raise AssertionError(f"{len(found)} bytes on stdin")


def log(_text: str) -> None:
    """Log one record that is heard by default, and one that is not."""
    logger.info("unheard")
    logger.warning("heard")


def close_stderr_and_log(_text: str) -> None:
    """Log when `sys.stderr` is closed, and its descriptor is not."""
    sys.stderr.close()
    logger.warning("still heard")


def close_fd_of_stderr_and_log(_text: str) -> None:
    """Log where nothing can be written any more."""
    sys.stderr.close()
    os.close(2)
    logger.warning("unheard")


def say_and_block(_text: str) -> None:
    """Say that it blocks, and block, also when it is asked to stop as Python asks by default."""
    print("blocking", flush=True)  # noqa: T201
    while True:
        with suppress(KeyboardInterrupt):
            time.sleep(60)


def log_secret(text: str) -> None:
    """Log a text and an exception that quotes it, here and in a thread without the context."""

    def work() -> None:
        logger.warning("the key is %s", text)
        try:
            raise_with(text)
        except ValueError:
            logger.exception("with a traceback")

    work()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def fail_in_thread(text: str) -> None:
    """Let a thread without the call's context end in an exception that quotes a text."""

    def work() -> None:
        raise ValueError(text)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def fail_unraisably(text: str) -> None:
    """Let an exception be raised where nobody can catch it, in a finaliser."""

    class Closing:
        def __del__(self) -> None:
            raise ValueError(text)

    Closing()


def raise_with(text: str) -> None:
    """Fail with an exception that quotes a text."""
    raise ValueError(text)


def refuse(_text: str) -> None:
    """Fail as a well-written connector does."""
    raise ConnectorError(message="no more seats", error_code=ErrorCode.API_ERROR)


async def exit_in_task(_text: str) -> None:
    """End the process from a task that the event loop runs by itself."""

    async def leave() -> None:
        sys.exit(7)

    await asyncio.create_task(leave())


async def cancel_itself(_text: str) -> None:
    """Cancel the task that answers the call."""
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)


async def cancel_itself_last(_text: str) -> None:
    """Cancel the task that answers the call, which then has nothing more to wait for."""
    task = asyncio.current_task()
    assert task is not None
    task.cancel()


async def cancel_others(_text: str) -> None:
    """Cancel every other task of the event loop."""
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


def interrupt(_text: str) -> None:
    """Raise what Ctrl-C raises in other programs."""
    raise KeyboardInterrupt


def remember(text: str) -> str:
    """Put a text into a context variable, and answer with what was in it before."""
    before = remembered.get()
    remembered.set(text)
    return before


def write_everywhere(_text: str) -> None:
    """Write to all descriptors with small numbers, as code does that confuses them."""
    for descriptor in range(3, 50):
        with suppress(OSError):
            os.write(descriptor, b"stray\n")


def say_then_block(text: str) -> None:
    """Say that it blocks, and block for so many seconds."""
    print("blocking", flush=True)  # noqa: T201
    time.sleep(float(text))


def exit_process(_text: str) -> None:
    """End the process, as the SDK of an app might."""
    sys.exit(7)


BEHAVIOURS: dict[str, Callable[[str], object]] = {
    "quiet": lambda _: None,
    "print": lambda text: print("printed", text),  # noqa: T201
    "print_unflushed": lambda _: sys.stdout.write("no end of line"),
    "write_fd": lambda _: os.write(1, b"written\n"),
    "write_everywhere": write_everywhere,
    "write_dunder": lambda _: sys.__stdout__ and sys.__stdout__.write("written"),
    "write_from_c": write_from_c,
    "child": lambda _: subprocess.run(["echo", "from a child"], check=True),
    "fork": fork_and_return,
    "log": log,
    "log_root": lambda _: logging.warning("heard at the root"),  # noqa: LOG015
    "warn": lambda _: warnings.warn("look out", stacklevel=1),
    "read_stdin": read_stdin,
    "close_stdout": lambda _: sys.stdout.close(),
    "close_fd": lambda _: os.close(1),
    "close_stderr": lambda _: sys.stderr.close(),
    "close_stderr_and_log": close_stderr_and_log,
    "close_fd_of_stderr_and_log": close_fd_of_stderr_and_log,
    "no_stdout": lambda _: setattr(sys, "stdout", None),
    "log_secret": log_secret,
    "log_wrongly": lambda _: logger.warning("%d accounts", "many"),
    "fail_in_thread": fail_in_thread,
    "fail_unraisably": fail_unraisably,
    "raise": raise_with,
    "refuse": refuse,
    "exit": exit_process,
    "exit_in_task": exit_in_task,
    "cancel_itself": cancel_itself,
    "cancel_itself_last": cancel_itself_last,
    "cancel_others": cancel_others,
    "interrupt": interrupt,
    "remember": remember,
    "say_then_block": say_then_block,
    "thread": lambda _: threading.Thread(target=time.sleep, args=(0.05,)).start(),
    "block": lambda text: time.sleep(float(text)),
    "say_and_block": say_and_block,
}
"""What a capability does before it answers, by the `how` of its request."""

integration = Integration(
    app_id="odd",
    version="0.1.0",
    exception_handlers=[],
    handle_errors=not os.environ.get("ODD_LETS_ERRORS_THROUGH"),
    settings_model=Settings,
    description_data=DescriptionData(
        user_friendly_name="Odd", categories=[AppCategory.DEVELOPERS], description="For tests."
    ),
)


class Greet:
    """A command for developers that asks a question on the real stdin and stdout."""

    help = "Ask for a name, and greet it."

    @staticmethod
    def run(integration: Integration, words: Sequence[str]) -> int:
        """Greet with these words."""
        print(integration.app_id, *words, input("Name? "))  # noqa: T201
        return 3


class OddModule(IntegrationModule):
    """A module that registers nothing and offers a command."""

    def register(self, integration: Integration) -> None:
        """Register nothing."""

    def developer_commands(self) -> dict[str, Any]:
        """The one command."""
        return {"greet": Greet}


integration.add_module(OddModule())


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List as many accounts as the settings say, two on a page."""
    settings = get_settings(args, Settings)
    paginations = NextPageToken[Pagination](get_page(args).token).paginations()
    start = paginations[0].offset if paginations else 0
    if start == settings.fails_at:
        raise ConnectorError(message="too many requests", error_code=ErrorCode.RATE_LIMIT)

    size = get_page(args).size or 2
    end = min(start + size, settings.accounts)
    following = 0 if settings.circles else end
    next_page = [Pagination(offset=following)] if following < settings.accounts else []
    return ListAccountsResponse(
        response=[
            FoundAccountData(
                integration_specific_id=str(number),
                email=f"user{number}@example.com",
                username="x" * 100 if settings.long else None,
            )
            for number in range(start, end)
        ],
        page=NextPageToken[Pagination].from_paginations(next_page).to_page(size),
    )


def response_to(request: Behaviour, outcome: object) -> BehaveResponse:
    """The response: the request's payload, with the text that a behaviour returned, if it did."""
    if not isinstance(outcome, str):
        return BehaveResponse(response=request)

    return BehaveResponse(response=Behaviour(how=request.how, text=outcome))


@integration.register_custom_capability("behave", description="Do something, and answer.")
async def behave(args: BehaveRequest) -> BehaveResponse:
    """Do what the request says in the event loop's thread."""
    await asyncio.sleep(0)
    outcome = BEHAVIOURS[args.request.how](args.request.text)
    return response_to(args.request, await outcome if inspect.isawaitable(outcome) else outcome)


@integration.register_custom_capability("behave_plainly")
def behave_plainly(args: BehaveRequest) -> BehaveResponse:
    """Do what the request says in a thread."""
    outcome = BEHAVIOURS[args.request.how](args.request.text)
    if inspect.iscoroutine(outcome):
        outcome = asyncio.run(outcome)

    return response_to(args.request, outcome)


@integration.register_custom_capability("behave_stubbornly")
async def behave_stubbornly(args: BehaveRequest) -> BehaveResponse:
    """Block if asked to, and go on for a while after having been cancelled."""
    try:
        await asyncio.sleep(60 if args.request.how == "block" else 0)
    except asyncio.CancelledError:
        await asyncio.sleep(0.2)

    return BehaveResponse(response=args.request)


if __name__ == "__main__":
    if "ODD_PRINTS_EARLY" in os.environ:
        print("printed before the command line is read")  # noqa: T201
    run(integration)
