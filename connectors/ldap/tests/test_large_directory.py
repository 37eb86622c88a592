"""A directory of 5,000 users and 200 groups, read whole and compared with what ldapsearch reads."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

USERS, GROUPS, LARGE_GROUP = 5000, 200, 3000

pytestmark = pytest.mark.slow


def members_of(number: int) -> range:
    """The numbers of the users in a group; the first group is a large one."""
    if number == 0:
        return range(LARGE_GROUP)

    return range(number * 20, number * 20 + 30)


@pytest.fixture(scope="module")
def large(
    start_slapd: Callable[..., Any],
    make_tenant: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    """The directory, on a server of its own."""
    with start_slapd(tmp_path_factory.mktemp("large")) as server:
        tenant = make_tenant(server, nested_groups=False)
        tenant.modify(
            "\n".join(
                f"dn: uid=user{number},BASE\nobjectClass: inetOrgPerson\ncn: User {number}\n"
                f"sn: Ünal\nmail: user{number}@example.com\n"
                for number in range(USERS)
            )
        )
        tenant.modify(
            "\n".join(
                f"dn: cn=group{number},BASE\nobjectClass: groupOfNames\n"
                + "".join(f"member: uid=user{user},BASE\n" for user in members_of(number))
                for number in range(GROUPS)
            )
        )
        yield tenant


def test_all_accounts_are_read_once(large: Any) -> None:
    """Ids, names and e-mail addresses are those that ldapsearch reads."""
    pages = list(large.pages("list_accounts"))
    found = [
        (each["integration_specific_id"], each["username"], each["email"], each["family_name"])
        for page in pages
        for each in page
    ]
    expected = [
        (entry["entryUUID"][0], entry["uid"][0], entry["mail"][0], entry["sn"][0])
        for entry in large.search("(objectClass=inetOrgPerson)", "entryUUID", "uid", "mail", "sn")
    ]
    assert USERS == len(expected)
    assert sorted(expected) == sorted(found)
    assert 10 == len(pages)


def test_all_groups_are_read_once(large: Any) -> None:
    """Resources are the groups that ldapsearch reads."""
    found = [
        (each["integration_specific_id"], each["label"]) for each in large.listed("list_resources")
    ]
    expected = [
        (entry["entryUUID"][0], entry["cn"][0])
        for entry in large.search("(objectClass=groupOfNames)", "entryUUID", "cn")
    ]
    assert GROUPS == len(expected)
    assert sorted(expected) == sorted(found)


@pytest.mark.parametrize("memberships", ["group", "account"])
def test_all_associations_are_read_once(large: Any, memberships: str) -> None:
    """Both ways to read memberships give those that ldapsearch reads."""
    large.settings["memberships"] = memberships
    ids = {entry["dn"][0]: entry["entryUUID"][0] for entry in large.search("(cn=*)", "entryUUID")}
    expected = [
        (ids[member], ids[entry["dn"][0]])
        for entry in large.search("(objectClass=groupOfNames)", "member")
        for member in entry["member"]
    ]
    found = [
        (each["account_id"], each["integration_specific_resource_id"])
        for each in large.listed("find_entitlement_associations", size=1000)
    ]
    assert sum(len(members_of(number)) for number in range(GROUPS)) == len(expected)
    assert sorted(expected) == sorted(found)


def test_a_server_that_starts_anew_in_between_changes_nothing(large: Any) -> None:
    """The second half of a list, read from the restarted server, completes the first."""
    names: list[str] = []
    for number, page in enumerate(large.pages("list_accounts", size=1000)):
        names += [each["username"] for each in page]
        if number in (1, 3):
            large.server.stop()
            assert "connection_rejected" == large.code("list_accounts")
            large.server.start()

    assert sorted(f"user{number}" for number in range(USERS)) == sorted(names)
