"""The company that a seed stands for."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests read whole companies

HOST = "company.example.com"
"""A tenant that these tests only read."""

LISTS = (
    "list_accounts",
    "list_resources",
    "list_entitlements",
    "find_entitlement_associations",
)

any_seed = given(seed=st.integers(min_value=0, max_value=2**64))
few_seeds = settings(max_examples=5, deadline=None)

Call = Callable[..., Any]
Listed = Callable[..., list[Any]]


def by_id(items: list[Any]) -> dict[str, Any]:
    """Return the items by their identifiers, each of which must be unique."""
    found = {item["integration_specific_id"]: item for item in items}
    assert len(items) == len(found)
    return found


def of_seed(seed: int) -> dict[str, Any]:
    """Return settings that choose a company."""
    return {"host": HOST, "seed": seed}


def test_there_are_a_few_hundred_accounts_of_all_sorts(listed_at: Listed) -> None:
    """The company has people and services, and accounts in use, suspended and invited."""
    accounts = listed_at(HOST, "list_accounts")

    assert 200 <= len(accounts) <= 400
    assert {"user", "service"} == {account["account_type"] for account in accounts}
    assert {"ACTIVE", "SUSPENDED", "PENDING"} == {account["user_status"] for account in accounts}


def test_the_first_account_is_always_the_same_person(call_at: Call) -> None:
    """The default company does not change from one machine, day or Python to the next."""
    reply = call_at(HOST, "list_accounts", {"custom_attributes": ["department"]}, page={"size": 1})

    expected = {
        "integration_specific_id": "account-00001",
        "email": "tariq.zhou@example.com",
        "given_name": "Tariq",
        "family_name": "Zhou",
        "username": "tariq.zhou",
        "user_status": "ACTIVE",
        "extra_data": None,
        "custom_attributes": {"department": "Engineering"},
        "account_type": "user",
    }
    assert [expected] == reply["response"]


def test_the_last_logins_do_not_depend_on_the_clock(call_at: Call) -> None:
    """Time stands still in the company."""
    reply = call_at(HOST, "get_last_activity", {"account_ids": ["account-00001"]})

    expected = [
        {
            "account_id": "account-00001",
            "event_type": "last_activity",
            "happened_at": "2025-11-24T21:48:00+00:00",
        },
        {
            "account_id": "account-00001",
            "event_type": "last_login",
            "happened_at": "2025-11-24T14:43:00+00:00",
        },
    ]
    assert expected == reply["response"]


@parametrize("capability", LISTS)
def test_the_seed_is_the_company(capability: str, listed_at: Listed) -> None:
    """One seed is the same company for two tenants; the default seed is 1."""
    assert listed_at("one.example.com", capability) == listed_at(
        "two.example.com", capability, settings={"host": "two.example.com", "seed": 1}
    )


@parametrize("capability", ["list_accounts", "find_entitlement_associations"])
def test_another_seed_is_another_company(capability: str, listed_at: Listed) -> None:
    """The seed decides who works in the company, and who holds what."""
    one, two = (listed_at(HOST, capability, settings=of_seed(seed)) for seed in (1, 2))

    assert one != two


def test_the_company_is_the_same_in_every_process() -> None:
    """No set or dictionary order of one process shows in the data."""
    request = (
        '{"auth":{"basic":{"username":"foo","password":"bar"}},"request":{},'
        '"settings":{"host":"tenant.example.com"},"page":{"size":500}}'
    )
    replies = {
        subprocess.run(
            [sys.executable, "-m", "mock_connector.main", capability, "--json", request],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
        ).stdout
        for capability in ("list_accounts", "find_entitlement_associations")
        for hash_seed in ("0", "1")
    }

    assert 2 == len(replies)


@any_seed
@example(seed=1)
@few_seeds
def test_every_association_names_what_exists(seed: int, listed_at: Listed) -> None:
    """Account, entitlement and resource of an association are all in the other lists."""
    company = of_seed(seed)
    accounts = by_id(listed_at(HOST, "list_accounts", settings=company))
    resources = by_id(listed_at(HOST, "list_resources", settings=company))
    entitlements = by_id(listed_at(HOST, "list_entitlements", settings=company))

    for association in listed_at(HOST, "find_entitlement_associations", settings=company):
        resource_id = association["integration_specific_resource_id"]
        entitlement = entitlements[association["integration_specific_entitlement_id"]]
        assert association["account_id"] in accounts
        assert resource_id in resources
        assert resource_id == entitlement["integration_specific_resource_id"]


def test_every_entitlement_is_of_a_type_for_its_resource(call_at: Call, listed_at: Listed) -> None:
    """Resources and entitlements have the types that `info` declares, and no type is unused."""
    info = call_at(HOST, "info")["response"]
    resources = by_id(listed_at(HOST, "list_resources"))
    declared = {each["type_id"]: each["resource_type_id"] for each in info["entitlement_types"]}
    found = {
        each["entitlement_type"]: resources[each["integration_specific_resource_id"]][
            "resource_type"
        ]
        for each in listed_at(HOST, "list_entitlements")
    }

    assert declared == found
    assert {each["type_id"] for each in info["resource_types"]} == {
        each["resource_type"] for each in resources.values()
    }


@any_seed
@example(seed=1)
@few_seeds
def test_every_account_holds_as_many_entitlements_of_a_type_as_it_may(
    seed: int, call_at: Call, listed_at: Listed
) -> None:
    """On each resource, what an account holds of a type is within the type's `min` and `max`."""
    company = of_seed(seed)
    accounts = by_id(listed_at(HOST, "list_accounts", settings=company))
    resources = listed_at(HOST, "list_resources", settings=company)
    entitlements = by_id(listed_at(HOST, "list_entitlements", settings=company))
    held = Counter(
        (
            each["account_id"],
            each["integration_specific_resource_id"],
            entitlements[each["integration_specific_entitlement_id"]]["entitlement_type"],
        )
        for each in listed_at(HOST, "find_entitlement_associations", settings=company)
    )

    for kind in call_at(HOST, "info")["response"]["entitlement_types"]:
        for resource in resources:
            if resource["resource_type"] != kind["resource_type_id"]:
                continue

            for account_id in accounts:
                number = held[account_id, resource["integration_specific_id"], kind["type_id"]]
                assert kind["min"] <= number
                assert kind["max"] is None or number <= kind["max"]


def test_every_resource_but_the_company_lies_within_another(listed_at: Listed) -> None:
    """Parents exist, lead up to the one organization, and resources nest two levels deep."""
    resources = by_id(listed_at(HOST, "list_resources"))

    def depth(resource_id: str) -> int:
        extra_data = resources[resource_id]["extra_data"]
        return 1 + depth(extra_data["parent_id"]) if extra_data else 0

    depths = Counter(depth(resource_id) for resource_id in resources)
    assert {0, 1, 2} == set(depths)
    assert 1 == depths[0]


@any_seed
@example(seed=1)
@few_seeds
def test_every_manager_is_another_account(seed: int, listed_at: Listed) -> None:
    """A custom attribute that refers to an account names one that exists."""
    accounts = by_id(
        listed_at(
            HOST, "list_accounts", {"custom_attributes": ["manager_id"]}, settings=of_seed(seed)
        )
    )
    managers = {
        account_id: account["custom_attributes"]["manager_id"]
        for account_id, account in accounts.items()
        if account["custom_attributes"]
    }

    assert managers
    assert set(managers.values()) <= set(accounts)
    assert all(account_id != manager_id for account_id, manager_id in managers.items())


@any_seed
@example(seed=1)
@few_seeds
def test_no_two_accounts_share_a_name(seed: int, listed_at: Listed) -> None:
    """User names and e-mail addresses tell the accounts apart, and are plain ASCII."""
    accounts = listed_at(HOST, "list_accounts", settings=of_seed(seed))
    emails = [account["email"] for account in accounts if account["email"]]
    usernames = [account["username"] for account in accounts]

    assert len(emails) == len(set(emails))
    assert len(usernames) == len(set(usernames))
    assert all(text.isascii() for text in emails + usernames)
    assert not all(account["given_name"].isascii() for account in accounts if account["email"])


def test_custom_attributes_are_given_to_those_who_ask(call_at: Call, listed_at: Listed) -> None:
    """Each attribute of the schema can be asked for; an unknown one is left out."""
    schema = call_at(HOST, "list_custom_attributes_schema")["response"]
    names = {attribute["name"] for attribute in schema}
    asked = listed_at(HOST, "list_accounts", {"custom_attributes": [*names, "shoe_size"]})
    unasked = listed_at(HOST, "list_accounts")

    assert names == {name for account in asked for name in account["custom_attributes"]}
    assert all(account["custom_attributes"] is None for account in unasked)


def test_unknown_and_unused_accounts_have_no_activity(call_at: Call, listed_at: Listed) -> None:
    """Accounts that are invited or do not exist have no item; each other one is named once."""
    accounts = by_id(listed_at(HOST, "list_accounts"))
    wanted = [*accounts, *accounts, "account-99999"]
    activities = listed_at(HOST, "get_last_activity", {"account_ids": wanted})
    logins = [each["account_id"] for each in activities if each["event_type"] == "last_login"]

    expected = {
        account_id
        for account_id, account in accounts.items()
        if account["account_type"] == "user" and account["user_status"] != "PENDING"
    }
    assert expected == set(logins)
    assert len(expected) == len(logins)


@parametrize("capability", LISTS)
def test_raw_data_is_for_those_who_ask(capability: str, call_at: Call) -> None:
    """With `include_raw_data` there is a record of the company for each item, else nothing."""
    with_raw_data = call_at(HOST, capability, include_raw_data=True)

    assert len(with_raw_data["response"]) == len(with_raw_data["raw_data"])
    assert call_at(HOST, capability)["raw_data"] is None
