"""One request per item, several at a time."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk.http import collect
from connector_sdk.testing import run_in_virtual_time


@settings(deadline=None)
@given(seconds=st.lists(st.integers(0, 9), max_size=30), concurrency=st.integers(1, 12))
def test_results_come_in_the_order_of_the_items(seconds: list[int], concurrency: int) -> None:
    """Whichever is ready first, and never more at a time than allowed."""
    running = most = 0

    async def work(item: tuple[int, int]) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(item[1])
        running -= 1
        return item[0]

    items = list(enumerate(seconds))
    results = run_in_virtual_time(collect(work, items, concurrency=concurrency))
    assert list(range(len(seconds))) == results
    assert most <= concurrency


def test_the_first_error_ends_it() -> None:
    """It is raised as it is; what is under way is cancelled, and nothing further is started."""
    started: list[int] = []
    cancelled: list[int] = []

    async def work(item: int) -> None:
        started.append(item)
        try:
            await asyncio.sleep(item)
        except asyncio.CancelledError:
            cancelled.append(item)
            raise

        if item == 2:
            raise KeyError(item)

    async def main() -> int:
        with pytest.raises(KeyError):
            await collect(work, range(1, 1000), concurrency=4)

        return len(asyncio.all_tasks())

    assert 1 == run_in_virtual_time(main())
    assert ([1, 2, 3, 4, 5], [3, 4, 5]) == (started, sorted(cancelled))


def test_items_are_taken_when_their_turn_comes() -> None:
    """A list that is longer than memory can be worked through."""
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(6):
            taken.append(number)
            yield number

    async def work(item: int) -> int:
        await asyncio.sleep(1)
        return len(taken) - item

    assert max(run_in_virtual_time(collect(work, items(), concurrency=2))) <= 2


def test_cancelling_it_cancels_what_is_under_way() -> None:
    """And nothing else is raised."""

    async def main() -> int:
        task = asyncio.ensure_future(collect(asyncio.sleep, [100, 200, 300]))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        return len(asyncio.all_tasks())

    assert 1 == run_in_virtual_time(main())


@parametrize("concurrency", [0, -1])
def test_at_least_one_item_is_worked_on_at_a_time(concurrency: int) -> None:
    """Nothing is left out silently."""
    with pytest.raises(ValueError, match="at least 1"):
        asyncio.run(collect(asyncio.sleep, [0], concurrency=concurrency))
