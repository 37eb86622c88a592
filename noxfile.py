#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]>=2025.10.16"]
# ///
"""Every task of this repository: `nox --list` names them, `nox -s NAME` runs one.

Runs with nothing but Python and pip installed, and faster where uv is there.
"""

import shutil
from collections.abc import Collection
from pathlib import Path

import nox

nox.needs_version = ">=2025.10.16"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "mypy", "test"]

PACKAGES = sorted(path.parent for path in Path("packages").glob("*/pyproject.toml"))
CONNECTORS = sorted(path.parent for path in Path("connectors").glob("*/pyproject.toml"))
DEMO = [
    "packages/connector-sdk",
    "packages/connector-cli",
    "packages/connector-oauth",
    "connectors/mock",
    "connectors/posix",
    "connectors/scim",
]

OF_SLOW_TESTS = {"all", "compile", "dev", "gql", "migrate", "models", "observe", "scaffold"}
"""Extras that quick tests do without: a newcomer has not to wait for them."""

COMPILER = ["packages/connector-sdk", "packages/connector-cli[compile]", "packages/connector-oauth"]


def group(name: str) -> tuple[str, ...]:
    """The requirements of a dependency group of the root pyproject.toml."""
    return nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), name)


def with_extras(members: list[Path], *, but: Collection[str] = ()) -> list[str]:
    """Members as pip is to install them, with their extras but some: the tests need them."""
    tables = [nox.project.load_toml(member / "pyproject.toml")["project"] for member in members]
    extras = [
        ",".join(name for name in table.get("optional-dependencies", ()) if name not in but)
        for table in tables
    ]
    return [
        f"{member}[{names}]" if names else str(member)
        for member, names in zip(members, extras, strict=True)
    ]


def install(session: nox.Session, members: list[str], *requirements: str) -> None:
    """Install members editable, on one command line so that they resolve to each other.

    Connectors are started once per call, so everything is compiled before it is used.
    """
    editable = [word for member in members for word in ("-e", member)]
    session.install(*editable, *requirements, env={"UV_COMPILE_BYTECODE": "1"})
    words = ["-q", "-j", "0", "-x", "/tests/", "packages", "connectors"]
    session.run("python", "-m", "compileall", *words, silent=True)


def find_package(session: nox.Session, name: str) -> Path:
    """The package of a connector of this repository, which has its `main.py`."""
    mains = sorted(Path("connectors", name).glob("*_connector/main.py"))
    if len(mains) != 1:
        session.error(f"connectors/{name} has no package NAME_connector with a main.py")

    return mains[0].parent


@nox.session
def test(session: nox.Session) -> None:
    """Run the tests but the slow ones; words after -- go to pytest."""
    members = with_extras(PACKAGES + CONNECTORS, but=OF_SLOW_TESTS)
    install(session, members, *group("test"))
    words = ["-m", "not slow", "--numprocesses", "auto", "--dist", "worksteal"]
    session.run("pytest", *words, *session.posargs)


@nox.session
def test_slow(session: nox.Session) -> None:
    """Run the tests that `test` leaves out, and laws with all examples; words after -- as above.

    The tests of a file share servers and builds, so a file's tests run in one process.
    """
    install(session, with_extras(PACKAGES + CONNECTORS), *group("slow"))
    words = ["-m", "slow or hypothesis", "--numprocesses", "2", "--dist", "loadfile"]
    session.run("pytest", *words, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check the code and its format with ruff, a connector that has rules of its own by ours."""
    session.install(*group("lint"))
    session.run("ruff", "check", "--config", "pyproject.toml")
    session.run("ruff", "format", "--config", "pyproject.toml", "--check")


@nox.session
def mypy(session: nox.Session) -> None:
    """Check the types, strictly: member by member, since test modules may share a name."""
    install(session, with_extras(PACKAGES + CONNECTORS), *group("mypy"))
    for member in PACKAGES + CONNECTORS:
        session.run("mypy", str(member))
    session.run("mypy", "noxfile.py", "benchmarks", "docs", "tasks", "tests")


@nox.session
def connectors(session: nox.Session) -> None:
    """Run all tests of the connectors, and write what they show into connectors/README.md."""
    install(session, with_extras(PACKAGES + CONNECTORS), *group("slow"))
    session.run("python", "tasks/list_connectors.py")


@nox.session
def build(session: nox.Session) -> None:
    """Build and check the sdist and the wheel of every member, into dist/."""
    session.install(*group("build"))
    shutil.rmtree("dist", ignore_errors=True)
    for member in PACKAGES + CONNECTORS:
        session.run("python", "-m", "build", "--no-isolation", "--outdir", "dist", str(member))
    session.run("twine", "check", "--strict", "dist/*")
    session.run("python", "tasks/check_distributions.py", "dist")


@nox.session
def docs(session: nox.Session) -> None:
    """Make the site, into docs/_build; a broken link is an error."""
    install(session, [*with_extras(PACKAGES), "connectors/mock"], *group("docs"))
    words = ["--builder", "html", "--fail-on-warning", "--keep-going", "--quiet"]
    session.run("sphinx-build", *words, "docs", "docs/_build")
    session.log("open docs/_build/index.html")


@nox.session
def demo(session: nox.Session) -> None:
    """Show accounts and who may do what, on this machine and in a SCIM service of its own."""
    install(session, DEMO, *group("demo"))
    session.run("python", "tasks/demo.py")


@nox.session
def compile(session: nox.Session) -> None:  # noqa: A001 - the name of the session
    """Compile connectors for an on-premises agent, into dist/: `-- demo`, `-- mock posix`."""
    packages = [find_package(session, name) for name in session.posargs]
    if not packages:
        session.error("name what to compile: nox -s compile -- demo")

    install(session, COMPILER + with_extras([package.parent for package in packages]))
    for package in packages:
        words = ["--connector-root-module-dir", str(package), "--output-directory", "dist"]
        app_id = package.name.removesuffix("_connector")
        session.run("connector", "compile-on-prem", *words, "--app-id", app_id)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure against the floor and the predecessor: `-- --quick` to try, `-- --only start`."""
    session.install(*group("bench"))
    session.run("python", "benchmarks/bench.py", *session.posargs)
    session.run("python", "tasks/write_figures.py")


@nox.session
def version(session: nox.Session) -> None:
    """Set the version of all packages: `-- patch`, `-- minor`, `-- major` or `-- X.Y.Z`."""
    session.run("python", "tasks/set_version.py", *session.posargs)


if __name__ == "__main__":
    nox.main()
