"""Pages: each item once, whatever changes in between."""

from typing import Any

from pytest_cases import parametrize

LISTS = [
    "list_accounts",
    "list_resources",
    "list_entitlements",
    "find_entitlement_associations",
]


def pages(machine: Any, capability: str, size: int, request: Any = None) -> list[list[Any]]:
    """All pages of a list."""
    found = []
    page: Any = {"size": size}
    while page is not None:
        reply = machine.ask(capability, request, page=page)
        found.append(reply["response"])
        page = reply["page"]
    return found


@parametrize(capability=LISTS)
@parametrize(size=[1, 2, 3, 1000])
def test_pages_together_are_the_list(machine: Any, capability: str, size: int) -> None:
    """Every item is on one page, no page is larger than asked for, and only the last smaller."""
    machine.write("/etc/sudoers", "%wheel ALL = ALL, (daemon) /bin/ls\n")
    whole = machine.listed(capability)
    found = pages(machine, capability, size)
    assert whole == [item for page in found for item in page]
    assert {size} >= {len(page) for page in found[:-1]}
    assert 1 <= len(found[-1]) <= size


def test_activity_comes_in_pages(machine: Any) -> None:
    """The last logins are a list like the others."""
    record = b"\0\xf1\x53\x65" + bytes(288)
    machine.write("/var/log/lastlog", record * 1003)
    found = pages(machine, "get_last_activity", 2, {"account_ids": ["bob", "root", "alice"]})
    assert [["alice", "bob"], ["root"]] == [[each["account_id"] for each in page] for page in found]


def test_a_list_without_size_is_one_page(machine: Any) -> None:
    """Who does not ask for pages gets everything at once."""
    for page in (None, {}, {"size": None, "token": None}, {"token": ""}):
        reply = machine.ask("list_accounts", page=page)
        assert (5, None) == (len(reply["response"]), reply["page"])


def test_what_stays_is_returned_once_though_others_come_and_go(machine: Any) -> None:
    """Accounts that vanish or appear between two pages shift no other account."""
    first = machine.ask("list_accounts", page={"size": 2})
    assert ["alice", "bob"] == [each["username"] for each in first["response"]]

    machine.write(
        "/etc/passwd",
        "root:x:0:0:::\naaron:x:9:9:::\ndaemon:x:1:1:::\ncarol:x:2:2:::\ncelia:x:3:3:::\n",
    )
    rest = machine.ask("list_accounts", page=first["page"] | {"size": None})
    names = [each["username"] for each in rest["response"]]
    assert ["carol", "celia", "daemon", "root"] == names


def test_a_token_is_good_for_its_own_list_only(machine: Any) -> None:
    """A token of another capability, or none of ours, is an invalid page token."""
    token = machine.ask("list_accounts", page={"size": 1})["page"]["token"]
    for capability in ("list_resources", "list_entitlements", "find_entitlement_associations"):
        reply = machine.ask(capability, page={"token": token})
        assert "invalid_page_token" == reply["error"]["error_code"]
    for wrong in ("x", token + "x", token[:-4], "2" + token[1:]):
        reply = machine.ask("list_accounts", page={"token": wrong})
        assert "invalid_page_token" == reply["error"]["error_code"]


@parametrize(size=[0, -1])
def test_a_size_that_is_none_is_a_bad_request(machine: Any, size: int) -> None:
    """A page has at least one item, or paging would never end."""
    error = machine.ask("list_accounts", page={"size": size})["error"]
    assert "bad_request" == error["error_code"]
    assert "page.size" in error["message"]
