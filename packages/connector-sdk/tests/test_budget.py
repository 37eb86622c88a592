"""The time budget of a call, through dispatch."""

import asyncio
import json
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_sdk import DescriptionData, Integration, call_budget
from connector_sdk.budget import current_budget
from connector_sdk.models import (
    AppCategory,
    ListAccountsRequest,
    ListAccountsResponse,
    StandardCapabilityName,
)

REQUEST = json.dumps({"request": {}})


def integration_of(function: Any, **options: Any) -> Integration:
    """An integration whose one capability is the function."""
    integration = Integration(
        app_id="acme",
        version="1.0.0",
        exception_handlers=[],
        description_data=DescriptionData(
            user_friendly_name="Acme", categories=[AppCategory.INTERNAL]
        ),
        **options,
    )
    integration.register_capabilities({StandardCapabilityName.LIST_ACCOUNTS: function})
    return integration


def dispatch(function: Any) -> dict[str, Any]:
    """The reply to a call of the function."""
    reply = asyncio.run(integration_of(function).dispatch("list_accounts", REQUEST))
    answer: dict[str, Any] = json.loads(reply)
    return answer


async def never_ending(args: ListAccountsRequest) -> ListAccountsResponse:
    """A capability that waits for what never comes."""
    await asyncio.Event().wait()
    return ListAccountsResponse(response=[])


def test_a_call_that_uses_up_the_budget_it_was_granted_is_answered_with_a_timeout() -> None:
    """What runs longer than the caller grants is ended, and the reply says so."""
    with call_budget(0.01):
        reply = dispatch(never_ending)

    error = reply["error"]
    assert ("request_timeout", "BudgetExceededError") == (error["error_code"], error["raised_by"])
    assert "0.01 s" in error["message"]


def test_a_plain_function_is_abandoned_when_the_budget_is_used_up() -> None:
    """The reply does not wait for a thread that blocks."""
    import threading

    release = threading.Event()

    def blocking(args: ListAccountsRequest) -> ListAccountsResponse:
        release.wait()
        return ListAccountsResponse(response=[])

    try:
        with call_budget(0.01):
            reply = dispatch(blocking)
    finally:
        release.set()

    assert "request_timeout" == reply["error"]["error_code"]


def test_a_limit_that_is_set_in_the_call_counts_from_its_start() -> None:
    """A capability that limits its own call is ended like any other."""

    async def limited(args: ListAccountsRequest) -> ListAccountsResponse:
        budget = current_budget()
        assert budget is not None
        budget.limit(0.01)
        return await never_ending(args)

    assert "request_timeout" == dispatch(limited)["error"]["error_code"]


def test_a_limit_can_be_set_from_the_thread_of_a_plain_function() -> None:
    """The limit reaches the event loop, and the call is ended."""

    def limited(args: ListAccountsRequest) -> ListAccountsResponse:
        budget = current_budget()
        assert budget is not None
        budget.limit(0.01)
        asyncio.run(asyncio.sleep(3600))
        return ListAccountsResponse(response=[])

    assert "request_timeout" == dispatch(limited)["error"]["error_code"]


def test_the_callers_budget_takes_the_place_of_the_integrations() -> None:
    """An integration that would take a minute at most may take what the caller grants."""
    seen: list[float | None] = []

    async def limited(args: ListAccountsRequest) -> ListAccountsResponse:
        budget = current_budget()
        assert budget is not None
        budget.limit(60)
        seen.append(budget.seconds)
        return ListAccountsResponse(response=[])

    with call_budget(600):
        dispatch(limited)

    dispatch(limited)
    assert [600, 60] == seen


def test_of_several_limits_the_nearest_holds() -> None:
    """A later, longer limit changes nothing."""
    seen: list[float | None] = []

    async def limited(args: ListAccountsRequest) -> ListAccountsResponse:
        budget = current_budget()
        assert budget is not None
        budget.limit(60)
        budget.limit(120)
        budget.limit(30)
        seen.append(budget.seconds)
        return ListAccountsResponse(response=[])

    dispatch(limited)
    assert [30] == seen


def test_a_timeout_of_the_connectors_own_is_not_taken_for_the_budget() -> None:
    """A TimeoutError of connector code stays what it is."""

    async def impatient(args: ListAccountsRequest) -> ListAccountsResponse:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
        return ListAccountsResponse(response=[])

    assert "TimeoutError" == dispatch(impatient)["error"]["raised_by"]


def test_a_budget_ends_with_its_call() -> None:
    """Outside a call there is no budget, and the next call has a fresh one."""

    async def limited(args: ListAccountsRequest) -> ListAccountsResponse:
        budget = current_budget()
        assert budget is not None
        assert budget.seconds is None
        budget.limit(60)
        return ListAccountsResponse(response=[])

    async def twice() -> None:
        integration = integration_of(limited)
        for _ in range(2):
            reply = json.loads(await integration.dispatch("list_accounts", REQUEST))
            assert [] == reply["response"]
            assert current_budget() is None

    asyncio.run(twice())


@parametrize(seconds=[0, -1, float("nan")])
def test_a_budget_must_be_positive(seconds: float) -> None:
    """Zero, negative and no number are refused where they are given."""
    with pytest.raises(ValueError, match="positive"), call_budget(seconds):
        pass
