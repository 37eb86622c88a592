"""Measures dispatch within one process; `dispatching.py` starts it with each side's interpreter.

    python probe.py dispatch|floor|info|memory FACTOR

Prints a JSON object: seconds of CPU per call, by case.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "connector"), str(HERE / "floor")]

from calling import CONSTANT, LONGEST, accounts, request  # noqa: E402 # from the path above

CALLS = {
    "smallest": ("list_accounts", CONSTANT, 3000),
    "error": ("validate_credentials", request(), 300),
    "list of 10": ("list_accounts", accounts(10), 1000),
    "list of 10, prebuilt": ("list_accounts", accounts(10, "prebuilt"), 1000),
    "list of 1,000": ("list_accounts", accounts(1000), 30),
    "list of 1,000, prebuilt": ("list_accounts", accounts(1000, "prebuilt"), 30),
    "list of 100,000": ("list_accounts", accounts(LONGEST), 1),
    "list of 100,000, prebuilt": ("list_accounts", accounts(LONGEST, "prebuilt"), 1),
}
"""By case: capability, request, calls of which the mean is taken."""


async def mean(call: Callable[[], Awaitable[str]], times: int) -> float:
    """Seconds of CPU of one call, the mean of `times` after one to warm up."""
    await call()
    started = time.process_time()
    for _ in range(times):
        await call()

    return (time.process_time() - started) / times


async def dispatch(factor: float) -> dict[str, float]:
    """Measure every case."""
    from bench_connector.constant import integration

    return {
        case: await mean(partial(integration.dispatch, name, text), max(1, round(times * factor)))
        for case, (name, text, times) in CALLS.items()
    }


async def floor(factor: float) -> dict[str, float]:
    """Measure the script."""
    from constant import answer

    return {"smallest": await mean(lambda: answer(CONSTANT), round(3000 * factor))}


async def info(_factor: float) -> dict[str, float]:
    """Measure the first and the second `info()` of an integration."""
    from bench_connector.constant import integration

    figures = {}
    for case in ("info, first", "info, second"):
        started = time.process_time()
        integration.info()
        figures[case] = time.process_time() - started

    return figures


async def memory(_factor: float) -> dict[str, float]:
    """Peak memory, in bytes, of a process that lists the most accounts once; what it had before."""
    from bench_connector.constant import integration

    await integration.dispatch("list_accounts", accounts(LONGEST))
    unit = 1 if sys.platform == "darwin" else 1024
    return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}


WHATS = {"dispatch": dispatch, "floor": floor, "info": info, "memory": memory}

if __name__ == "__main__":
    print(json.dumps(asyncio.run(WHATS[sys.argv[1]](float(sys.argv[2])))))
