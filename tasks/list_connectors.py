"""Tell in `connectors/README.md` what each connector can do, and what shows it.

`nox -s connectors` runs it: all tests of the connectors are run, and the page is written if they
pass. Nothing on it is written by hand: versions and capabilities are those of the integrations,
checks are the tests that `connector_checks` made, and a real server counts if a test asks for a
fixture that its `conftest.py` names in `REAL_SERVERS`. With `--collect` no test is run, and the
page is compared with what the tests are.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest
from made_part import rewrite, with_made_part

from connector_sdk import Integration
from connector_sdk.models import StandardCapabilityName

ROOT = Path(__file__).parent.parent
CONNECTORS = ROOT / "connectors"
PAGE = CONNECTORS / "README.md"
SCRIPT = "tasks/list_connectors.py"


@dataclass(eq=False)  # pytest keeps its plugins by hash
class Evidence:
    """What pytest tells of the tests of connectors, by the name of each connector's folder."""

    checks: dict[str, int] = field(default_factory=dict)
    """How many tests `connector_checks` made."""

    servers: dict[str, set[str]] = field(default_factory=dict)
    """Real servers that tests ask for."""

    skipped: list[str] = field(default_factory=list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note what the tests are."""
        for item in items:
            connector = item.path.relative_to(CONNECTORS).parts[0]
            if item.nodeid.split("::")[1] == "TestConnectorChecks":
                self.checks[connector] = self.checks.get(connector, 0) + 1

            named = real_servers(connector)
            asked = {named[name] for name in _fixtures_of(item) if name in named}
            self.servers.setdefault(connector, set()).update(asked)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that was not run: it is evidence of nothing."""
        if report.skipped:
            self.skipped.append(report.nodeid)


def real_servers(connector: str) -> dict[str, str]:
    """Return the servers that a connector's tests run, by fixture."""
    conftest = CONNECTORS / connector / "tests" / "conftest.py"
    for statement in ast.parse(conftest.read_text(encoding="utf-8")).body:
        if (
            isinstance(statement, ast.Assign)
            and ast.unparse(statement.targets[0]) == "REAL_SERVERS"
        ):
            found: dict[str, str] = ast.literal_eval(statement.value)
            return found

    return {}


def table(evidence: Evidence) -> str:
    """Return the made part of the page."""
    names = sorted(path.parent.name for path in CONNECTORS.glob("*/pyproject.toml"))
    integrations = {name: integration_of(name) for name in names}
    return "\n".join(
        (
            "| connector | version | authentication | checks passed | real servers in its tests |",
            "|---|---|---|---:|---|",
            *(_line(name, integrations[name], evidence) for name in names),
            "",
            f"| capability | {' | '.join(names)} |",
            "|---|" + ":-:|" * len(names),
            *_capabilities(integrations),
        )
    )


def integration_of(connector: str) -> Integration:
    """Return the integration of a connector of this repository."""
    found: Integration = import_module(f"{connector}_connector.integration").integration
    return found


def _fixtures_of(item: pytest.Item) -> set[str]:
    """Return the fixtures of a test, those that a parameter names too."""
    callspec = getattr(item, "callspec", None)
    values = callspec.params.values() if callspec else ()
    return {*getattr(item, "fixturenames", ()), *(each for each in values if isinstance(each, str))}


def _line(name: str, integration: Integration, evidence: Evidence) -> str:
    cells = (
        f"[{name}]({name}/README.md)",
        integration.version,
        ", ".join(_credentials(integration)) or "none",
        str(evidence.checks.get(name, 0)),
        ", ".join(sorted(evidence.servers.get(name, ()))) or "none",
    )
    return f"| {' | '.join(cells)} |"


def _credentials(integration: Integration) -> Iterator[str]:
    """Yield the kinds of credentials that a request may carry."""
    if integration.auth_kind:
        yield integration.auth_kind

    yield from (credential.type.value for credential in integration.credentials)


def _capabilities(integrations: dict[str, Integration]) -> Iterator[str]:
    """Yield a line for each standard capability that can be registered, and for others one."""
    for name in StandardCapabilityName:
        marks = ["yes" if name.value in each.capabilities else "" for each in integrations.values()]
        if any(marks):
            yield f"| `{name.value}` | {' | '.join(marks)} |"

    standard = {name.value for name in StandardCapabilityName}
    others = [sorted(set(each.capabilities) - standard) for each in integrations.values()]
    cells = [", ".join(f"`{name}`" for name in names) for names in others]
    yield f"| others | {' | '.join(cells)} |"


def main(words: list[str]) -> str | None:
    """Do what the command line says; return what is wrong, if anything."""
    evidence = Evidence()
    only_collect = "--collect" in words
    options = ["--collect-only", "-qqq"] if only_collect else ["-q"]
    if pytest.main([*options, str(CONNECTORS)], plugins=[evidence]) != pytest.ExitCode.OK:
        return "the page stays as it is: tests of connectors fail"

    if only_collect:
        page = PAGE.read_text(encoding="utf-8")
        is_made = with_made_part(page, script=SCRIPT, part=table(evidence)) == page
        return None if is_made else f"{PAGE} is not up to date: nox -s connectors"

    if evidence.skipped:
        return f"the page stays as it is: tests were skipped: {', '.join(evidence.skipped)}"

    rewrite(PAGE, script=SCRIPT, part=table(evidence))
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
