"""Tenants, who see nothing of each other."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from mock_connector.tenants import MAX_COMPANIES

Call = Callable[..., Any]
Listed = Callable[..., list[Any]]

NEW = {"email": "new@example.com", "entitlements": []}


def test_no_tenant_sees_the_changes_of_another(host: str, call_at: Call, listed_at: Listed) -> None:
    """What is created and deleted at one host is so at that host alone."""
    other = f"other.{host}"
    before = listed_at(other, "list_accounts")

    call_at(host, "create_account", NEW)
    call_at(host, "delete_account", {"account_id": "account-00001"})

    assert before == listed_at(other, "list_accounts")
    assert before != listed_at(host, "list_accounts")


@pytest.mark.slow
def test_two_seeds_at_one_host_are_two_companies(
    host: str, call_at: Call, listed_at: Listed
) -> None:
    """A change of one company does not show in the company of another seed."""
    second = {"host": host, "seed": 2}
    before = listed_at(host, "list_accounts", settings=second)

    call_at(host, "create_account", NEW)

    assert before == listed_at(host, "list_accounts", settings=second)


def test_capitals_do_not_make_another_tenant(host: str, call_at: Call) -> None:
    """A host name is the same in capitals, so the company is, too."""
    call_at(host, "delete_account", {"account_id": "account-00001"})

    reply = call_at(host.upper(), "delete_account", {"account_id": "account-00001"})

    assert "not_found" == reply["error"]["error_code"]


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Let threads take turns as often as can be, so that a missing lock shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(call: Callable[[Any], Any], requests: list[Any]) -> list[Any]:
    """Make a call for each request, all at the same time, and return the replies."""
    start = Barrier(len(requests))

    def call_with_the_others(request: Any) -> Any:
        start.wait()
        return call(request)

    with ThreadPoolExecutor(max_workers=len(requests)) as pool:
        return list(pool.map(call_with_the_others, requests))


@pytest.mark.usefixtures("restless_threads")
def test_first_calls_at_once_share_one_company(host: str, call_at: Call, listed_at: Listed) -> None:
    """No thread founds a company of its own, in which its change would be lost."""
    requests = [NEW | {"email": f"{number}@example.com"} for number in range(16)]
    before = len(listed_at(f"other.{host}", "list_accounts"))

    at_once(lambda each: call_at(host, "create_account", each), requests)

    assert before + 16 == len(listed_at(host, "list_accounts"))


@pytest.mark.usefixtures("restless_threads")
def test_of_equal_calls_at_once_one_creates_the_account(
    host: str, call_at: Call, listed_at: Listed
) -> None:
    """Between the look for a taken name and the change there is room for no other call."""
    before = len(listed_at(host, "list_accounts"))

    replies = at_once(lambda each: call_at(host, "create_account", each), [NEW] * 32)

    assert 1 == sum("response" in reply for reply in replies)
    assert before + 1 == len(listed_at(host, "list_accounts"))


@pytest.mark.slow
def test_a_tenant_long_unused_begins_anew(host: str, call_at: Call, listed_at: Listed) -> None:
    """So many tenants later the company is what it was before its changes: memory is bounded."""
    before = listed_at(host, "list_accounts")
    call_at(host, "create_account", NEW)

    for number in range(MAX_COMPANIES):
        call_at(f"crowd-{number}.{host}", "list_resources")

    assert before == listed_at(host, "list_accounts")
