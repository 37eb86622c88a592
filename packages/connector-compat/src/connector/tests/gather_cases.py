"""The case modules of a connector's tests, by their names, and what they leave out."""

import sys
from pathlib import Path

from connector.tests import coverage_check
from connector_sdk import Integration
from connector_sdk.testing.case_files import capability_of_file, case_files

__all__ = ["calculate_coverage", "gather_cases"]


def gather_cases(
    integration: Integration,
    capabilities_to_test: list[str] | None = None,
    tests_dir_path: Path | None = None,
) -> list[str]:
    """Return the names of the case modules, for `parametrize_with_cases(cases=…)`.

    When a capability has no case module, `connector.tests.coverage_check` is among them: its case
    fails, and says which.

    Parameters:
        integration: the connector.
        capabilities_to_test: only the cases of these capabilities; None for all.
        tests_dir_path: the folder `tests`; by default the one that the calling file is in.

    Raises:
        CasesError: there is no such folder.
    """
    caller = Path(sys._getframe(1).f_code.co_filename)
    folder = (tests_dir_path or _tests_around(caller)).resolve()
    wanted = integration.capabilities if capabilities_to_test is None else capabilities_to_test
    cases = [
        ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        for path in case_files(folder)
        if capability_of_file(path) in wanted
    ]
    is_complete, missing = calculate_coverage(integration, cases)
    coverage_check.missing[integration.app_id] = missing
    return cases if is_complete else [*cases, coverage_check.__name__]


def calculate_coverage(integration: Integration, cases: list[str]) -> tuple[bool, set[str]]:
    """Return whether each capability has a case module, and the capabilities that have none.

    Those that a module brings, such as OAuth's, need none.

    Parameters:
        integration: the connector.
        cases: names of case modules.
    """
    covered = {capability_of_file(Path(name.rpartition(".")[2])) for name in cases}
    missing = {
        name
        for name, capability in integration.capabilities.items()
        if not capability.from_module and name not in covered
    }
    return not missing, missing


def _tests_around(file: Path) -> Path:
    return next((each for each in file.parents if each.name == "tests"), file.parent)
