"""The workspace itself: what its members must have in common."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

from pytest_cases import parametrize

ROOT = Path(__file__).parent.parent
VERSION = (ROOT / "VERSION").read_text(encoding="utf-8").strip()
PACKAGES = sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml"))
CONNECTORS = sorted(path.parent for path in ROOT.glob("connectors/*/pyproject.toml"))
MEMBERS = PACKAGES + CONNECTORS

REQUIRED_FIELDS = {
    "authors",
    "classifiers",
    "dependencies",
    "description",
    "keywords",
    "license",
    "readme",
    "requires-python",
    "urls",
}
"""What the index shows of a project, and an installer needs of it."""

SUPPORTED = [f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)]
"""The classifiers of the Python versions that the tests run on."""


def project(member: Path) -> dict[str, Any]:
    """The [project] table of a member."""
    with (member / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table


def member_id(member: Path) -> str:
    """The name of a member in the list of tests."""
    return member.name


@parametrize(member=PACKAGES, ids=member_id)
def test_packages_pin_their_siblings_to_the_shared_version(member: Path) -> None:
    """A package works with its siblings of the same version, and with no other."""
    siblings = {project(package)["name"] for package in PACKAGES}
    pins = [
        requirement
        for requirement in project(member)["dependencies"]
        if re.split(r"[\[=<>~! ]", requirement)[0] in siblings
    ]
    assert [re.sub("==.*", "", pin) + f"=={VERSION}" for pin in pins] == pins


@parametrize(member=PACKAGES, ids=member_id)
def test_packages_take_their_version_from_the_shared_file(member: Path) -> None:
    """No package states a version of its own."""
    assert ["version"] == project(member)["dynamic"]


@parametrize(member=MEMBERS, ids=member_id)
def test_members_tell_the_index_what_they_are(member: Path) -> None:
    """Each member has all fields of metadata that the index shows."""
    assert set() == REQUIRED_FIELDS - set(project(member))


@parametrize(member=MEMBERS, ids=member_id)
def test_members_name_the_python_versions_that_the_tests_run_on(member: Path) -> None:
    """Each member supports the same versions of Python."""
    assert ">=3.11" == project(member)["requires-python"]
    classifiers = [line for line in project(member)["classifiers"] if ":: Python :: 3." in line]
    assert SUPPORTED == classifiers


@parametrize(member=MEMBERS, ids=member_id)
def test_members_carry_the_licence(member: Path) -> None:
    """A distribution is read without the repository, so each member has the whole licence."""
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence == (member / "LICENSE").read_text(encoding="utf-8")


def test_the_readme_names_every_session() -> None:
    """The README's table of commands and the sessions of the noxfile are the same."""
    noxfile = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {
        node.name
        for node in noxfile.body
        if isinstance(node, ast.FunctionDef)
        if any(
            ast.unparse(decorator).startswith("nox.session") for decorator in node.decorator_list
        )
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sessions == set(re.findall(r"^\| `nox -s (\w+)", readme, flags=re.MULTILINE))


def test_the_readme_names_every_member() -> None:
    """The README's table of what is where has each package and each connector."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `((?:packages|connectors)/[\w-]+)` \|", readme, flags=re.MULTILINE)
    assert sorted(member.relative_to(ROOT).as_posix() for member in MEMBERS) == sorted(named)
