"""What the connector refuses, and with which error."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

Call = Callable[..., Any]
Listed = Callable[..., list[Any]]

ACCOUNT = "account-00002"
"""An account of the default company."""

ASSIGNMENT = {
    "account_integration_specific_id": ACCOUNT,
    "resource_integration_specific_id": "group-payroll",
    "resource_type": "group",
    "entitlement_type": "group_membership",
    "entitlement_integration_specific_id": "group-payroll/member",
}
"""A payload that is not refused."""

EVERYONE = ASSIGNMENT | {
    "resource_integration_specific_id": "group-everyone",
    "entitlement_integration_specific_id": "group-everyone/member",
}
ROLE = ASSIGNMENT | {
    "resource_integration_specific_id": "organization-mock-company",
    "resource_type": "organization",
    "entitlement_type": "role",
    "entitlement_integration_specific_id": "organization-mock-company/member",
}


GHOST = {"account_id": "account-99999"}
GHOST_ASSIGNMENT = ASSIGNMENT | {"account_integration_specific_id": "account-99999"}
NOTHING = ASSIGNMENT | {"entitlement_integration_specific_id": "group-payroll/guest"}
ELSEWHERE = ASSIGNMENT | {"resource_integration_specific_id": "group-brand"}
NO_GROUP = ASSIGNMENT | {"resource_type": "project"}
NO_MEMBERSHIP = ASSIGNMENT | {"entitlement_type": "role"}


class Refused(NamedTuple):
    """A call that the connector refuses."""

    capability: str
    payload: dict[str, Any]
    error_code: str
    message: str


def new(**payload: Any) -> dict[str, Any]:
    """Return the payload of `create_account`."""
    return {"email": "new@example.com", "entitlements": []} | payload


def new_with(*entitlements: tuple[str, str]) -> dict[str, Any]:
    """Return the payload of `create_account` with entitlements, each its type and identifier."""
    return new(
        entitlements=[
            {"entitlement_type": type_id, "integration_specific_id": entitlement_id}
            for type_id, entitlement_id in entitlements
        ]
    )


def no_account(capability: str, payload: dict[str, Any]) -> Refused:
    """Expect that there is no such account."""
    return Refused(capability, payload, "not_found", "there is no such account")


def no_entitlement(capability: str, payload: dict[str, Any], field: str = "") -> Refused:
    """Expect that there is no such entitlement, at least not with this field."""
    why = f": its {field} is another one" if field else ""
    return Refused(capability, payload, "not_found", f"there is no such entitlement{why}")


def not_allowed(capability: str, payload: dict[str, Any], message: str) -> Refused:
    """Expect that a rule is named, which forbids the change."""
    return Refused(capability, payload, "bad_request", message)


NO_HANDS = "the company itself gives and takes this entitlement"
TOO_MANY = "an account cannot hold all of these entitlements; choose fewer"
MUST_HOLD = (
    "the account must hold an entitlement of this type; assign another one, which takes the place"
    " of this one"
)
NO_STATUS = "request.user_status must be one of ACTIVE, PENDING, SUSPENDED"
NO_NAME = "request.email or request.username is required and must not be empty"
USERNAME_TAKEN = "the user name is taken; choose another one"
EMAIL_TAKEN = "the e-mail address is taken; choose another one"

LICENCES = (
    ("licence", "organization-mock-company/basic"),
    ("licence", "organization-mock-company/enterprise"),
)

REFUSED = {
    "activate nobody": no_account("activate_account", GHOST),
    "deactivate nobody": no_account("deactivate_account", GHOST),
    "delete nobody": no_account("delete_account", GHOST),
    "assign to nobody": no_account("assign_entitlement", GHOST_ASSIGNMENT),
    "unassign from nobody": no_account("unassign_entitlement", GHOST_ASSIGNMENT),
    "assign nothing": no_entitlement("assign_entitlement", NOTHING),
    "unassign nothing": no_entitlement("unassign_entitlement", NOTHING),
    "assign elsewhere": no_entitlement(
        "assign_entitlement", ELSEWHERE, "resource_integration_specific_id"
    ),
    "unassign elsewhere": no_entitlement(
        "unassign_entitlement", ELSEWHERE, "resource_integration_specific_id"
    ),
    "assign on no group": no_entitlement("assign_entitlement", NO_GROUP, "resource_type"),
    "unassign on no group": no_entitlement("unassign_entitlement", NO_GROUP, "resource_type"),
    "assign no membership": no_entitlement("assign_entitlement", NO_MEMBERSHIP, "entitlement_type"),
    "unassign no membership": no_entitlement(
        "unassign_entitlement", NO_MEMBERSHIP, "entitlement_type"
    ),
    "assign what everyone has": not_allowed("assign_entitlement", EVERYONE, NO_HANDS),
    "unassign what everyone has": not_allowed("unassign_entitlement", EVERYONE, NO_HANDS),
    "unassign the only role": not_allowed("unassign_entitlement", ROLE, MUST_HOLD),
    "create without a name": not_allowed("create_account", new(email=None), NO_NAME),
    "create with empty names": not_allowed("create_account", new(email="", username=""), NO_NAME),
    "create with a taken user name": not_allowed(
        "create_account", new(username="tariq.zhou"), USERNAME_TAKEN
    ),
    "create with a user name taken in small letters": not_allowed(
        "create_account", new(username="TARIQ.Zhou"), USERNAME_TAKEN
    ),
    "create with a taken address": not_allowed(
        "create_account", new(email="tariq.zhou@example.com"), EMAIL_TAKEN
    ),
    "create with an address taken in small letters": not_allowed(
        "create_account", new(email="Tariq.Zhou@EXAMPLE.com"), EMAIL_TAKEN
    ),
    "create as deleted": not_allowed("create_account", new(user_status="DELETED"), NO_STATUS),
    "create as active in small letters": not_allowed(
        "create_account", new(user_status="active"), NO_STATUS
    ),
    "create with nothing": no_entitlement(
        "create_account", new_with(("role", "organization-mock-company/guest"))
    ),
    "create with a role that is a licence": no_entitlement(
        "create_account", new_with(("role", LICENCES[0][1])), "entitlement_type"
    ),
    "create with what everyone has": not_allowed(
        "create_account", new_with(("group_membership", "group-everyone/member")), NO_HANDS
    ),
    "create with two licences": not_allowed("create_account", new_with(*LICENCES), TOO_MANY),
}


@pytest.mark.slow
@parametrize("refused", REFUSED.values(), ids=list(REFUSED))
def test_a_refused_call_says_why_and_changes_nothing(
    refused: Refused, call: Call, listed: Listed
) -> None:
    """Each refusal has its code and its words, and leaves the company as it was."""
    before = listed("list_accounts"), listed("find_entitlement_associations")

    error = call(refused.capability, refused.payload)["error"]

    assert refused.error_code == error["error_code"]
    assert refused.message == error["message"]
    assert before == (listed("list_accounts"), listed("find_entitlement_associations"))


def test_an_account_cannot_be_created_twice(call: Call) -> None:
    """The second of two equal calls finds the name taken."""
    assert call("create_account", new())["response"]["created"]
    assert "bad_request" == call("create_account", new())["error"]["error_code"]


def test_an_account_cannot_be_deleted_twice(call: Call) -> None:
    """The second of two equal calls finds no account."""
    assert call("delete_account", {"account_id": ACCOUNT})["response"]["deleted"]
    assert "not_found" == call("delete_account", {"account_id": ACCOUNT})["error"]["error_code"]


def test_a_full_company_takes_no_account_until_one_is_deleted(
    call: Call, listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of accounts is limited, and a deleted one makes room."""
    number = len(listed("list_accounts"))
    monkeypatch.setattr("mock_connector.company.ACCOUNT_LIMIT", number)

    error = call("create_account", new())["error"]
    assert "bad_request" == error["error_code"]
    assert "the company has no room for another account; delete one first" == error["message"]

    call("delete_account", {"account_id": ACCOUNT})
    assert call("create_account", new())["response"]["created"]


@parametrize("size", [0, -1, -(10**12)])
def test_a_page_has_at_least_one_item(size: int, call: Call) -> None:
    """A size below 1 is refused, in the same words in which it is documented."""
    error = call("list_accounts", page={"size": size})["error"]

    assert "bad_request" == error["error_code"]
    assert "page.size must be at least 1" == error["message"]


SECRETS = st.text(alphabet="qxzjkv", min_size=8, max_size=12)
"""Texts that stand in no sentence by chance."""


@given(text=SECRETS)
@settings(max_examples=5, deadline=None)
@parametrize(
    "capability, fields",
    [
        ("activate_account", ["account_id"]),
        ("deactivate_account", ["account_id"]),
        ("delete_account", ["account_id"]),
        ("assign_entitlement", list(ASSIGNMENT)),
        ("unassign_entitlement", list(ASSIGNMENT)),
        ("create_account", ["user_status"]),
    ],
    idgen="{capability}",
)
def test_an_error_never_repeats_what_was_sent(
    capability: str, fields: list[str], text: str, call_at: Call
) -> None:
    """Whichever field is wrong, the reply does not hold its value."""
    payload = new() if capability == "create_account" else ASSIGNMENT | {"account_id": ACCOUNT}
    for field in fields:
        reply = call_at("echo.example.com", capability, payload | {field: text})

        assert reply["is_error"]
        assert text not in repr(reply)
