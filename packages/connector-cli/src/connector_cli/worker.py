"""Many calls in one process: a line of JSON each on stdin, and on stdout as each finishes.

This is how an agent pays the start once. `messages` says what lines there are. A request is in
flight until its answer is written. Lines are read, and so cancels, however many calls wait for
their turn, until what is in flight takes `MOST_IN_FLIGHT`; no call starts while answers of
`MOST_UNREAD` wait for whoever reads them.
"""

import asyncio
import contextlib
import json
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import NoReturn

from connector_cli.calls import REPLIED, leave
from connector_cli.descriptors import CannotWrite, ReaderGone, Wire
from connector_cli.hosting import GRACE, Host, run
from connector_cli.logs import request_id_from
from connector_cli.messages import Cancel, Identity, Invalid, Message, Request, read_messages
from connector_sdk import Integration

MOST_IN_FLIGHT = 64 * 1024 * 1024
"""Bytes that requests in flight may take. With more, reading pauses."""

KEEPING = 4096
"""Bytes that it takes to keep a request, besides its text."""

MOST_UNREAD = 16 * 1024 * 1024
"""Bytes of answers that nobody has read yet. With more, no call starts."""


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


@dataclass(frozen=True, slots=True)
class _Answer:
    line: str
    frees: int
    """Bytes that are free again for requests when it is written."""


@dataclass(frozen=True, slots=True)
class _Flight:
    task: asyncio.Task[None]
    size: int


class _Room:
    """Bytes for requests in flight, shared by threads."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._changed = threading.Condition()

    def take(self, size: int) -> None:
        """Take bytes as soon as any are free: even a request larger than all of them gets in."""
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0)
            self._free -= size

    def give_back(self, size: int) -> None:
        """Give bytes back that were taken."""
        with self._changed:
            self._free += size
            self._changed.notify()


class _Worker:
    def __init__(
        self, integration: Integration, wire: Wire, max_concurrency: int, max_line: int
    ) -> None:
        self._host = Host(integration)
        self._wire = wire
        self._max_line = max_line
        self._slots = asyncio.Semaphore(max_concurrency)
        self._room = _Room(MOST_IN_FLIGHT)
        self._flights: dict[Identity, _Flight] = {}
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self._answers: SimpleQueue[_Answer | None] = SimpleQueue()
        self._unread = 0
        self._may_start = asyncio.Event()
        self._may_start.set()

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
            self._answer(message.id, frees=_size(message), error=message.reason)
        elif isinstance(message, Cancel):
            self._cancel(message.id)
        elif message.id in self._flights:
            reason = "a request with this id is in flight already"
            self._answer(message.id, frees=_size(message), error=reason)
        else:
            task = flights.create_task(self._fly(message))
            self._flights[message.id] = _Flight(task, _size(message))

    async def _fly(self, request: Request) -> None:
        async with self._slots:
            await self._may_start.wait()
            call = self._host.start(
                request.capability, request.text, request_id=request_id_from(request.id)
            )
            try:
                await asyncio.wait([call])
            except asyncio.CancelledError:
                self._host.abandon(call)
                raise

        del self._flights[request.id]
        self._answer(request.id, frees=_size(request), reply=call.result())

    def _cancel(self, identity: Identity) -> None:
        """Give a call up; one that has been answered needs no other answer."""
        if identity in self._flights:
            flight = self._flights.pop(identity)
            flight.task.cancel()
            self._answer(identity, frees=flight.size, cancelled="true")

    def _answer(self, identity: Identity | None, *, frees: int, **field: str) -> None:
        """Write or queue an answer; `reply` and `cancelled` are JSON already."""
        ((key, value),) = field.items()
        value = json.dumps(value) if key == "error" else value
        line = f'{{"id":{json.dumps(identity)},"{key}":{value}}}'
        # With nothing before it, an answer that has room is written here: to wake the writer, which
        # also tells when nobody reads any more, is 100 us of a call's 300.
        if not self._unread and self._wire.takes_at_once(line):
            with contextlib.suppress(ReaderGone, CannotWrite):
                self._wire.write(line)
                self._room.give_back(frees)
                return

        self._count_unread(len(line))
        self._answers.put(_Answer(line, frees))

    def _count_unread(self, more: int) -> None:
        self._unread += more
        if self._unread > MOST_UNREAD:
            self._may_start.clear()
        else:
            self._may_start.set()

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
                self._room.take(_size(message))

            loop.call_soon_threadsafe(self._messages.put_nowait, message)

        loop.call_soon_threadsafe(self._messages.put_nowait, None)

    def _write(self, loop: asyncio.AbstractEventLoop, main: asyncio.Task[None]) -> None:
        """Write answers, in a thread of its own: a slow reader holds up no call."""
        while (answer := self._answers.get()) is not None:
            try:
                self._wire.write(answer.line)
            except (ReaderGone, CannotWrite):
                loop.call_soon_threadsafe(main.cancel)
                return

            self._room.give_back(answer.frees)
            loop.call_soon_threadsafe(self._count_unread, -len(answer.line))


def _size(message: Request | Invalid) -> int:
    return KEEPING + (len(message.text) if isinstance(message, Request) else 0)


def _on_sigterm(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGTERM, stop)
    except NotImplementedError:  # on Windows
        signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(stop))
