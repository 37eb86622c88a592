"""The table of standard capabilities against the contract's data."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_sdk.models import StandardCapabilityName
from connector_sdk.standard import (
    REGISTERABLE,
    STANDARD_CAPABILITIES,
    CapabilityCategory,
    StandardCapability,
    category_of,
    standard_capability,
)

DATA: dict[str, Any] = json.loads(
    (Path(__file__).parent / "contract" / "capabilities-4.4.json").read_text(encoding="utf-8")
)["capabilities"]


def row_as_data(name: str, row: StandardCapability) -> dict[str, Any]:
    """Return a row of the table in the form of the data."""
    request = row.request_model
    return {
        "request_model": None if request is None else request.__name__,
        "response_model": row.response_model.__name__,
        "category": row.category.value,
        "paginated": row.paginated,
        "registerable": name in REGISTERABLE,
        "auth_required": request is not None and "auth" in request.model_fields,
    }


def row_of_the_contract(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a capability, with what it leaves out."""
    row = {"request_model": None, "registerable": True} | data
    return {
        key: row[key]
        for key in (
            "request_model",
            "response_model",
            "category",
            "paginated",
            "registerable",
            "auth_required",
        )
    }


def test_the_table_has_the_19_capabilities_of_the_contract() -> None:
    """None is missing and none is more, in the order of the enum."""
    assert 19 == len(DATA)
    assert set(DATA) == {name.value for name in STANDARD_CAPABILITIES}
    assert list(StandardCapabilityName) == list(STANDARD_CAPABILITIES)


@parametrize("name", DATA)
def test_a_row_is_what_the_contract_says(name: str) -> None:
    """Envelopes, category, pages, and whether a connector can register it."""
    assert row_of_the_contract(DATA[name]) == row_as_data(name, standard_capability(name))


@parametrize("name", DATA)
def test_a_capability_comes_in_pages_if_its_response_is_a_list(name: str) -> None:
    """The models say the same as the table."""
    response = standard_capability(name).response_model.model_fields["response"].annotation

    assert standard_capability(name).paginated is str(response).startswith("list[")


@parametrize("name", DATA)
def test_a_capability_is_described_in_one_sentence(name: str) -> None:
    """Help and documents show it."""
    description = standard_capability(name).description

    assert description.endswith(".")
    assert "\n" not in description


def test_17_capabilities_can_be_registered() -> None:
    """All but those that the SDK answers."""
    assert 17 == len(REGISTERABLE)
    assert {"info", "connected_info"} == set(DATA) - REGISTERABLE


def test_what_is_not_standard_is_a_connectors_own() -> None:
    """A custom capability has a category of its own, and no row."""
    assert CapabilityCategory.CUSTOM is category_of("sync_badges")
    assert CapabilityCategory.WRITE is category_of("create_account")
    with pytest.raises(ValueError, match="sync_badges"):
        standard_capability("sync_badges")
