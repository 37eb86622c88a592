"""Time limits: of the steps of a request, and of a whole call."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_sdk import BudgetExceededError, DescriptionData, Integration, call_budget
from connector_sdk.http import AsyncClient, BaseIntegrationClient, Timeouts
from connector_sdk.models import (
    AppCategory,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
)
from connector_sdk.testing import (
    Fault,
    FaultKind,
    FaultSchedule,
    FaultServer,
    FaultTransport,
    run_in_virtual_time,
)

Body = Callable[[AsyncClient], Awaitable[Any]]


def app(request: httpx.Request) -> httpx.Response:
    """An app with a long body."""
    return httpx.Response(200, content=b"x" * 1000)


def slow(kind: FaultKind, seconds: float) -> FaultTransport:
    """An app that takes its time for everything."""
    fault = Fault(kind, seconds=seconds)
    return FaultTransport(app, FaultSchedule({"GET /": [fault] * 50, "POST /": [fault] * 50}))


def reply_of(transport: httpx.AsyncBaseTransport, body: Body, budget: float) -> Any:
    """The reply to a call whose client has a budget, and how long the call took."""

    class AppClient(BaseIntegrationClient):
        @classmethod
        def prepare_client_args(cls, _args: Any) -> dict[str, Any]:
            return {"transport": transport, "base_url": "http://app.test"}

    AppClient.budget = budget
    integration = Integration(
        app_id="slow",
        version="1.0.0",
        exception_handlers=[],
        description_data=DescriptionData(
            user_friendly_name="Slow", categories=[AppCategory.INTERNAL]
        ),
    )

    @integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        async with AppClient(args) as client:
            await body(client.http)

        return ListAccountsResponse(response=[])

    async def main() -> tuple[dict[str, Any], float]:
        reply = json.loads(await integration.dispatch("list_accounts", '{"request": {}}'))
        return reply, asyncio.get_running_loop().time()

    return run_in_virtual_time(main())


async def many_requests(http: AsyncClient) -> None:
    """Requests without end, each of them quick enough."""
    while True:
        await http.post("/")


async def one_request(http: AsyncClient) -> None:
    """One request."""
    await http.get("/")


async def a_stream(http: AsyncClient) -> None:
    """A body that its author reads."""
    async with http.stream("GET", "/") as response:
        await response.aread()


async def no_request_at_all(http: AsyncClient) -> None:
    """Something else that takes long."""
    await asyncio.sleep(10_000)


@parametrize("body", [many_requests, one_request, a_stream, no_request_at_all])
@parametrize("kind", [FaultKind.LATENCY, FaultKind.SLOW_BODY])
def test_a_call_ends_with_its_budget(body: Body, kind: FaultKind) -> None:
    """Whatever a capability does with its time, the reply comes when the budget is used up."""
    reply, took = reply_of(slow(kind, 7.0), body, budget=5.0 if body is not many_requests else 60.0)
    assert "request_timeout" == reply["error"]["error_code"]
    assert took == pytest.approx(5.0 if body is not many_requests else 60.0)


def test_the_callers_budget_replaces_the_clients() -> None:
    """Who calls knows better how long it may take."""
    with call_budget(60):
        reply, _ = reply_of(slow(FaultKind.LATENCY, 7.0), one_request, budget=5.0)

    assert [] == reply["response"]


def test_outside_a_call_each_request_has_the_budget_to_itself() -> None:
    """A script that runs for hours is not ended by it, only a request that takes too long."""

    async def main() -> None:
        transport = slow(FaultKind.LATENCY, 7.0)
        async with AsyncClient(transport=transport, base_url="http://app.test", budget=10) as http:
            for _ in range(5):
                await http.get("/")

        async with AsyncClient(transport=transport, base_url="http://app.test", budget=5) as http:
            with pytest.raises(BudgetExceededError):
                await http.get("/")

    run_in_virtual_time(main())


def test_a_body_that_is_streamed_is_read_until_the_deadline_only() -> None:
    """The deadline holds after `send` has returned."""

    async def main() -> float:
        transport = slow(FaultKind.SLOW_BODY, 1000.0)
        async with (
            AsyncClient(transport=transport, base_url="http://app.test", budget=5) as http,
            http.stream("GET", "/") as response,
        ):
            with pytest.raises(BudgetExceededError):
                await response.aread()

        return asyncio.get_running_loop().time()

    assert 5 == pytest.approx(run_in_virtual_time(main()))


def test_without_a_budget_a_request_may_take_any_time() -> None:
    """None is no limit."""

    async def main() -> float:
        transport = slow(FaultKind.LATENCY, 100_000.0)
        options: dict[str, Any] = {"budget": None, "timeout": None}
        async with AsyncClient(transport=transport, base_url="http://app.test", **options) as http:
            await http.get("/")

        return asyncio.get_running_loop().time()

    assert 100_000 == pytest.approx(run_in_virtual_time(main()))


@parametrize("kind", [FaultKind.LATENCY, FaultKind.SLOW_BODY])
def test_an_app_that_stays_silent_is_a_read_timeout(kind: FaultKind) -> None:
    """On real sockets, with the limit in the message."""

    async def main() -> str:
        faults = FaultSchedule({"POST /": [Fault(kind, seconds=9.0)]})
        async with (
            FaultServer(app, faults) as server,
            AsyncClient(base_url=server.url, timeout=Timeouts(read=2.0)) as http,
        ):
            with pytest.raises(httpx.ReadTimeout) as caught:
                await http.post("/")

            return str(caught.value).replace(server.url, "")

    assert "POST /: no answer within 2.0 s" == run_in_virtual_time(main())


def test_limits_become_those_of_httpx() -> None:
    """Each step has its own."""
    limits = Timeouts(connect=1, read=2, write=3, pool=None)
    assert httpx.Timeout(connect=1, read=2, write=3, pool=None) == limits.as_httpx()


def test_cancelling_a_call_closes_what_it_had_open() -> None:
    """A cancelled request leaves no task and no descriptor; its connection is not used again."""

    async def main() -> tuple[int, int]:
        faults = FaultSchedule({"GET /": [Fault(FaultKind.LATENCY, seconds=1000.0)]})
        async with FaultServer(app, faults) as server, AsyncClient(base_url=server.url) as http:
            request = asyncio.ensure_future(http.get("/"))
            await asyncio.sleep(1)
            request.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request

            (await http.get("/other")).raise_for_status()

        return server.connections_made, len(asyncio.all_tasks())

    before = os.listdir("/dev/fd")
    assert (2, 1) == run_in_virtual_time(main())
    assert len(before) == len(os.listdir("/dev/fd"))
