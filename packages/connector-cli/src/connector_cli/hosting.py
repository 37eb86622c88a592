"""Calls of many tenants in a process that lives on: kept apart, and none of them ends it."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Coroutine
from contextvars import copy_context
from typing import Any, TypeVar

from connector_cli.in_flight import secrets_in_flight
from connector_cli.logs import request_id as current_request_id
from connector_cli.logs import text_of
from connector_sdk import Integration
from connector_sdk.models import Error, ErrorCode, ErrorResponse

GRACE = 10.0
"""Seconds that calls have to finish when the process is told to end."""

ResultT = TypeVar("ResultT")

logger = logging.getLogger("connector_cli")


class Host:
    """Answers calls for one integration, each in a task and a context of its own.

    Parameters:
        integration: what is called.
    """

    def __init__(self, integration: Integration) -> None:
        self.integration = integration
        self._context = copy_context()
        self._process = os.getpid()
        self._tasks: set[asyncio.Task[str]] = set()
        self._abandoned: set[asyncio.Task[str]] = set()
        self._is_ending = False

    def start(self, name: str, text: str | bytes, *, request_id: str) -> asyncio.Task[str]:
        """Start a call; the task's result is its reply, whatever connector code raises.

        Parameters:
            name: the capability, with underscores.
            text: the request, as JSON text.
            request_id: what the call's log records bear.
        """
        task = asyncio.get_running_loop().create_task(
            self._call(name, text, request_id), context=self._context.copy()
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(self._abandoned.discard)
        return task

    async def answer(self, name: str, text: str | bytes, *, request_id: str) -> str:
        """Return the reply to a call that is made in the running task.

        It is for a task that does nothing else, in a context of its own: to make another one takes
        two more turns of the event loop, 12 us of a small HTTP request's 104.
        """
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            return await self._call(name, text, request_id)
        finally:
            self._tasks.discard(task)
            self._abandoned.discard(task)

    def reply_of(self, call: asyncio.Task[str]) -> str:
        """Return the reply of a call that is done, also if it was cancelled before it had begun."""
        return self._failure(asyncio.CancelledError()) if call.cancelled() else call.result()

    def abandon(self, task: asyncio.Task[str]) -> None:
        """Cancel a call for whose reply nobody waits any more."""
        self._abandoned.add(task)
        task.cancel()

    def give_up(self) -> None:
        """Answer what still runs with an error reply: the process ends."""
        self._is_ending = True
        for task in self._tasks:
            task.cancel()

    async def settle(self) -> None:
        """Abandon what still runs, and give it a moment to clean up."""
        for task in self._tasks:
            self.abandon(task)

        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)

    async def _call(self, name: str, text: str | bytes, request_id: str) -> str:
        current_request_id.set(request_id)
        secrets = secrets_in_flight.gather()
        try:
            reply = await self.integration.dispatch(name, text)
        except asyncio.CancelledError as error:
            if asyncio.current_task() in self._abandoned:
                raise

            if self._is_ending:
                return self._error_reply("the process ended before the call was done", error)

            return self._failure(error)  # the connector's code cancelled itself
        except BaseException as error:  # noqa: BLE001 - the process answers other calls as well
            return self._failure(error)
        else:
            await _outlive_cancellation()
            return reply
        finally:
            secrets_in_flight.forget(secrets)
            if os.getpid() != self._process:
                # Connector code forked, and this is the child: the calls are its parent's.
                os._exit(1)

    def _failure(self, error: BaseException) -> str:
        """Return the reply to a call that left `dispatch` without one."""
        logger.error("A call ended without a reply:\n%s", text_of(error))
        return self._error_reply("the connector's code ended the call; its log says more", error)

    def _error_reply(self, message: str, error: BaseException) -> str:
        unknown = isinstance(error, NotImplementedError)
        return ErrorResponse(
            is_error=True,
            error=Error(
                message=message,
                error_code=ErrorCode.NOT_IMPLEMENTED if unknown else ErrorCode.INTERNAL_ERROR,
                app_id=self.integration.app_id,
                raised_by=type(error).__name__,
            ),
        ).model_dump_json(by_alias=True)


async def _outlive_cancellation() -> None:
    """Let a cancellation happen that connector code asked for last: its reply is there already."""
    task = asyncio.current_task()
    assert task is not None
    while task.cancelling():
        task.uncancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)


def run(main: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run an event loop until `main` is done, whatever tasks of connector code raise.

    asyncio lets `SystemExit` in any task end the loop. Here the loop goes on, and whoever waits
    for the task gets the exception. The loop is left as it is: the process ends after it, and
    would otherwise wait for tasks that do not let themselves be cancelled.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    task = loop.create_task(main)
    while True:
        try:
            return loop.run_until_complete(task)
        except (KeyboardInterrupt, SystemExit) as error:
            if task.done():
                raise

            logger.error(  # noqa: TRY400 - whoever waits for the task tells more
                "A task of the connector's code raised %s", type(error).__name__
            )
