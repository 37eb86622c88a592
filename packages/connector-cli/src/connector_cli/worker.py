"""Many calls in one process: a line of JSON each on stdin, and on stdout as each finishes.

This is how an agent pays the start once. `messages` says what lines there are. A request is in
flight until its answer is written. When more are in flight than twice what may run at the same
time, reading pauses; a caller with fewer has its cancels read at once.
"""

import asyncio
import contextlib
import json
import signal
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import NoReturn

from connector_cli.calls import REPLIED, leave
from connector_cli.descriptors import CannotWrite, ReaderGone, Wire
from connector_cli.hosting import GRACE, Host, run
from connector_cli.logs import request_id_from
from connector_cli.messages import Cancel, Identity, Invalid, Message, Request, read_messages
from connector_sdk import Integration

BACKLOG = 2
"""How many requests are in flight at most, as a multiple of the calls that run at the same time."""


def work(integration: Integration, wire: Wire, *, max_concurrency: int, max_line: int) -> NoReturn:
    """Answer lines until stdin ends, SIGTERM comes or nobody reads; then end the process.

    Parameters:
        integration: what is called.
        wire: where lines come from and answers go to.
        max_concurrency: how many calls run at the same time.
        max_line: bytes of the longest line that is read.
    """
    run(_Worker(integration, wire, max_concurrency, max_line).run())
    leave(REPLIED)


class _Worker:
    def __init__(
        self, integration: Integration, wire: Wire, max_concurrency: int, max_line: int
    ) -> None:
        self._host = Host(integration)
        self._wire = wire
        self._max_line = max_line
        self._slots = asyncio.Semaphore(max_concurrency)
        self._room = threading.Semaphore(max_concurrency * BACKLOG)
        self._flights: dict[Identity, asyncio.Task[None]] = {}
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self._answers: SimpleQueue[str | None] = SimpleQueue()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        main = asyncio.current_task()
        assert main is not None
        _on_sigterm(lambda: self._stop(loop))
        reader = threading.Thread(target=self._read, args=[loop], name="reader", daemon=True)
        writer = threading.Thread(target=self._write, args=[loop, main], name="writer", daemon=True)
        reader.start()
        writer.start()
        # The writer cancels this task when nobody reads the answers any more.
        with contextlib.suppress(asyncio.CancelledError):
            async with asyncio.TaskGroup() as flights:
                while (message := await self._messages.get()) is not None:
                    self._take(message, flights)

        await self._host.settle()
        self._answers.put(None)
        writer.join(GRACE)

    def _take(self, message: Message, flights: asyncio.TaskGroup) -> None:
        if isinstance(message, Invalid):
            self._answer(message.id, error=message.reason)
        elif isinstance(message, Cancel):
            self._cancel(message.id)
        elif message.id in self._flights:
            self._answer(message.id, error="a request with this id is in flight already")
        else:
            self._flights[message.id] = flights.create_task(self._fly(message))

    async def _fly(self, request: Request) -> None:
        async with self._slots:
            call = self._host.start(
                request.capability, request.text, request_id=request_id_from(request.id)
            )
            try:
                await asyncio.wait([call])
            except asyncio.CancelledError:
                self._host.abandon(call)
                raise

        del self._flights[request.id]
        self._answer(request.id, reply=call.result())

    def _cancel(self, identity: Identity) -> None:
        """Give a call up; one that has been answered needs no other answer."""
        if identity in self._flights:
            self._flights.pop(identity).cancel()
            self._answer(identity, cancelled="true")

    def _answer(self, identity: Identity | None, **field: str) -> None:
        """Queue an answer; `reply` and `cancelled` are JSON already."""
        ((key, value),) = field.items()
        value = json.dumps(value) if key == "error" else value
        self._answers.put(f'{{"id":{json.dumps(identity)},"{key}":{value}}}')

    def _stop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take no more lines, and give calls up that are not done in time."""
        self._messages.put_nowait(None)
        loop.call_later(GRACE, self._cancel_all)

    def _cancel_all(self) -> None:
        for identity in list(self._flights):
            self._cancel(identity)

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read lines, in a thread of its own, as long as there is room."""
        for message in read_messages(self._wire, max_line=self._max_line):
            if not isinstance(message, Cancel):
                self._room.acquire()

            loop.call_soon_threadsafe(self._messages.put_nowait, message)

        loop.call_soon_threadsafe(self._messages.put_nowait, None)

    def _write(self, loop: asyncio.AbstractEventLoop, main: asyncio.Task[None]) -> None:
        """Write answers, in a thread of its own: a slow reader holds up no call."""
        while (answer := self._answers.get()) is not None:
            try:
                self._wire.write(answer)
            except (ReaderGone, CannotWrite):
                loop.call_soon_threadsafe(main.cancel)
                return

            self._room.release()


def _on_sigterm(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGTERM, stop)
    except NotImplementedError:  # on Windows
        signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(stop))
