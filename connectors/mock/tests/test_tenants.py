"""Tenants, who see nothing of each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

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


def test_threads_at_once_share_one_company(host: str, call_at: Call, listed_at: Listed) -> None:
    """Of many equal calls at once one creates the account, and every other change is kept."""
    requests = [NEW] * 8 + [NEW | {"email": f"{number}@example.com"} for number in range(8)]
    before = len(listed_at(f"other.{host}", "list_accounts"))

    with ThreadPoolExecutor(max_workers=16) as pool:
        replies = list(pool.map(lambda each: call_at(host, "create_account", each), requests))

    assert 1 == sum("response" in reply for reply in replies[:8])
    assert 8 == sum("response" in reply for reply in replies[8:])
    assert before + 9 == len(listed_at(host, "list_accounts"))


def test_a_tenant_long_unused_begins_anew(host: str, call_at: Call, listed_at: Listed) -> None:
    """So many tenants later the company is what it was before its changes: memory is bounded."""
    before = listed_at(host, "list_accounts")
    call_at(host, "create_account", NEW)

    for number in range(MAX_COMPANIES):
        call_at(f"crowd-{number}.{host}", "list_resources")

    assert before == listed_at(host, "list_accounts")
