"""Compiled connectors: what is in the archive, and that they do what their source does."""

import json
import os
import shutil
import ssl
import subprocess
import sys
import tarfile
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from pytest_cases import parametrize

from connector_cli.bundling.archive import ZIP_EPOCH

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
MOCK = ROOT / "connectors/mock/mock_connector"
IMPORTED = "on stdout, while the connector is imported\n"
"""What the workshop prints when it should not."""

WORKSHOP_METADATA = """\
Metadata-Version: 2.4
Name: workshop-connector
Version: 1.2.3
Requires-Dist: connector-cli
Requires-Dist: connector-sdk[http]
Requires-Dist: cryptography
"""
HELLO = """\
from connector_cli import run
from connector_sdk import DescriptionData, Integration
from connector_sdk.models import AppCategory

ABOUT = DescriptionData(user_friendly_name="Hello", categories=[AppCategory.INTERNAL])
integration = Integration(
    app_id="hello", version="0.1.0", exception_handlers=[], description_data=ABOUT
)

if __name__ == "__main__":
    run(integration)
"""
PATIENCE = 600
"""Seconds. A build that takes longer is stuck."""

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
class Ended:
    """What a process left behind."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Built:
    """A connector that was compiled, and what its archive holds."""

    archive: Path
    folder: Path

    def run(self, *words: str, stdin: str = "", **environment: str) -> Ended:
        """Run the program, with an environment that has no Python in it."""
        variables = {"COLUMNS": "80", **environment}
        return run([str(self.folder / "main"), *words], stdin=stdin, env=variables)


def run(
    command: list[str], *, stdin: str = "", env: dict[str, str] | None = None, cwd: str = "/"
) -> Ended:
    """Run a process to its end."""
    ended = subprocess.run(
        command,
        check=False,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=env,
        cwd=cwd,
        timeout=PATIENCE,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Built]]:
    """The mock connector, the same from another place, a workshop, and one that is not installed.

    They are built at the same time, which is as fast as the machine can.
    """
    base = tmp_path_factory.mktemp("built")
    elsewhere = base / "elsewhere"
    mock_again = shutil.copytree(MOCK, elsewhere / MOCK.name)
    workshop = shutil.copytree(HERE / "workshop_connector", base / "workshop_connector")
    (workshop / ".env").write_text("not for others")
    about = base / "workshop_connector-1.2.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(WORKSHOP_METADATA)
    (about / "RECORD").write_text(f"workshop_connector/main.py,,\n{about.name}/METADATA,,\n")
    (base / "hello_connector").mkdir()
    (base / "hello_connector" / "main.py").write_text(HELLO)
    other = {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "HOME": str(elsewhere)}
    builds = {
        "mock": (MOCK, "mock", {}),
        "mock again": (mock_again, "mock", other),
        "workshop": (workshop, "workshop", {"PYTHONPATH": str(base)}),
        "hello": (base / "hello_connector", "hello", {}),
    }
    processes = {
        name: _start(source, app_id, base / name, changes)
        for name, (source, app_id, changes) in builds.items()
    }
    yield {name: _finish(process, base / name) for name, process in processes.items()}
    for process in processes.values():
        process.kill()


def _start(
    source: Path, app_id: str, place: Path, changes: dict[str, str]
) -> subprocess.Popen[str]:
    for name in ("temporary", "output", "unpacked"):
        (place / name).mkdir(parents=True)

    command = [sys.executable, "-m", "connector_cli.app", "compile-on-prem"]
    command += ["--connector-root-module-dir", str(source), "--app-id", app_id]
    command += ["--output-directory", str(place / "output")]
    environment = {**os.environ, "TMPDIR": str(place / "temporary"), **changes}
    return subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        umask=0o077 if changes else 0o022,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def _finish(process: subprocess.Popen[str], place: Path) -> Built:
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert 0 == process.returncode, stderr
    archive = Path(stdout.removesuffix("\n"))
    assert [] == list((place / "temporary").iterdir())
    shutil.unpack_archive(archive, place / "unpacked")
    return Built(archive, place / "unpacked")


def from_source(*words: str, stdin: str = "") -> str:
    """What the mock connector prints when Python runs it."""
    command = [sys.executable, "-m", "mock_connector.main", *words]
    return subprocess.run(
        command, check=True, input=stdin, capture_output=True, encoding="utf-8"
    ).stdout


class FailsOnce(BaseHTTPRequestHandler):
    """Answers 503, and everything after that with a text."""

    def do_GET(self) -> None:
        """Answer a request."""
        first = not self.server.__dict__.setdefault("asked", False)
        self.server.__dict__["asked"] = True
        self.send_response(503 if first else 200)
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(b"" if first else b"at the second try")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@contextmanager
def serving(authority: trustme.CA) -> Iterator[str]:
    """Serve HTTPS on loopback, and yield the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with HTTPServer(("127.0.0.1", 0), FailsOnce) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


class TestArchive:
    """What is in it."""

    def test_the_same_inputs_give_the_same_bytes(self, built: Any) -> None:
        """Built in other folders, with another language, time zone, umask and hash seed."""
        one, other = built["mock"].archive, built["mock again"].archive
        assert one.read_bytes() == other.read_bytes()

    def test_it_is_named_for_the_connector(self, built: Any) -> None:
        """And its digest lies beside it, which `sha256sum` accepts."""
        archive = built["mock"].archive
        assert ["mock-0.1.0.tar.gz", "mock-0.1.0.tar.gz.sha256"] == sorted(
            path.name for path in archive.parent.iterdir()
        )
        check = ["sha256sum", "--check", "--strict", f"{archive}.sha256"]
        assert 0 == subprocess.run(check, check=False, cwd=archive.parent).returncode

    def test_each_member_is_there_once(self, built: Any) -> None:
        """The program, what it needs, and who it is; sorted, with the modes of the contract."""
        with tarfile.open(built["mock"].archive) as tar:
            members = tar.getmembers()

        names = [each.name for each in members]
        assert sorted(set(names)) == sorted(names)
        assert {"main", "_internal", "metadata.toml"} == {name.partition("/")[0] for name in names}
        assert {"main"} == {each.name for each in members if each.isfile() and each.mode == 0o750}
        assert {(True, 0o750), (False, 0o640)} == {
            (each.isdir(), each.mode) for each in members if each.name != "main"
        }
        assert {ZIP_EPOCH} == {each.mtime for each in members}

    def test_it_says_who_it_is(self, built: Any) -> None:
        """In the words of the contract."""
        metadata = tomllib.loads((built["mock"].folder / "metadata.toml").read_text())
        assert {"connector": {"app_id": "mock_on_prem", "version": "0.1.0"}} == metadata

    def test_it_has_no_more_than_the_connector_needs(self, built: Any) -> None:
        """Nothing of what only tests, other extras or the machine that built it need."""
        contents = built["mock"].folder / "_internal"
        found = {
            path.relative_to(contents).with_suffix("").as_posix() for path in contents.rglob("*")
        }
        assert {"connector_cli/command_line", "mock_connector/main", "typer"} <= found
        assert set() == found & NOT_IN_A_BUNDLE

    def test_it_tells_nothing_of_the_machine(self, built: Any) -> None:
        """No path of the repository, the environment or the build is in what is not a library."""
        traces = [
            str(path).encode() for path in (ROOT, sys.prefix, built["mock"].archive.parents[1])
        ]
        files = [
            path
            for path in built["mock"].folder.rglob("*")
            if path.is_file() and ".so" not in path.suffixes and "sysconfigdata" not in path.name
        ]
        assert [] == [path.name for path in files for trace in traces if trace in path.read_bytes()]


class TestInventory:
    """The bill of materials, and the licences."""

    @pytest.fixture(scope="class")
    def bill(self, built: Any) -> dict[str, Any]:
        """The bill of the mock connector's bundle."""
        text = (built["mock"].folder / "_internal" / "sbom.cdx.json").read_text()
        bill: dict[str, Any] = json.loads(text)
        return bill

    def test_it_is_valid(self, built: Any) -> None:
        """By the schema of CycloneDX 1.6."""
        text = (built["mock"].folder / "_internal" / "sbom.cdx.json").read_text()
        assert None is JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)

    def test_it_names_what_is_in_the_bundle(self, built: Any, bill: dict[str, Any]) -> None:
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
        self, built: Any, bill: dict[str, Any]
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
            for path in (built["mock"].folder / "_internal").glob("lib*.so*")
            if not path.name.startswith("libpython")
        }
        assert bool(libraries) == bool(system)

    def test_it_tells_what_requires_what(self, bill: dict[str, Any]) -> None:
        """The connector requires what its own metadata says; extras count only if asked for."""
        requires = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
        assert {"connector-cli", "connector-sdk", "python"} <= set(requires["mock-0.1.0"])
        assert ["connector-sdk", "typer"] == requires["connector-cli"]
        assert ["pydantic"] == requires["connector-sdk"]

    def test_the_licence_of_each_component_is_there(self, built: Any, bill: dict[str, Any]) -> None:
        """Its text is in a folder of its name, and the index lists it."""
        folder = built["mock"].folder / "_internal" / "licences"
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

    def test_info_is_that_of_the_source(self, built: Any) -> None:
        """To the byte: also what the schema takes from docstrings."""
        ended = built["mock"].run("info")
        assert (0, "", from_source("info")) == (ended.code, ended.stderr, ended.stdout)

    def test_a_call_is_answered_as_from_source(self, built: Any) -> None:
        """The same reply, through stdin."""
        words = ["list_accounts", "--json", "-"]
        ended = built["mock"].run(*words, stdin=MOCK_REQUEST)
        expected = from_source(*words, stdin=MOCK_REQUEST)
        assert (0, "", expected) == (ended.code, ended.stderr, ended.stdout)
        assert not json.loads(ended.stdout).get("is_error")

    def test_a_worker_answers_many_calls(self, built: Any) -> None:
        """A line each, in one process."""
        lines = [f'{{"id": {each}, "capability": "info"}}' for each in (1, 2)]
        ended = built["mock"].run("worker", stdin="\n".join(lines))
        assert [1, 2] == sorted(json.loads(line)["id"] for line in ended.stdout.splitlines())
        assert (0, "") == (ended.code, ended.stderr)

    def test_help_is_plain(self, built: Any) -> None:
        """All commands are there but the server, without frames of rich."""
        ended = built["mock"].run("--help")
        assert 0 == ended.code
        assert ended.stdout.startswith("Usage: main ")
        assert {"list_accounts", "worker", "call", "example"} <= set(ended.stdout.split())
        assert "dev" not in ended.stdout.split()
        assert "│" not in ended.stdout

    def test_help_of_a_command_is_plain(self, built: Any) -> None:
        """With the example of a request."""
        ended = built["mock"].run("list_accounts", "--help")
        assert 0 == ended.code
        assert "A request to fill in" in ended.stdout
        assert "│" not in ended.stdout

    @parametrize(
        words=[("dev", "http-server"), ("no_such_thing",), ("info", "--port", "1")], ids=str
    )
    def test_a_mistake_is_said(self, built: Any, words: tuple[str, ...]) -> None:
        """In words, with the exit code of a mistake."""
        ended = built["mock"].run(*words)
        assert (2, "") == (ended.code, ended.stdout)
        assert "Error: " in ended.stderr
        assert "Traceback" not in ended.stderr


class TestWorkshop:
    """A connector that needs all that a compiled one could lack."""

    @parametrize(
        "what, result",
        [
            ("text", "a text of the connector, ü\n"),
            ("python_text", "# A text that happens to be Python; no package has it.\n"),
            ("tool", "from a tool\n"),
            ("by_name", "found by name"),
            ("native", "in and out"),
            ("shared", "7"),
            ("fork", "[0, 1, 4, 9]"),
            ("spawn", "[0, 1, 4, 9]"),
            ("forkserver", "[0, 1, 4, 9]"),
        ],
    )
    def test_it_works_compiled(self, built: Any, what: str, result: str) -> None:
        """Data, native code of others and child processes: and stdout has the reply only."""
        request = json.dumps({"request": {"what": what}})
        ended = built["workshop"].run("work", "--json", request)
        assert 0 == ended.code
        reply = {"response": {"result": result}, "raw_data": None, "page": None}
        assert reply == json.loads(ended.stdout)
        assert 1 == ended.stdout.count("\n")
        children = 4 if result.startswith("[") else 0
        assert IMPORTED + children * "on stdout, from a child\n" == ended.stderr

    def test_it_knows_its_own_version(self, built: Any) -> None:
        """Which it has from its distribution's metadata."""
        info = json.loads(built["workshop"].run("info").stdout)
        assert "1.2.3" == info["response"]["version"]

    def test_it_knows_the_version_of_what_it_uses(self, built: Any) -> None:
        """`importlib.metadata` finds what the source asks it for."""
        ended = built["workshop"].run("work", "--json", '{"request":{"what":"version"}}')
        version = json.loads(ended.stdout)["response"]["result"]
        assert f"cryptography {version}: " in self.index(built)

    def test_a_call_pays_for_nothing_that_it_does_not_use(self, built: Any) -> None:
        """PyInstaller's own scripts have not imported multiprocessing or setuptools before it."""
        ended = built["workshop"].run("work", "--json", '{"request":{"what":"modules"}}')
        modules = json.loads(ended.stdout)["response"]["result"].split()
        assert "connector_sdk.dispatch" in modules
        assert set() == {"rich", "setuptools", "typer"} & set(modules)

    def test_it_fetches_over_tls(self, built: Any, tmp_path: Path) -> None:
        """With the SDK's client, which tries again: all that it imports when needed is there."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        with serving(authority) as url:
            request = json.dumps({"request": {"what": url}})
            authorities = str(tmp_path / "authority.pem")
            ended = built["workshop"].run("fetch", "--json", request, SSL_CERT_FILE=authorities)

        assert "at the second try" == json.loads(ended.stdout)["response"]["result"]

    def test_its_package_is_there_whole(self, built: Any) -> None:
        """All but what is hidden, which may hold secrets; a program stays one."""
        folder = built["workshop"].folder / "_internal" / "workshop_connector"
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
        assert {"main.pyc", "lazily.pyc", "texts/greeting.txt", "texts/tool"} <= found
        assert ".env" not in found
        with tarfile.open(built["workshop"].archive) as tar:
            assert 0o750 == tar.getmember("_internal/workshop_connector/texts/tool").mode

    def index(self, built: Any) -> str:
        """What the licences' index says."""
        path: Path = built["workshop"].folder / "_internal" / "licences" / "index.txt"
        return path.read_text(encoding="utf-8")


def test_a_folder_with_nothing_but_main_can_be_compiled(built: Any) -> None:
    """One that is not installed either."""
    ended = built["hello"].run("info")
    assert (0, "") == (ended.code, ended.stderr)
    assert "Hello" == json.loads(ended.stdout)["response"]["user_friendly_name"]


class TestAgent:
    """The local agent with real bundles."""

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

    def test_it_shows_both(self, built: Any, agent: Callable[..., Any]) -> None:
        """Each is ready."""
        ended = agent(built["mock"].archive, built["workshop"].archive)
        assert (0, "") == (ended.code, ended.stderr.replace(IMPORTED, ""))
        assert [["ready", "mock_on_prem"], ["ready", "workshop_on_prem"]] == [
            line.split()[1:3] for line in ended.stdout.splitlines()[2:]
        ]

    def test_it_calls_a_capability(self, built: Any, agent: Callable[..., Any]) -> None:
        """The reply is the one that the source gives."""
        words = ["--once", "list-accounts", "--json", "-"]
        ended = agent(built["mock"].archive, *words, stdin=MOCK_REQUEST)
        expected = from_source("list_accounts", "--json", "-", stdin=MOCK_REQUEST)
        assert (0, expected) == (ended.code, ended.stdout)
