"""Rate limits, declared and learnt, and the turns that tenants take."""

import asyncio
import itertools
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk.http import AsyncClient, RateLimit, RateLimitedError
from connector_sdk.http.concurrency import HostGate
from connector_sdk.http.rate_headers import RateState
from connector_sdk.http.rate_limits import TenantLimit
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultTransport,
    run_in_virtual_time,
)


class App:
    """An app that notes when requests come, and whose."""

    def __init__(
        self,
        responses: Sequence[httpx.Response] = (),
        *,
        seconds: float = 0,
        first_seconds: float | None = None,
    ) -> None:
        self.times: list[float] = []
        self.tenants: list[str] = []
        self.most_at_a_time = 0
        self._at_a_time = 0
        self._responses = list(responses)
        self._seconds = seconds
        self._first_seconds = seconds if first_seconds is None else first_seconds

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.times.append(asyncio.get_running_loop().time())
        self.tenants.append(request.headers.get("x-tenant", ""))
        self._at_a_time += 1
        self.most_at_a_time = max(self.most_at_a_time, self._at_a_time)
        await asyncio.sleep(self._first_seconds if len(self.times) == 1 else self._seconds)
        self._at_a_time -= 1
        return self._responses.pop(0) if self._responses else httpx.Response(200)

    def client(self, tenant: str, **options: Any) -> AsyncClient:
        """A client of a tenant."""
        return AsyncClient(
            transport=FaultTransport(self),
            base_url="http://app.test",
            tenant=tenant,
            headers={"X-Tenant": tenant},
            **options,
        )


def fresh_tenant() -> str:
    """A tenant of whom this process has not heard."""
    return uuid4().hex


async def get_all(*clients: AsyncClient, times: int = 1) -> list[httpx.Response]:
    """Send requests of all clients at once."""
    return await asyncio.gather(*(client.get("/") for client in clients for _ in range(times)))


def test_a_declared_limit_is_shared_by_all_clients_of_a_tenant() -> None:
    """In no span of a limit are there more requests than it allows, whoever sends them."""
    app, tenant = App(), fresh_tenant()
    limit = RateLimit(requests=3, seconds=10)

    async def main() -> None:
        await get_all(*(app.client(tenant, rate_limit=limit) for _ in range(4)), times=2)

    run_in_virtual_time(main())
    assert [0, 0, 0, 10, 10, 10, 20, 20] == [round(time) for time in app.times]


@parametrize("concurrency", [1, 2, 5])
@parametrize("seconds", [0, 4])
def test_a_declared_limit_holds_when_the_host_is_slow(concurrency: int, seconds: float) -> None:
    """Turns that came while their requests stood at the gate are not all used at once."""
    app, tenant = App(seconds=seconds, first_seconds=9.5), fresh_tenant()
    limit = RateLimit(requests=3, seconds=10)

    async def main() -> None:
        options: dict[str, Any] = {"concurrency": concurrency, "rate_limit": limit}
        await get_all(*(app.client(tenant, **options) for _ in range(3)), times=5)

    run_in_virtual_time(main())
    assert 15 == len(app.times)
    assert all(later - first >= 10 for first, later in zip(app.times, app.times[3:], strict=False))


def test_a_tenant_does_not_wait_for_another_ones_limit() -> None:
    """Each tenant has its own account."""
    app = App()
    limit = RateLimit(requests=1, seconds=60)

    async def main() -> None:
        await get_all(*(app.client(fresh_tenant(), rate_limit=limit) for _ in range(5)))

    run_in_virtual_time(main())
    assert [0.0] * 5 == app.times


def test_a_limit_that_outlasts_the_budget_is_said_at_once() -> None:
    """The error has the time to wait, and no time was spent on it."""
    app, tenant = App(), fresh_tenant()

    async def main() -> tuple[float, RateLimitedError]:
        limit = RateLimit(requests=1, seconds=300)
        client = app.client(tenant, rate_limit=limit, budget=30)
        await client.get("/")
        with pytest.raises(RateLimitedError) as caught:
            await client.get("/")

        return asyncio.get_running_loop().time(), caught.value

    now, error = run_in_virtual_time(main())
    assert (0.0, 300.0, "rate_limit") == (now, error.retry_after, error.error_code.value)
    assert "300 s" in error.message


def test_who_gives_up_waiting_gives_the_place_back() -> None:
    """A hundred cancelled requests do not delay the next one."""
    app, tenant = App(), fresh_tenant()

    async def main() -> float:
        client = app.client(tenant, rate_limit=RateLimit(requests=1, seconds=10))
        await client.get("/")
        waiting = [asyncio.ensure_future(client.get("/")) for _ in range(100)]
        await asyncio.sleep(1)
        for task in waiting:
            task.cancel()

        await asyncio.gather(*waiting, return_exceptions=True)
        await client.get("/")
        return asyncio.get_running_loop().time()

    assert 10 == round(run_in_virtual_time(main()))


@parametrize(
    "headers",
    [
        {"RateLimit": '"default";r=0;t=40'},
        {"RateLimit-Remaining": "0", "RateLimit-Reset": "40"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "40"},
    ],
)
def test_a_window_that_is_used_up_is_waited_out(headers: dict[str, str]) -> None:
    """A tenant of whom the app says that nothing is left waits, and another does not."""
    app, tenant = App([httpx.Response(200, headers=headers)]), fresh_tenant()

    async def main() -> None:
        client = app.client(tenant)
        await client.get("/")
        await get_all(client, app.client(fresh_tenant()))

    run_in_virtual_time(main())
    assert [0, 0, 40] == [round(time) for time in app.times]


def test_what_is_left_of_a_window_is_shared_out() -> None:
    """Of five requests at once only as many go as the app says are left."""
    headers = {"X-RateLimit-Remaining": "2", "X-RateLimit-Reset": "40"}
    app, tenant = App([httpx.Response(200, headers=headers)]), fresh_tenant()

    async def main() -> None:
        await app.client(tenant).get("/")
        await get_all(*(app.client(tenant) for _ in range(5)))

    run_in_virtual_time(main())
    assert [0, 0, 0, 40, 40, 40] == [round(time) for time in app.times]


def test_a_response_that_comes_late_gives_nothing_back() -> None:
    """Of two numbers for one window the smaller is the later one, whichever comes first."""
    limit = TenantLimit()
    limit.learn(RateState(remaining=1, reset=40.0), now=0.0)
    limit.learn(RateState(remaining=9, reset=39.5), now=0.5)
    limit.learn(RateState(remaining=8, reset=10.0), now=1.0)
    assert [1.0, 40.0] == [limit.reserve(None, now=1.0) for _ in range(2)]
    limit.learn(RateState(remaining=9, reset=60.0), now=41.0)
    assert 41.0 == limit.reserve(None, now=41.0)


def test_a_refusal_holds_back_all_calls_of_its_tenant() -> None:
    """After a 429 nobody of the tenant asks again before the time that the app names."""
    refusal = httpx.Response(429, headers={"Retry-After": "25"})
    app, tenant = App([refusal]), fresh_tenant()

    async def main() -> None:
        first = asyncio.ensure_future(app.client(tenant).get("/"))
        await asyncio.sleep(1)
        await get_all(app.client(tenant), app.client(fresh_tenant()))
        await first

    run_in_virtual_time(main())
    assert [0, 1, 25] == [round(time) for time in app.times[:3]]
    assert 25 <= app.times[3] <= 26


@parametrize("reset", ["999999", "99999999999999", "-5", "0"])
def test_an_absurd_window_holds_nobody_back(reset: str) -> None:
    """A lie about a window of days, or of the past, is passed over."""
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    app, tenant = App([httpx.Response(200, headers=headers)]), fresh_tenant()

    async def main() -> None:
        client = app.client(tenant, budget=20_000)
        await client.get("/")
        await client.get("/")

    run_in_virtual_time(main())
    assert app.times[1] < 1000


def test_one_host_gets_only_so_many_requests_at_a_time() -> None:
    """The limit counts all tenants together."""
    app = App(seconds=1)

    async def main() -> None:
        await get_all(*(app.client(fresh_tenant(), concurrency=3) for _ in range(4)), times=3)

    run_in_virtual_time(main())
    assert (12, 3) == (len(app.times), app.most_at_a_time)


def test_a_tenant_with_one_request_does_not_wait_for_one_with_hundreds() -> None:
    """Tenants take turns at the host."""
    app, busy, modest = App(seconds=1), fresh_tenant(), fresh_tenant()

    async def main() -> None:
        many = asyncio.ensure_future(get_all(app.client(busy, concurrency=2), times=200))
        await asyncio.sleep(0.5)
        await app.client(modest, concurrency=2).get("/")
        many.cancel()

    run_in_virtual_time(main())
    assert app.tenants.index(modest) <= 3


def test_a_streamed_body_keeps_its_place_until_it_is_read() -> None:
    """Of three streams with room for one, each begins when the one before has ended."""
    faults = FaultSchedule({"GET /": [Fault(FaultKind.SLOW_BODY, seconds=5.0)] * 3})
    transport = FaultTransport(App(), faults)

    async def main() -> float:
        async def read() -> None:
            client = AsyncClient(transport=transport, base_url="http://app.test", concurrency=1)
            async with client.stream("GET", "/") as response:
                await response.aread()

        await asyncio.gather(read(), read(), read())
        return asyncio.get_running_loop().time()

    assert 15 == round(run_in_virtual_time(main()))


def test_a_host_that_stays_busy_is_a_timeout() -> None:
    """Who waits too long for a place is told so."""
    app = App(seconds=100)

    async def main() -> str:
        timeout = httpx.Timeout(None, pool=5)
        client = app.client(fresh_tenant(), concurrency=1, timeout=timeout, budget=None)
        first = asyncio.ensure_future(client.get("/"))
        with pytest.raises(httpx.PoolTimeout) as caught:
            await asyncio.gather(client.get("/"))

        first.cancel()
        return str(caught.value)

    assert "GET http://app.test/: the host was busy with other requests for 5 s" == (
        run_in_virtual_time(main())
    )


@parametrize("requests, seconds", [(0, 1.0), (1, 0.0), (1, float("nan"))])
def test_a_limit_must_be_positive(requests: int, seconds: float) -> None:
    """A mistake in a declaration is said where it is made."""
    with pytest.raises(ValueError, match="positive"):
        RateLimit(requests=requests, seconds=seconds)


@settings(deadline=None)
@given(
    requests=st.integers(1, 5),
    seconds=st.integers(1, 10),
    steps=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=60),
)
def test_no_span_of_a_limit_holds_more_turns_than_it_allows(
    requests: int, seconds: int, steps: list[tuple[int, bool]]
) -> None:
    """However requests come, and whoever gives up, the limit holds in every span of time."""
    limit, declared, now = TenantLimit(), RateLimit(requests, seconds), 0.0
    turns: list[float] = []
    for pause, gives_up in steps:
        now += pause
        turn = limit.reserve(declared, now=now)
        assert turn >= now
        if gives_up and turn > now:
            limit.give_back(turn)
        else:
            turns.append(turn)

    turns.sort()
    for first, later in zip(turns, turns[requests:], strict=False):
        assert later - first >= seconds


@settings(deadline=None)
@given(
    width=st.integers(1, 3),
    steps=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["enter", "leave", "cancel"]))
    ),
)
def test_a_gate_keeps_its_width_and_loses_no_place(
    width: int, steps: list[tuple[str, str]]
) -> None:
    """Whatever tasks enter, leave and are cancelled, at the end all places are free."""

    async def main() -> None:
        gate = HostGate(width)
        inside: list[str] = []
        tasks: list[asyncio.Task[None]] = []

        async def visit(tenant: str, leaves: asyncio.Event) -> None:
            if not gate.enter_at_once():
                await gate.enter(tenant)
            inside.append(tenant)
            assert len(inside) <= width
            try:
                await leaves.wait()
            finally:
                inside.remove(tenant)
                gate.leave()

        events: list[asyncio.Event] = []
        for tenant, step in steps:
            if step == "enter" or not tasks:
                events.append(asyncio.Event())
                tasks.append(asyncio.ensure_future(visit(tenant, events[-1])))
            elif step == "leave":
                next((event for event in events if not event.is_set()), events[0]).set()
            else:
                tasks[len(tasks) // 2].cancel()
                # The place that is given in this moment must not be lost.
                next((event for event in events if not event.is_set()), events[0]).set()

            if len(tasks) % 2:
                await asyncio.sleep(0)

        for event in events:
            event.set()

        await asyncio.gather(*tasks, return_exceptions=True)
        assert gate.is_unused

    asyncio.run(main())


def test_a_turn_that_is_given_up_goes_to_the_next() -> None:
    """Also in the moment between a task's cancellation and its noticing."""

    async def main() -> bool:
        gate = HostGate(1)
        assert gate.enter_at_once()
        first = asyncio.ensure_future(gate.enter("a"))
        second = asyncio.ensure_future(gate.enter("a"))
        third = asyncio.ensure_future(gate.enter("b"))
        await asyncio.sleep(0)
        first.cancel()
        gate.leave()
        await third
        second.cancel()
        gate.leave()
        await asyncio.wait([first, second])
        return gate.is_unused

    assert asyncio.run(main())


def test_turns_go_round_the_tenants() -> None:
    """Of three tenants with two waiting requests each, every one is served before any twice."""

    async def main() -> str:
        gate, served = HostGate(1), []
        assert gate.enter_at_once()

        async def visit(tenant: str) -> None:
            await gate.enter(tenant)
            served.append(tenant)
            gate.leave()

        tasks = [asyncio.ensure_future(visit(tenant)) for tenant in "aabbcc"]
        await asyncio.sleep(0)
        gate.leave()
        await asyncio.gather(*tasks)
        return "".join(served)

    assert "abcabc" == asyncio.run(main())


def test_limits_that_say_nothing_any_more_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that sees ever new tenants does not keep them all."""
    from connector_sdk.http import rate_limits

    monkeypatch.setattr(rate_limits, "_limits", {})
    monkeypatch.setattr(rate_limits, "MOST_LIMITS", 10)
    for number in itertools.count():
        rate_limits.limit_of(f"tenant-{number}", "app.test", now=float(number))
        if number == 1000:
            break

    assert len(rate_limits._limits) <= 11
