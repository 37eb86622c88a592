"""Compiled connectors: what is in the archive, and that they do what their source does."""

import json
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_cli.bundling.archive import ZIP_EPOCH

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
MOCK = ROOT / "connectors/mock/mock_connector"
MOCK_REQUEST = json.dumps(
    {
        "auth": {"basic": {"username": "foo", "password": "bar"}},
        "request": {},
        "settings": {"host": "google.com"},
    }
)
NOT_IN_A_BUNDLE = {
    "PyInstaller",
    "_pytest",
    "connector_cli/app",
    "connector_cli/bundle",
    "connector_cli/bundling",
    "connector_cli/scaffold",
    "connector_cli/server",
    "connector_sdk/http",
    "connector_sdk/testing",
    "copier",
    "cryptography",
    "hypothesis",
    "joserfc",
    "httpx",
    "pytest",
    "rich",
    "setuptools",
    "starlette",
    "uvicorn",
    "yaml",
}
"""What is installed where the tests run, and what the mock connector neither imports nor needs."""


@dataclass(frozen=True)
class Mocks:
    """The mock connector, compiled twice."""

    here: Any
    elsewhere: Any
    """From another folder, in another environment."""


@pytest.fixture(scope="session")
def mocks(compiling: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Mocks:
    """Both bundles of the mock connector."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(MOCK, other / MOCK.name)
    changes = {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "HOME": str(other)}
    builds = [
        compiling(MOCK, "mock"),
        compiling(other / MOCK.name, "mock", umask=0o077, **changes),
    ]
    return Mocks(*(build.finish() for build in builds))


@pytest.fixture(scope="session")
def mock(mocks: Mocks) -> Any:
    """The mock connector's bundle."""
    return mocks.here


def from_source(*words: str, stdin: str = "") -> str:
    """What the mock connector prints when Python runs it."""
    command = [sys.executable, "-m", "mock_connector.main", *words]
    return subprocess.run(
        command, check=True, input=stdin, capture_output=True, encoding="utf-8"
    ).stdout


class TestArchive:
    """What is in it."""

    def test_the_same_inputs_give_the_same_bytes(self, mocks: Mocks) -> None:
        """Built in other folders, with another language, time zone, umask and hash seed."""
        assert mocks.here.archive.read_bytes() == mocks.elsewhere.archive.read_bytes()

    def test_it_is_named_for_the_connector(self, mock: Any) -> None:
        """And its digest lies beside it, which `sha256sum` accepts."""
        archive = mock.archive
        assert ["mock-0.1.0.tar.gz", "mock-0.1.0.tar.gz.sha256"] == sorted(
            path.name for path in archive.parent.iterdir()
        )
        check = ["sha256sum", "--check", "--strict", f"{archive}.sha256"]
        assert 0 == subprocess.run(check, check=False, cwd=archive.parent).returncode

    def test_each_member_is_there_once(self, mock: Any) -> None:
        """The program, what it needs, and who it is; sorted, with the modes of the contract."""
        with tarfile.open(mock.archive) as tar:
            members = tar.getmembers()

        names = [each.name for each in members]
        assert sorted(set(names)) == sorted(names)
        assert {"main", "_internal", "metadata.toml"} == {name.partition("/")[0] for name in names}
        assert {"main"} == {each.name for each in members if each.isfile() and each.mode == 0o750}
        assert {(True, 0o750), (False, 0o640)} == {
            (each.isdir(), each.mode) for each in members if each.name != "main"
        }
        assert {ZIP_EPOCH} == {each.mtime for each in members}

    def test_it_says_who_it_is(self, mock: Any) -> None:
        """In the words of the contract."""
        metadata = tomllib.loads((mock.folder / "metadata.toml").read_text())
        assert {"connector": {"app_id": "mock_on_prem", "version": "0.1.0"}} == metadata

    def test_it_has_no_more_than_the_connector_needs(self, mock: Any) -> None:
        """Nothing of what only tests, other extras or the machine that built it need."""
        contents = mock.folder / "_internal"
        found = {
            path.relative_to(contents).with_suffix("").as_posix() for path in contents.rglob("*")
        }
        assert {"connector_cli/command_line", "mock_connector/main", "typer"} <= found
        assert set() == found & NOT_IN_A_BUNDLE

    def test_it_tells_nothing_of_the_machine(self, mock: Any) -> None:
        """No path of the repository, the environment or the build is in what is not a library."""
        traces = [str(path).encode() for path in (ROOT, sys.prefix, mock.archive.parents[1])]
        files = [
            path
            for path in mock.folder.rglob("*")
            if path.is_file() and ".so" not in path.suffixes and "sysconfigdata" not in path.name
        ]
        assert [] == [path.name for path in files for trace in traces if trace in path.read_bytes()]


class TestInventory:
    """The bill of materials, and the licences."""

    @pytest.fixture(scope="class")
    def bill(self, mock: Any) -> dict[str, Any]:
        """The bill of the mock connector's bundle."""
        text = (mock.folder / "_internal" / "sbom.cdx.json").read_text()
        bill: dict[str, Any] = json.loads(text)
        return bill

    def test_it_is_valid(self, mock: Any) -> None:
        """By the schema of CycloneDX 1.6."""
        # Quick tests, which collect this one, go without the extra that brings it.
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator

        text = (mock.folder / "_internal" / "sbom.cdx.json").read_text()
        assert None is JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)

    def test_it_names_what_is_in_the_bundle(self, mock: Any, bill: dict[str, Any]) -> None:
        """Each package that has files there, with its version and address; and no other."""
        components = {each["name"]: each for each in bill["components"]}
        of_registry = {
            name for name, each in components.items() if each.get("purl", "").startswith("pkg:pypi")
        }
        assert {
            "annotated-doc",
            "annotated-types",
            "connector-cli",
            "connector-sdk",
            "pydantic",
            "pydantic-core",
            "pyinstaller",
            "shellingham",
            "typer",
            "typing-extensions",
            "typing-inspection",
        } == of_registry
        assert f"pkg:generic/python@{sys.version.split()[0]}" == components["python"]["purl"]
        assert ("mock", "0.1.0") == (
            bill["metadata"]["component"]["name"],
            bill["metadata"]["component"]["version"],
        )

    def test_each_shared_library_belongs_to_a_component(
        self, mock: Any, bill: dict[str, Any]
    ) -> None:
        """Those of the system are components with a version, or with the digest of the file."""
        system = [
            each
            for each in bill["components"]
            if not each.get("purl", "").startswith(("pkg:pypi", "pkg:generic"))
        ]
        assert all(each.get("version") or each.get("hashes") for each in system)
        libraries = {
            path.name.partition(".so")[0]
            for path in (mock.folder / "_internal").glob("lib*.so*")
            if not path.name.startswith("libpython")
        }
        assert bool(libraries) == bool(system)

    def test_it_tells_what_requires_what(self, bill: dict[str, Any]) -> None:
        """The connector requires what its own metadata says; extras count only if asked for."""
        requires = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
        assert {"connector-cli", "connector-sdk", "python"} <= set(requires["mock-0.1.0"])
        assert ["connector-sdk", "typer"] == requires["connector-cli"]
        assert ["pydantic"] == requires["connector-sdk"]

    def test_the_licence_of_each_component_is_there(self, mock: Any, bill: dict[str, Any]) -> None:
        """Its text is in a folder of its name, and the index lists it."""
        folder = mock.folder / "_internal" / "licences"
        index = (folder / "index.txt").read_text()
        lacking = [
            each["name"]
            for each in bill["components"]
            if each.get("purl", "").startswith(("pkg:pypi", "pkg:generic"))
            and not list((folder / each["name"]).rglob("*"))
        ]
        assert [] == lacking
        assert "pydantic-core" in index
        assert "    typer/LICENSE\n" in index


class TestProgram:
    """What it answers."""

    def test_info_is_that_of_the_source(self, mock: Any) -> None:
        """To the byte: also what the schema takes from docstrings."""
        ended = mock.run("info")
        assert (0, "", from_source("info")) == (ended.code, ended.stderr, ended.stdout)

    def test_a_call_is_answered_as_from_source(self, mock: Any) -> None:
        """The same reply, through stdin."""
        words = ["list_accounts", "--json", "-"]
        ended = mock.run(*words, stdin=MOCK_REQUEST)
        expected = from_source(*words, stdin=MOCK_REQUEST)
        assert (0, "", expected) == (ended.code, ended.stderr, ended.stdout)
        assert not json.loads(ended.stdout).get("is_error")

    def test_a_worker_answers_many_calls(self, mock: Any) -> None:
        """A line each, in one process."""
        lines = [f'{{"id": {each}, "capability": "info"}}' for each in (1, 2)]
        ended = mock.run("worker", stdin="\n".join(lines))
        assert [1, 2] == sorted(json.loads(line)["id"] for line in ended.stdout.splitlines())
        assert (0, "") == (ended.code, ended.stderr)

    def test_help_is_plain(self, mock: Any) -> None:
        """All commands are there but those of developers, without frames of rich."""
        ended = mock.run("--help")
        assert 0 == ended.code
        assert ended.stdout.startswith("Usage: main ")
        assert {"list_accounts", "worker", "call", "example"} <= set(ended.stdout.split())
        assert "dev" not in ended.stdout.split()
        assert "│" not in ended.stdout

    def test_help_of_a_command_is_plain(self, mock: Any) -> None:
        """With the example of a request."""
        ended = mock.run("list_accounts", "--help")
        assert 0 == ended.code
        assert "A request to fill in" in ended.stdout
        assert "│" not in ended.stdout

    @parametrize(
        words=[("dev", "login", "--help"), ("no_such_thing",), ("info", "--port", "1")], ids=str
    )
    def test_a_mistake_is_said(self, mock: Any, words: tuple[str, ...]) -> None:
        """In words, with the exit code of a mistake."""
        ended = mock.run(*words)
        assert (2, "") == (ended.code, ended.stdout)
        assert "Error: " in ended.stderr
        assert "Traceback" not in ended.stderr


class TestAgent:
    """The local agent with a real bundle."""

    @pytest.fixture
    def agent(self, forked: Callable[..., Any]) -> Callable[..., Any]:
        """Run the command on a wide terminal."""

        def run(*words: str | Path, stdin: str = "") -> Any:
            return forked(
                "agent",
                "run",
                *map(str, words),
                program="connector",
                environment={"COLUMNS": "200"},
                stdin=stdin.encode(),
            )

        return run

    def test_it_shows_what_it_found(self, mock: Any, agent: Callable[..., Any]) -> None:
        """It is ready."""
        ended = agent(mock.archive)
        assert (0, "") == (ended.code, ended.stderr)
        assert ["ready", "mock_on_prem", "0.1.0"] == ended.stdout.splitlines()[2].split()[1:4]

    def test_it_calls_a_capability(self, mock: Any, agent: Callable[..., Any]) -> None:
        """The reply is the one that the source gives."""
        words = ["--once", "list-accounts", "--json", "-"]
        ended = agent(mock.archive, *words, stdin=MOCK_REQUEST)
        expected = from_source("list_accounts", "--json", "-", stdin=MOCK_REQUEST)
        assert (0, expected) == (ended.code, ended.stdout)
