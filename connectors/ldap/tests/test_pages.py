"""Lists that are read in parts while the directory changes, or its server goes away."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector_sdk import NextPageToken
from ldap_connector.profiles import PROFILES
from ldap_connector.windows import Place

pytestmark = pytest.mark.slow  # its tests call a real server


def people(*numbers: int) -> str:
    """LDIF of accounts."""
    return "\n".join(
        f"dn: uid=user{number},BASE\nobjectClass: inetOrgPerson\ncn: A\nsn: B\n"
        for number in numbers
    )


def flat(pages: list[list[Any]]) -> list[Any]:
    """The items of all pages."""
    return [item for page in pages for item in page]


def names(accounts: list[Any]) -> list[str]:
    """The user names of accounts, in alphabetical order."""
    return sorted(each["username"] for each in accounts)


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 100])
def test_each_account_is_on_one_page(tenant: Any, size: int) -> None:
    """Whatever the size of pages, each account is read once, and no page is empty."""
    tenant.modify(people(*range(6)))
    pages = list(tenant.pages("list_accounts", size=size))
    assert [f"user{number}" for number in range(6)] == names(flat(pages))
    assert -(-6 // size) == len(pages)


@pytest.mark.parametrize(
    "capability",
    ["list_accounts", "list_resources", "list_entitlements", "find_entitlement_associations"],
)
def test_an_empty_directory_is_one_empty_page(tenant: Any, capability: str) -> None:
    """Where nothing is, every list ends at once."""
    assert [[]] == list(tenant.pages(capability, size=1))


def test_who_stays_is_read_once_while_others_come_and_go(tenant: Any) -> None:
    """Between pages, accounts are added and deleted, also the last of the page before."""
    tenant.modify(people(*range(20)))
    found: list[Any] = []
    gone = set()
    for number, page in enumerate(tenant.pages("list_accounts", size=3)):
        found += page
        tenant.modify(people(100 + number))
        if page:
            last = page[-1]["username"]
            gone.add(last)
            tenant.modify(f"dn: uid={last},BASE\nchangetype: delete\n")

    read = names(found)
    assert len(set(read)) == len(read)
    assert {f"user{number}" for number in range(20)} <= set(read)
    assert gone <= set(read)


def test_a_window_that_was_emptied_is_an_empty_page(tenant: Any) -> None:
    """When all accounts of a page are gone, the reader gets the others."""
    tenant.modify(people(*range(6)))
    order = [each["username"] for each in tenant.listed("list_accounts")]
    pages = tenant.pages("list_accounts", size=2)
    first = next(pages)
    tenant.modify("\n".join(f"dn: uid={name},BASE\nchangetype: delete\n" for name in order[2:4]))
    rest = list(pages)
    assert [order[:2], [], order[4:]] == [
        [each["username"] for each in page] for page in (first, *rest)
    ]


def test_more_windows_than_a_token_names_are_cut_later(
    tenant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long list is cut into windows piece by piece, and each account is on one page."""
    monkeypatch.setattr("ldap_connector.windows.MOST_WINDOWS", 2)
    tenant.modify(people(*range(12)))
    pages = list(tenant.pages("list_accounts", size=1))
    assert sorted(f"user{number}" for number in range(12)) == names(flat(pages))
    assert 12 == len(pages)


def test_a_token_of_another_list_is_refused(tenant: Any) -> None:
    """A token is good for the list that it was made for."""
    tenant.modify(people(1, 2))
    page = tenant.call("list_accounts", page={"size": 1})["page"]
    assert "invalid_page_token" == tenant.code("find_entitlement_associations", page=page)


@pytest.mark.parametrize("after", ["*)(uid=*", "", "1"])
def test_an_altered_token_is_refused(tenant: Any, after: str) -> None:
    """What is no place in the order does not reach the server."""
    place = Place(endpoint="accounts", after=after, cut=True)
    page = NextPageToken[Place].from_paginations([place]).to_page(1).model_dump()
    assert "invalid_page_token" == tenant.code("list_accounts", page=page)


def test_a_page_of_nothing_is_refused(tenant: Any) -> None:
    """A size below 1 is `bad_request`."""
    assert "bad_request" == tenant.code("list_accounts", page={"size": 0})


def test_a_server_that_does_not_compare_is_found_out(
    tenant: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order that the server cannot compare would make everybody vanish: `invalid_response`."""
    unordered = replace(PROFILES["openldap"], order_attribute="description")
    monkeypatch.setitem(PROFILES, "openldap", unordered)
    tenant.modify(
        "\n".join(
            f"dn: uid=user{number},BASE\nobjectClass: inetOrgPerson\ncn: A\nsn: B\n"
            f"description: 0000000{number}-0000-0000-0000-000000000000\n"
            for number in range(4)
        )
    )
    assert 4 == len(tenant.listed("list_accounts"))  # in one page, nothing is compared
    reply = tenant.call("list_accounts", page={"size": 2})
    assert "invalid_response" == reply["error"]["error_code"]
    assert "does not compare" in reply["error"]["message"]


def test_a_server_that_starts_anew_goes_on_where_it_was(
    start_slapd: Callable[..., Any], make_tenant: Callable[..., Any], tmp_path: Path
) -> None:
    """While it is away the call may be repeated; afterwards nobody is missed or read twice."""
    with start_slapd(tmp_path) as server:
        tenant = make_tenant(server)
        tenant.modify(people(*range(9)))
        first = tenant.call("list_accounts", page={"size": 4})
        server.stop()
        assert "connection_rejected" == tenant.code("list_accounts", page=first["page"])
        server.start()
        second = tenant.call("list_accounts", page=first["page"])
        third = tenant.call("list_accounts", page=second["page"])
        found = first["response"] + second["response"] + third["response"]
        assert [f"user{number}" for number in range(9)] == names(found)
        assert third["page"] is None
