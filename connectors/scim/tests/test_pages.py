"""Lists that change while they are read, of a service that counts as RFC 7644 says."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk.testing import MockedResponse, call, intercept
from scim_connector.integration import integration

CONNECTION = {
    "credentials": [{"id": "bearer", "token": {"token": "sample-token"}}],
    "settings": {"base_url": "https://scim.example.com/v2"},
}

Change = Callable[[list[str]], object]
"""What happens to the users' ids between two pages."""


def as_list(ids: list[str], request: httpx.Request) -> httpx.Response:
    """The service's answer to a query for users."""
    start, count = (int(request.url.params[name]) for name in ("startIndex", "count"))
    resources = [{"id": each} for each in ids[start - 1 : start - 1 + count]]
    body = {"totalResults": len(ids), "Resources": resources}
    return MockedResponse(200, body).as_httpx(request)


def read(ids: list[str], changes: Iterator[Change], size: int) -> tuple[list[str], str | None]:
    """The users that are listed while they change, and the error's code if one ends the list."""
    listed: list[str] = []
    page: Any = {"size": size}
    with intercept(lambda request: as_list(ids, request)):
        while page is not None:
            reply = call(integration, "list_accounts", {"page": page}, connection=CONNECTION)
            if reply.get("is_error"):
                return listed, reply["error"]["error_code"]

            listed += [each["integration_specific_id"] for each in reply["response"]]
            page = reply["page"]
            next(changes, lambda _: None)(ids)

    return listed, None


def numbers(*bounds: int) -> list[str]:
    """The ids from one number to the one before another."""
    return [str(number) for number in range(*bounds)]


@st.composite
def changes_of(draw: st.DrawFn) -> Change:
    """Deletions and new users, anywhere in the list."""
    deleted = draw(st.sets(st.integers(0, 40), max_size=12))
    added = draw(st.lists(st.tuples(st.integers(0, 40), st.uuids().map(str)), max_size=12))

    def change(ids: list[str]) -> None:
        ids[:] = [each for index, each in enumerate(ids) if index not in deleted]
        for index, each in added:
            ids.insert(index, each)

    return change


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(0, 40),
    changes=st.lists(changes_of(), max_size=4),
    size=st.integers(1, 20),
)
def test_who_stays_is_listed_once(count: int, changes: list[Change], size: int) -> None:
    """Whatever comes and goes: nobody is listed twice, and nobody who stays is missed.

    If too much has gone to know the place again, the list ends in an error, not in a gap.
    """
    ids = numbers(count)
    stayed = set(ids)

    def noting(change: Change) -> Change:
        def noted(ids: list[str]) -> None:
            change(ids)
            stayed.intersection_update(ids)

        return noted

    listed, error = read(ids, map(noting, changes), size)
    assert len(set(listed)) == len(listed)
    assert error in (None, "service_error")
    if error is None:
        assert set() == stayed - set(listed)


def test_a_list_that_rests_is_read_without_detours() -> None:
    """Each page takes one request, which begins a little before its place."""
    ids = numbers(30)
    starts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        starts.append(request.url.params["startIndex"])
        return as_list(ids, request)

    page: Any = {"size": 10}
    with intercept(answer):
        while page is not None:
            page = call(integration, "list_accounts", {"page": page}, connection=CONNECTION)["page"]

    assert ["1", "3", "13"] == starts


def test_a_deletion_before_the_place_hides_nobody() -> None:
    """Who is counted off by a deletion is found all the same."""
    listed, _ = read(numbers(12), iter([lambda ids: ids.pop(0)]), 4)
    assert numbers(12) == listed


def test_new_users_before_the_place_repeat_nobody() -> None:
    """Who is moved to the next page by new users was listed already."""
    new = [f"new{number}" for number in range(30)]
    listed, _ = read(numbers(12), iter([lambda ids: ids.__setitem__(slice(0, 0), new)]), 4)
    assert numbers(12) == listed


def test_a_mass_deletion_is_searched_through() -> None:
    """The place is found again although everybody around it has gone."""

    def all_but_one(ids: list[str]) -> None:
        ids[:] = ids[38:39] + ids[45:]

    listed, error = read(numbers(60), iter([all_but_one]), 40)
    assert (numbers(40) + numbers(45, 60), None) == (listed, error)


def test_a_list_that_was_lost_is_an_error() -> None:
    """A service that has forgotten everybody does not end the list: that would be a lie."""
    listed, error = read(numbers(12), iter([list.clear]), 4)
    assert (numbers(4), "service_error") == (listed, error)


def answering(*bodies: Any) -> Callable[[httpx.Request], httpx.Response]:
    """A service that gives these answers, one after the other, and the last again and again."""
    rest = list(bodies)

    def answer(request: httpx.Request) -> httpx.Response:
        body = rest.pop(0) if len(rest) > 1 else rest[0]
        return MockedResponse(200, body).as_httpx(request)

    return answer


@parametrize(
    "body",
    [
        {"totalResults": 3},
        {"totalResults": 3, "Resources": []},
        {"totalResults": 3, "Resources": [{"userName": "ada"}]},
        {"totalResults": 3, "Resources": ["ada"]},
        {"totalResults": "3", "Resources": [{"id": "1"}]},
        {"Resources": {"id": "1"}},
        [{"id": "1"}],
    ],
    ids=json.dumps,
)
def test_what_is_no_list_is_not_taken_for_one(body: Any) -> None:
    """A list that lacks what it promises is `invalid_response`, not a short list."""
    with intercept(answering(body)):
        reply = call(integration, "list_accounts", connection=CONNECTION)

    assert "invalid_response" == reply["error"]["error_code"]


def test_a_service_that_does_not_heed_the_index_is_found_out() -> None:
    """The same page again and again is `invalid_response`: the rest cannot be read."""
    body = {"totalResults": 9, "Resources": [{"id": each} for each in numbers(4)]}
    with intercept(answering(body)):
        first = call(integration, "list_accounts", connection=CONNECTION)
        page = {"page": first["page"]}
        second = call(integration, "list_accounts", page, connection=CONNECTION)

    assert "invalid_response" == second["error"]["error_code"]


def test_an_empty_list_may_lack_its_member() -> None:
    """`Resources` is left out where there is nothing (RFC 7644, section 3.4.2)."""
    with intercept(answering({"totalResults": 0})):
        reply = call(integration, "list_accounts", connection=CONNECTION)

    assert ([], None) == (reply["response"], reply["page"])


def test_a_token_is_good_for_its_own_list_only() -> None:
    """The token of one capability is `invalid_page_token` to the others."""
    ids = numbers(12)
    with intercept(lambda request: as_list(ids, request)):
        page = {"size": 4}
        found = call(integration, "list_accounts", {"page": page}, connection=CONNECTION)
        for other in ("list_resources", "list_entitlements", "find_entitlement_associations"):
            reply = call(integration, other, {"page": found["page"]}, connection=CONNECTION)
            assert "invalid_page_token" == reply["error"]["error_code"]


def test_a_page_of_nothing_is_refused() -> None:
    """A page has at least one item."""
    with intercept(answering({})):
        reply = call(integration, "list_accounts", {"page": {"size": 0}}, connection=CONNECTION)

    assert ("bad_request", "page.size must be at least 1") == (
        reply["error"]["error_code"],
        reply["error"]["message"],
    )
