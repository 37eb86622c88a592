"""Work that is done in processes of its own."""

import multiprocessing
import os
from multiprocessing.shared_memory import SharedMemory


def square(number: int) -> tuple[int, int]:
    """Return a number's square and this process's id, after printing what nobody may see."""
    print("on stdout, from a child", flush=True)  # noqa: T201 - stdout is not its to use
    return number * number, os.getpid()


def squares(how: str) -> list[int]:
    """Return the squares of some numbers, each from a process that is started in the given way.

    Parameters:
        how: a start method of `multiprocessing`.
    """
    with multiprocessing.get_context(how).Pool(2) as pool:
        results = pool.map(square, range(4))

    assert os.getpid() not in {process for _, process in results}
    return [result for result, _ in results]


def shared() -> int:
    """Return a byte that went through shared memory, which starts the resource tracker."""
    memory = SharedMemory(create=True, size=1)
    try:
        buffer = memory.buf
        assert buffer is not None
        buffer[0] = 7
        return buffer[0]
    finally:
        memory.close()
        memory.unlink()
