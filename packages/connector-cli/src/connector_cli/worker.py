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
from functools import partial
from queue import SimpleQueue
from typing import Any, NoReturn

from connector_cli.calls import NO_REPLY, REPLIED, leave
from connector_cli.descriptors import CannotWrite, ReaderGone, Wire
from connector_cli.hosting import GRACE, Host, run
from connector_cli.lines import Feed, LineSplitter
from connector_cli.logs import request_id_from
from connector_cli.messages import Cancel, Identity, Invalid, Message, Request, parse
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

    Raises:
        CannotWrite: an answer cannot be written.
    """
    all_written = run(_Worker(integration, wire, max_concurrency, max_line).run())
    leave(REPLIED if all_written else NO_REPLY)


@dataclass(frozen=True, slots=True)
class _Answer:
    line: str
    frees: int
    """Bytes that are free again for requests when it is written."""


@dataclass(slots=True, eq=False)
class _Flight:
    """A request that is not answered yet."""

    request: Request
    size: int
    """Bytes that it takes."""

    call: asyncio.Task[str] | None = None
    """None until its turn comes."""


class _Worker:
    def __init__(
        self, integration: Integration, wire: Wire, max_concurrency: int, max_line: int
    ) -> None:
        self._host = Host(integration)
        self._wire = wire
        self._max_line = max_line
        self._lines = LineSplitter(longest=max_line)
        self._feed: Feed | None = None
        self._may_read_more = True
        self._free = MOST_IN_FLIGHT
        self._flights: dict[Identity, _Flight] = {}
        self._waiting: dict[_Flight, None] = {}
        self._places = max_concurrency
        self._answers: SimpleQueue[_Answer | None] = SimpleQueue()
        self._unread = 0
        self._is_over = asyncio.Event()
        self._fault: Exception | None = None
        self._parting: float | None = None

    async def run(self) -> bool:
        """Answer lines until the end; whether all answers are written that somebody reads."""
        loop = asyncio.get_running_loop()
        _on_sigterm(lambda: self._stop(loop))
        writer = threading.Thread(target=self._write, args=[loop], name="writer", daemon=True)
        writer.start()
        if self._wire.request is None:
            self._is_over.set()
        else:
            self._feed = Feed(self._wire.request, partial(self._or_end, self._take_piece))
            self._feed.resume()

        while not self._is_over.is_set():
            # Connector code that cancels all tasks of the loop does not end the worker.
            with contextlib.suppress(asyncio.CancelledError):
                await self._is_over.wait()

        await self._host.settle()
        if self._fault is not None:
            raise self._fault

        self._answers.put(None)
        writer.join(self._parting)
        return not writer.is_alive()

    def _or_end(self, do: Callable[..., None], *args: Any) -> None:
        """Do something; if it fails, the worker ends: its callers would wait for ever."""
        try:
            do(*args)
        except Exception as error:  # noqa: BLE001 - `run` raises it
            self._end_with(error)

    def _end_with(self, fault: Exception | None) -> None:
        self._fault = self._fault or fault
        self._is_over.set()

    def _take_piece(self, piece: bytes) -> None:
        if not self._may_read_more:
            return

        for line in self._lines.feed(piece) if piece else self._lines.end():
            if line is None:
                self._take(Invalid(None, f"the line is longer than {self._max_line} bytes"), size=0)
            elif line and not line.isspace():
                self._take(parse(line), size=len(line))

        if not piece:
            self._take_no_more()

    def _take(self, message: Message, *, size: int) -> None:
        if isinstance(message, Cancel):
            self._cancel(message.id)
            return

        size += KEEPING
        self._change_room(-size)
        if isinstance(message, Invalid):
            self._answer(message.id, frees=size, error=message.reason)
        elif message.id in self._flights:
            reason = "a request with this id is in flight already"
            self._answer(message.id, frees=size, error=reason)
        else:
            flight = self._flights[message.id] = _Flight(message, size)
            self._waiting[flight] = None
            self._start_calls()

    def _start_calls(self) -> None:
        """Start the calls whose turn it is."""
        while self._waiting and self._places and self._unread <= MOST_UNREAD:
            flight = next(iter(self._waiting))
            del self._waiting[flight]
            self._places -= 1
            self._start(flight)

    def _start(self, flight: _Flight) -> None:
        request = flight.request
        flight.call = self._host.start(
            request.capability, request.text, request_id=request_id_from(request.id)
        )
        flight.call.add_done_callback(partial(self._or_end, self._land, flight))

    def _land(self, flight: _Flight, call: asyncio.Task[str]) -> None:
        was_cancelled = self._flights.get(flight.request.id) is not flight
        if not was_cancelled and not self._is_over.is_set():
            self._end(flight, reply=self._host.reply_of(call))

    def _cancel(self, identity: Identity) -> None:
        """Give a call up; one that has been answered needs no other answer."""
        flight = self._flights.get(identity)
        if flight is not None:
            if flight.call is not None:
                self._host.abandon(flight.call)

            self._end(flight, cancelled="true")

    def _end(self, flight: _Flight, **answer: str) -> None:
        """Answer a request, and let the next one take its place, whatever its call still does."""
        del self._flights[flight.request.id]
        if flight.call is None:
            del self._waiting[flight]
        else:
            self._places += 1

        self._answer(flight.request.id, frees=flight.size, **answer)
        self._start_calls()
        self._see_whether_over()

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
                self._change_room(frees)
                return

        self._unread += len(line)
        self._answers.put(_Answer(line, frees))

    def _change_room(self, more: int) -> None:
        """Count the bytes that requests may take, and pause reading while there are none."""
        self._free += more
        if self._feed is not None and self._may_read_more:
            if self._free > 0:
                self._feed.resume()
            else:
                self._feed.pause()

    def _take_no_more(self) -> None:
        self._may_read_more = False
        if self._feed is not None:
            self._feed.pause()

        self._see_whether_over()

    def _see_whether_over(self) -> None:
        if not self._may_read_more and not self._flights:
            self._is_over.set()

    def _stop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take no more lines, and give calls up that are not done in time."""
        self._parting = GRACE
        self._take_no_more()
        loop.call_later(GRACE, self._cancel_all)

    def _cancel_all(self) -> None:
        for identity in list(self._flights):
            self._cancel(identity)

    def _write(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write answers, in a thread of its own: a slow reader holds up no call."""
        while (answer := self._answers.get()) is not None:
            try:
                self._wire.write(answer.line)
            except ReaderGone:
                loop.call_soon_threadsafe(self._end_with, None)
                return
            except CannotWrite as error:
                loop.call_soon_threadsafe(self._end_with, error)
                return

            loop.call_soon_threadsafe(self._note_written, answer)

    def _note_written(self, answer: _Answer) -> None:
        self._unread -= len(answer.line)
        self._change_room(answer.frees)
        self._start_calls()


def _on_sigterm(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGTERM, stop)
    except NotImplementedError:  # on Windows
        signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(stop))
