"""One request per item, several at a time."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import anyio

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

DEFAULT_FAN_OUT = 10
"""Items that are worked on at a time."""


async def collect(
    function: Callable[[ItemT], Awaitable[ResultT]],
    items: Iterable[ItemT],
    *,
    concurrency: int = DEFAULT_FAN_OUT,
) -> list[ResultT]:
    """Return `await function(item)` for each item, in the items' order.

    ```python
    groups = await collect(lambda user: read_groups(client, user), users)
    ```

    Parameters:
        function: what is done for each item, such as one request.
        items: the items; each is taken when its turn comes.
        concurrency: how many are worked on at a time.

    Raises:
        ValueError: `concurrency` is not positive.
        Exception: the first that `function` raises, as it is; what is under way is cancelled, and
            no further item is started.
    """
    if concurrency < 1:
        raise ValueError(f"concurrency must be at least 1, not {concurrency}")

    results: dict[int, ResultT] = {}
    numbered = enumerate(items)

    async def work() -> None:
        for number, item in numbered:
            results[number] = await function(item)

    try:
        async with anyio.create_task_group() as group:
            for _ in range(concurrency):
                group.start_soon(work)
    except BaseExceptionGroup as errors:
        raise _first(errors) from None

    return [results[number] for number in range(len(results))]


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]

    return error
