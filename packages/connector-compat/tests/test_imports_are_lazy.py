"""Importing one name imports what that name needs, and nothing else."""

import pkgutil
import subprocess
import sys

import pytest
from pytest_cases import parametrize

import connector

pytestmark = pytest.mark.slow  # its tests start processes

HEAVY = {
    "argparse",
    "copier",
    "gql",
    "joserfc",
    "msgpack",
    "pytest",
    "typer",
    "uvicorn",
    "yaml",
}
"""Modules that take long to import, and that no call of a connector needs."""

MODULES = [
    module.name
    for module in pkgutil.walk_packages(connector.__path__, "connector.")
    if not module.name.startswith("connector.generated.")
]


def imported_by(statement: str) -> set[str]:
    """Return the modules that a statement imports in a new process."""
    code = f"import sys; {statement}; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    )
    return set(ended.stdout.split())


@parametrize(
    statement=[
        "import connector.cli, connector.oai.integration",
        "import connector.oai.capability, connector.oai.errors, connector.utils.pagination",
        "import connector.oai.modules.oauth_module, connector.oai.modules.oauth_module_types",
        "import connector.compile, connector.http_server, connector.main",
    ],
    ids=["cli", "capability", "oauth", "commands"],
)
def test_no_heavy_module_is_imported(statement: str) -> None:
    """Neither httpx, by what a connector's declaration imports."""
    assert set() == imported_by(statement) & {*HEAVY, "httpx"}


def test_a_client_imports_httpx_and_nothing_heavier() -> None:
    """As one of the SDK does."""
    found = imported_by("import connector.oai.base_clients, connector.utils.httpx_auth")
    assert "httpx" in found
    assert set() == found & HEAVY


def test_a_model_brings_its_own_subject_only() -> None:
    """The other models are not imported."""
    found = imported_by("from connector.generated import Page")
    assert {"connector_sdk.models.envelopes"} <= found
    assert set() == found & {"connector_sdk.models.accounts", "connector_sdk.models.oauth"}


def test_the_package_alone_imports_the_base_of_models() -> None:
    """Which gets its methods; no model is imported."""
    found = {name for name in imported_by("import connector") if name.startswith("connector_sdk.")}
    assert {"connector_sdk.models", "connector_sdk.models.base"} == found


@pytest.mark.slow
@parametrize(module=MODULES)
def test_each_module_can_be_imported_first(module: str) -> None:
    """No module counts on another one having been imported."""
    assert module in imported_by(f"import {module}")
