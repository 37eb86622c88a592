"""Case modules of pytest-cases: one a capability, loaded from their files.

`tests/test_basic_capabilities/test_list_accounts_cases.py` holds the cases of `list_accounts`.
It is loaded by its path and not by a dotted name, since the tests of many connectors, which all
have a file of this name, run in one process.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from connector_sdk import Integration
from connector_sdk.testing.responses import ResponseBodyMap

BEFORE, BEHIND = "test_", "_cases"
"""What stands around the capability in the name of a case module."""

Case = tuple[BaseModel, ResponseBodyMap, BaseModel | Mapping[str, Any]]
"""What a case returns: the request, the responses of the app, and the reply that is expected."""


class CasesError(Exception):
    """The cases cannot be gathered; `str()` says which and why."""


def gather_cases(
    integration: Integration,
    tests_dir_path: Path | str,
    capabilities_to_test: Sequence[str] | None = None,
) -> list[ModuleType]:
    """Return the case modules of an integration, for `parametrize_with_cases(cases=…)`.

    Parameters:
        integration: the connector.
        tests_dir_path: the folder in which, or below which, the case modules are.
        capabilities_to_test: only the cases of these capabilities; None for all that are
            registered.

    Raises:
        CasesError: a capability is not registered, or there are no cases at all, which would
            make a test that is skipped.
    """
    wanted = set(integration.capabilities if capabilities_to_test is None else capabilities_to_test)
    unknown = sorted(wanted - set(integration.capabilities))
    if unknown:
        raise CasesError(f"{integration.app_id} does not register {', '.join(unknown)}")

    modules = [
        load_cases(path)
        for path in case_files(tests_dir_path)
        if capability_of_file(path) in wanted
    ]
    if not any(_case_functions(module) for module in modules):
        raise CasesError(
            f"there are no cases in {tests_dir_path}; write one in "
            f"{BEFORE}{min(wanted, default='list_accounts')}{BEHIND}.py"
        )

    return modules


def case_faults(integration: Integration, tests_dir_path: Path | str) -> list[str]:
    """Return what the cases of an integration lack, a sentence for each fault.

    Each registered capability has a case, a module's capabilities too, and each case module
    belongs to a registered capability: else its cases would silently not run.
    """
    files: dict[str, list[Path]] = {}
    for path in case_files(tests_dir_path):
        files.setdefault(capability_of_file(path), []).append(path)

    if not integration.capabilities:
        return [f"{integration.app_id} registers no capability, so there is nothing to test"]

    missing = [
        f"{name} has no case: write a function case_{name} in {BEFORE}{name}{BEHIND}.py"
        for name in sorted(integration.capabilities)
        if not any(_case_functions(load_cases(path)) for path in files.get(name, ()))
    ]
    stray = [
        f"{path.name} has cases of {name!r}, which {integration.app_id} does not register"
        for name, paths in sorted(files.items())
        for path in paths
        if name not in integration.capabilities
    ]
    return missing + stray


def load_cases(path: Path) -> ModuleType:
    """Return a case module, loaded from its file once in a process."""
    path = path.resolve()
    name = f"{path.stem}_{sha256(str(path).encode()).hexdigest()[:12]}"
    if name in sys.modules:
        return sys.modules[name]

    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CasesError(f"{path} cannot be loaded")

    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise

    return module


def capability_of(case_function: Callable[..., Any]) -> str:
    """Return the capability whose case a function is, from the file in which it stands.

    Parameters:
        case_function: such as `current_cases["args"].func`, with pytest-cases' fixture.
    """
    while isinstance(case_function, partial):
        case_function = case_function.func

    return capability_of_file(Path(str(sys.modules[case_function.__module__].__file__)))


def case_files(folder: Path | str) -> Iterator[Path]:
    """Yield the case modules in a folder and below it, sorted.

    Raises:
        CasesError: there is no such folder.
    """
    if not Path(folder).is_dir():
        raise CasesError(f"{folder} is not a folder")

    yield from sorted(Path(folder).rglob(f"{BEFORE}*{BEHIND}.py"))


def capability_of_file(path: Path) -> str:
    """Return the capability whose cases a module has, from the module's name."""
    return path.stem.removeprefix(BEFORE).removesuffix(BEHIND)


def _case_functions(module: ModuleType) -> list[str]:
    from pytest_cases import get_all_cases

    return [function.__name__ for function in get_all_cases(cases=module)]
