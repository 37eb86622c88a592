"""Lists that are read page by page."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

HOST = "pages.example.com"
"""A tenant that these tests only read."""

OTHER_LISTS = ("list_resources", "list_entitlements", "find_entitlement_associations")

Call = Callable[..., Any]
Listed = Callable[..., list[Any]]


@pytest.mark.slow
@given(size=st.integers(min_value=1, max_value=600))
@example(size=1)
@settings(max_examples=10, deadline=None)
def test_each_account_is_on_exactly_one_page_of_any_size(size: int, listed_at: Listed) -> None:
    """Whatever the size of the pages, together they hold the same accounts in the same order."""
    expected = listed_at(HOST, "list_accounts")

    assert expected == listed_at(HOST, "list_accounts", page={"size": size})
    assert len(expected) == len({account["integration_specific_id"] for account in expected})


@pytest.mark.slow
@parametrize("capability", OTHER_LISTS)
@given(size=st.integers(min_value=30, max_value=2000))
@settings(max_examples=5, deadline=None)
def test_each_item_of_the_other_lists_is_on_exactly_one_page(
    capability: str, size: int, listed_at: Listed
) -> None:
    """The other lists are read page by page in the same way."""
    expected = listed_at(HOST, capability)

    assert expected == listed_at(HOST, capability, page={"size": size})
    assert len(expected) == len({repr(item) for item in expected})


@pytest.mark.slow
@given(size=st.integers(min_value=30, max_value=1000))
@settings(max_examples=5, deadline=None)
def test_last_activity_comes_in_pages(size: int, listed_at: Listed) -> None:
    """The activities of many accounts can be read page by page, too."""
    accounts = listed_at(HOST, "list_accounts")
    request = {"account_ids": [account["integration_specific_id"] for account in accounts]}

    expected = listed_at(HOST, "get_last_activity", request)

    assert expected == listed_at(HOST, "get_last_activity", request, page={"size": size})
    assert len(expected) > len(accounts)


@parametrize("size, expected", [(None, 100), (1, 1), (499, 499), (500, 500), (10**12, 500)])
def test_a_page_has_as_many_items_as_asked_for_up_to_a_limit(
    size: int | None, expected: int, call: Call
) -> None:
    """Without a size a page has 100 items, and no page has more than 500."""
    reply = call("find_entitlement_associations", page={"size": size})

    assert expected == len(reply["response"])


def test_the_last_page_names_no_next_one(call: Call, listed: Listed) -> None:
    """A page that ends exactly where the list ends is the last one."""
    size = len(listed("list_accounts"))

    assert call("list_accounts", page={"size": size})["page"] is None
    assert call("list_accounts", page={"size": size - 1})["page"] is not None


def test_a_change_between_two_pages_hides_no_account(call: Call, listed: Listed) -> None:
    """Deleting what was read already does not shift the rest past the reader."""
    all_accounts = listed("list_accounts")
    first = call("list_accounts", page={"size": 10})
    for account in first["response"]:
        call("delete_account", {"account_id": account["integration_specific_id"]})

    rest = listed("list_accounts", page=first["page"])

    expected = [account["integration_specific_id"] for account in all_accounts[10:]]
    assert expected == [account["integration_specific_id"] for account in rest]


@parametrize("other", OTHER_LISTS)
def test_a_page_token_is_good_for_one_list(other: str, call: Call) -> None:
    """A token that another capability gave is refused, not misread."""
    page = call("list_accounts", page={"size": 1})["page"]

    assert "invalid_page_token" == call(other, page=page)["error"]["error_code"]
