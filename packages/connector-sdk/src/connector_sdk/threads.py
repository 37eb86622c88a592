"""Running a plain function without holding up the event loop."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")


async def call_in_thread(
    function: Callable[[ArgumentT], ResultT], argument: ArgumentT, *, name: str
) -> ResultT:
    """Call `function(argument)` in a thread of its own, with the caller's context variables.

    The thread is a daemon and belongs to no pool: when the caller is cancelled the thread is
    abandoned, and neither later calls nor the end of the process wait for it.

    Parameters:
        function: a function that may block.
        argument: what it is called with.
        name: the thread's name, for people who look at a stuck process.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()
    context = contextvars.copy_context()

    def deliver(result: Any, error: BaseException | None) -> None:
        if not outcome.done():
            outcome.set_result((result, error))

    def work() -> None:
        result, error = None, None
        try:
            result = context.run(function, argument)
        except BaseException as raised:  # noqa: BLE001 # raised again where it is awaited
            error = raised

        # A RuntimeError says that the loop is closed: the call was abandoned, and nobody waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(deliver, result, error)

    threading.Thread(target=work, name=name, daemon=True).start()
    result, error = await outcome
    if error is not None:
        raise error

    return result  # type: ignore[no-any-return] # the future holds one of two things
