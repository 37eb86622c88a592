"""Waits of connector code under mocked requests: they pass at once, and still count."""

import asyncio

import pytest
from pytest_cases import parametrize

from connector_sdk.http import AsyncClient, RateLimit, RateLimitedError
from connector_sdk.testing import (
    MockedResponse,
    mock_requests,
    run_in_virtual_time,
    without_waiting,
)

APP = "https://app.example.com"
HOUR = 3600.0


@pytest.fixture(autouse=True)
def _nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that would wait, at once."""
    pause = asyncio.sleep

    async def sleep(delay: float) -> None:
        assert delay == 0, f"the test would take {delay} s"
        await pause(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)


async def get_users(times: int, *, limit: RateLimit | None = None) -> float:
    """Ask the app so often, and return how long it took by the loop's clock."""
    clock = asyncio.get_running_loop().time
    begin = clock()
    for _ in range(times):
        async with AsyncClient(tenant="acme", rate_limit=limit, budget=2 * HOUR) as client:
            await client.get(f"{APP}/users")

    return clock() - begin


def test_a_rate_limit_takes_no_time() -> None:
    """Four requests, of which one may be sent in an hour, take three hours by the clock alone."""
    with mock_requests({"GET": {"/users": MockedResponse(200, {})}}):
        passed = asyncio.run(get_users(4, limit=RateLimit(requests=1, seconds=HOUR)))

    assert 3 == round(passed / HOUR)


def test_the_budget_still_counts_what_is_waited() -> None:
    """A limit that leaves no request within the budget is an error in a test, as in earnest."""
    with (
        pytest.raises(RateLimitedError),
        mock_requests({"GET": {"/users": MockedResponse(200, {})}}),
    ):
        asyncio.run(get_users(2, limit=RateLimit(requests=1, seconds=3 * HOUR)))


def test_the_wait_before_another_attempt_takes_no_time() -> None:
    """What the app asks to wait for passes by the clock alone."""
    responses = [MockedResponse(429, headers={"Retry-After": "600"}), MockedResponse(200)]
    with mock_requests({"GET": {"/users": responses}}):
        assert 600 <= asyncio.run(get_users(1)) < 660


def test_a_limit_of_one_test_is_forgotten_in_the_next() -> None:
    """Neither requests that were sent nor a refusal hold up who is the same tenant later."""
    limit = RateLimit(requests=1, seconds=HOUR)
    refused = MockedResponse(429, headers={"Retry-After": str(3 * HOUR)})
    with pytest.raises(RateLimitedError), mock_requests({"GET": {"/users": refused}}):
        asyncio.run(get_users(1, limit=limit))

    with mock_requests({"GET": {"/users": MockedResponse(200)}}):
        assert asyncio.run(get_users(1, limit=limit)) < 60


def test_a_limit_is_forgotten_with_its_virtual_time() -> None:
    """Each run has a clock of its own, so the second starts without the first one's requests."""

    async def main() -> float:
        with mock_requests({"GET": {"/users": MockedResponse(200)}}):
            return await get_users(1, limit=RateLimit(requests=1, seconds=HOUR))

    assert [0.0, 0.0] == [run_in_virtual_time(main()) for _ in range(2)]


def test_waits_at_the_same_time_do_not_add_up() -> None:
    """Three that sleep an hour each take an hour together."""

    async def main() -> float:
        clock = asyncio.get_running_loop().time
        begin = clock()
        await asyncio.gather(*(asyncio.sleep(HOUR) for _ in range(3)))
        return clock() - begin

    with without_waiting():
        assert 1 == round(asyncio.run(main()) / HOUR)


@parametrize(run=[asyncio.run, run_in_virtual_time], ids=["a clock that jumps", "virtual time"])
def test_a_time_limit_ends_a_wait(run: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sleeps longer than a time limit is woken by it, though no time has passed."""
    monkeypatch.undo()  # virtual time sleeps, by its own clock

    async def main() -> None:
        async with asyncio.timeout(HOUR):
            await asyncio.sleep(2 * HOUR)

    with without_waiting(), pytest.raises(TimeoutError):
        run(main())  # type: ignore[operator] # either runs a coroutine
