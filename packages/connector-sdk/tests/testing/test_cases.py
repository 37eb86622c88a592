"""Case modules: how they are found, and what is said of those that are missing."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_cases import parametrize

from connector_sdk import Integration
from connector_sdk.models import (
    ListAccountsRequest,
    ListAccountsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
)
from connector_sdk.testing import CasesError, capability_of, case_faults, gather_cases

Declare = Callable[..., Integration]
Write = Callable[..., Path]

CASE = "def case_{name}():\n    return None\n"


@pytest.fixture
def integration(declare: Declare) -> Integration:
    """Declare an integration with two capabilities."""
    integration = declare()

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        return ListAccountsResponse(response=[])

    @integration.register_capability("list_resources")
    async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
        return ListResourcesResponse(response=[])

    return integration


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a case module of a capability below a folder of this test's own."""

    def write(capability: str, text: str = CASE, *, folder: str = ".") -> Path:
        path = tmp_path / folder / f"test_{capability}_cases.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{name}", capability), encoding="utf-8")
        return path

    return write


def test_modules_are_found_at_any_depth(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """Each case module below the folder is loaded, in the order of the paths."""
    paths = [write("list_resources", folder="a/b"), write("list_accounts", folder="c")]

    modules = gather_cases(integration, tmp_path)

    assert [str(path) for path in paths] == [module.__file__ for module in modules]


def test_modules_of_one_name_are_two_modules(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """Two connectors have a file of the same name, and each gets its own cases."""
    write("list_accounts", "def case_a(): return 1\n", folder="one")
    write("list_accounts", "def case_a(): return 2\n", folder="two")

    [one] = gather_cases(integration, tmp_path / "one")
    [two] = gather_cases(integration, tmp_path / "two")

    assert (1, 2) == (one.case_a(), two.case_a())
    assert {one.__name__, two.__name__} <= set(sys.modules)


def test_a_module_is_loaded_once(integration: Integration, tmp_path: Path, write: Write) -> None:
    """The cases that were gathered and those that are checked are the same functions."""
    write("list_accounts")

    assert gather_cases(integration, tmp_path) == gather_cases(integration, str(tmp_path))


def test_only_the_wanted_capabilities_are_gathered(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """A capability whose name contains another's does not bring the other's cases."""
    write("list_accounts")
    wanted = write("list_resources")

    modules = gather_cases(integration, tmp_path, ["list_resources"])

    assert [str(wanted)] == [module.__file__ for module in modules]


def test_a_part_of_a_name_is_no_name(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """Cases of `accounts` are not those of `list_accounts`."""
    write("accounts")

    with pytest.raises(CasesError, match="there are no cases"):
        gather_cases(integration, tmp_path)


def test_an_unknown_capability_is_refused(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """A mistyped name would gather nothing, so it is named."""
    write("list_accounts")

    with pytest.raises(CasesError, match="acme does not register list_acounts"):
        gather_cases(integration, tmp_path, ["list_acounts"])


@parametrize("text", ["", "def helper(): return 1\n"])
def test_no_case_at_all_is_refused(
    integration: Integration, tmp_path: Path, write: Write, text: str
) -> None:
    """Without a case pytest would skip the test, and a skipped test looks like none."""
    write("list_accounts", text)

    with pytest.raises(CasesError, match="there are no cases"):
        gather_cases(integration, tmp_path)


def test_a_missing_folder_is_refused(integration: Integration, tmp_path: Path) -> None:
    """A folder that is not there is a mistake, not a folder without cases."""
    with pytest.raises(CasesError, match="is not a folder"):
        gather_cases(integration, tmp_path / "nowhere")


def test_a_module_that_fails_is_not_kept(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """The module's own failure is shown, and the mended file is read anew."""
    write("list_accounts", "raise RuntimeError('broken cases')\n")
    with pytest.raises(RuntimeError, match="broken cases"):
        gather_cases(integration, tmp_path)

    write("list_accounts")

    assert 1 == len(gather_cases(integration, tmp_path))


def test_complete_cases_have_no_fault(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """A case for each capability is all that is asked for."""
    write("list_accounts", "class CasesOfAccounts:\n    def case_in_class(self): return 1\n")
    write("list_resources", folder="deeper")

    assert [] == case_faults(integration, tmp_path)


def test_each_capability_without_a_case_is_named(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """A module without a case counts as no module, and each capability has a line."""
    write("list_resources", "")

    assert [
        f"{name} has no case: write a function case_{name} in test_{name}_cases.py"
        for name in ("list_accounts", "list_resources")
    ] == case_faults(integration, tmp_path)


def test_cases_of_no_capability_are_named(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """Cases of what is not registered would silently not run."""
    for name in ("list_accounts", "list_resources", "list_acounts"):
        write(name)

    assert [
        "test_list_acounts_cases.py has cases of 'list_acounts', which acme does not register"
    ] == case_faults(integration, tmp_path)


def test_an_integration_without_capabilities_is_a_fault(declare: Declare, tmp_path: Path) -> None:
    """Nothing to cover is not everything covered."""
    assert ["acme registers no capability, so there is nothing to test"] == case_faults(
        declare(), tmp_path
    )


def test_the_capability_of_a_case_is_in_the_name_of_its_file(
    integration: Integration, tmp_path: Path, write: Write
) -> None:
    """From a case's function, in a class too, follows the capability that it is about."""
    write("list_accounts", "class CasesA:\n    def case_in_class(self): return 1\n")

    [module] = gather_cases(integration, tmp_path)

    assert "list_accounts" == capability_of(module.CasesA().case_in_class)
