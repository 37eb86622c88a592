"""Who may call, and what the tenant has to configure."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pytest_cases import parametrize

from mock_connector.integration import integration

Call = Callable[..., Any]

REQUEST = (
    '{"auth":{"basic":{"username":"foo","password":"bar"}},"request":{},'
    '"settings":{"host":"google.com"}}'
)
REPLY = (
    '{"response":{"valid":true,"unique_tenant_id":"mock-connector-tenant-id"},'
    '"raw_data":null,"page":null}'
)

CAPABILITIES = {
    "validate_credentials": {},
    "list_accounts": {},
    "list_resources": {},
    "list_entitlements": {},
    "find_entitlement_associations": {},
    "get_last_activity": {"account_ids": []},
    "list_custom_attributes_schema": {},
    "create_account": {"email": "new@example.com", "entitlements": []},
    "activate_account": {"account_id": "account-00001"},
    "deactivate_account": {"account_id": "account-00001"},
    "delete_account": {"account_id": "account-00001"},
    "assign_entitlement": {
        "account_integration_specific_id": "account-00001",
        "resource_integration_specific_id": "group-brand",
        "resource_type": "group",
        "entitlement_type": "group_membership",
        "entitlement_integration_specific_id": "group-brand/lead",
    },
    "unassign_entitlement": {
        "account_integration_specific_id": "account-00001",
        "resource_integration_specific_id": "group-brand",
        "resource_type": "group",
        "entitlement_type": "group_membership",
        "entitlement_integration_specific_id": "group-brand/lead",
    },
}
"""Every standard capability that reads or writes, with a payload that is good."""


def test_the_reply_to_good_credentials_is_this_line() -> None:
    """The example of the readme gives exactly the reply that stands there."""
    assert REPLY == asyncio.run(integration.dispatch("validate_credentials", REQUEST))


@pytest.mark.slow
def test_the_command_prints_this_line_and_nothing_else() -> None:
    """The command line answers with one line, and leaves stderr empty."""
    answer = subprocess.run(
        [sys.executable, "-m", "mock_connector.main", "validate_credentials", "--json", REQUEST],
        check=True,
        capture_output=True,
        text=True,
    )

    assert (f"{REPLY}\n", "") == (answer.stdout, answer.stderr)


def test_every_reading_and_writing_capability_is_registered(call: Call) -> None:
    """`info` lists these capabilities and no other."""
    assert sorted(CAPABILITIES) == sorted(call("info")["response"]["capabilities"])


@parametrize("capability", CAPABILITIES)
def test_every_capability_works(capability: str, call: Call) -> None:
    """A good payload gets a response."""
    assert "response" in call(capability, CAPABILITIES[capability])


@parametrize("capability", CAPABILITIES)
@parametrize("username, password", [("foo", ""), ("", "bar"), ("", "")])
def test_an_empty_user_name_or_password_is_refused(
    username: str, password: str, capability: str, call: Call
) -> None:
    """No capability works without credentials that could be some."""
    auth = {"basic": {"username": username, "password": password}}

    error = call(capability, CAPABILITIES[capability], auth=auth)["error"]

    assert "unauthorized" == error["error_code"]
    assert "auth.basic: user name and password must not be empty" == error["message"]


@parametrize("host", ["localhost", "192.0.2.7", "a.b-c.example.com", "GOOGLE.COM", "a" * 63])
def test_a_host_name_is_accepted(host: str, call_at: Call) -> None:
    """Names of one part and of many, and addresses, can be hosts (RFC 1123)."""
    assert call_at(host, "validate_credentials")["response"]["valid"]


@parametrize(
    "host",
    [
        "",
        " ",
        "a b",
        "-a.example.com",
        "a-.example.com",
        "a..example.com",
        "example.com.",
        "example.com\n",
        "https://example.com",
        "example.com:443",
        "example.com/path",
        "a" * 64,
        ".".join(["a" * 63] * 4),
        "exämple.com",
        "\u212a.example.com",
    ],
)
def test_anything_else_is_no_host(host: str, call_at: Call) -> None:
    """A setting that is not a host name is refused, with its place."""
    error = call_at(host, "validate_credentials")["error"]

    assert "bad_request" == error["error_code"]
    assert error["message"].startswith("settings.host: ")


@parametrize("settings", [None, {}, {"host": 7}, {"host": "a.example", "seed": -1}])
def test_settings_must_be_complete(settings: Any, call: Call) -> None:
    """Without a host, or with a seed that is none, nothing is done."""
    error = call("list_accounts", settings=settings)["error"]

    assert "bad_request" == error["error_code"]
    assert error["message"].startswith("settings.")
