"""A compiled connector that needs all that one could lack: data, native code, processes, TLS."""

import json
import shutil
import ssl
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from pytest_cases import parametrize

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
IMPORTED = "on stdout, while the connector is imported\n"
"""What the workshop prints when it should not."""

METADATA = """\
Metadata-Version: 2.4
Name: workshop-connector
Version: 1.2.3
Requires-Dist: connector-cli
Requires-Dist: connector-sdk[http]
Requires-Dist: cryptography
"""
HELLO = """\
import stray_module
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


@dataclass(frozen=True)
class Compiled:
    """Two compiled connectors."""

    workshop: Any
    hello: Any
    """A folder with nothing but `main.py`, that is not installed."""


@pytest.fixture(scope="session")
def compiled(compiling: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Both, from a folder that looks as if pip had installed the workshop into it."""
    base = tmp_path_factory.mktemp("installed")
    package = shutil.copytree(HERE / "workshop_connector", base / "workshop_connector")
    (package / ".env").write_text("not for others")
    about = base / "workshop_connector-1.2.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(METADATA)
    (about / "RECORD").write_text(f"workshop_connector/main.py,,\n{about.name}/METADATA,,\n")
    (base / "hello_connector").mkdir()
    (base / "hello_connector" / "main.py").write_text(HELLO)
    (base / "stray_module.py").write_text("")
    builds = [
        compiling(package, "workshop", PYTHONPATH=str(base)),
        compiling(base / "hello_connector", "hi", PYTHONPATH=str(base)),
    ]
    return Compiled(*(build.finish() for build in builds))


@pytest.fixture(scope="session")
def workshop(compiled: Compiled) -> Any:
    """The workshop's bundle."""
    return compiled.workshop


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
    def test_it_works_compiled(self, workshop: Any, what: str, result: str) -> None:
        """Data, native code of others and child processes: and stdout has the reply only."""
        request = json.dumps({"request": {"what": what}})
        ended = workshop.run("work", "--json", request)
        assert 0 == ended.code
        reply = {"response": {"result": result}, "raw_data": None, "page": None}
        assert reply == json.loads(ended.stdout)
        assert 1 == ended.stdout.count("\n")
        children = 4 if result.startswith("[") else 0
        assert IMPORTED + children * "on stdout, from a child\n" == ended.stderr

    def test_it_knows_its_own_version(self, workshop: Any) -> None:
        """Which it has from its distribution's metadata."""
        info = json.loads(workshop.run("info").stdout)
        assert "1.2.3" == info["response"]["version"]

    def test_it_knows_the_version_of_what_it_uses(self, workshop: Any) -> None:
        """`importlib.metadata` finds what the source asks it for."""
        ended = workshop.run("work", "--json", '{"request":{"what":"version"}}')
        version = json.loads(ended.stdout)["response"]["result"]
        assert f"cryptography {version}: " in self.index(workshop)

    def test_a_call_pays_for_nothing_that_it_does_not_use(self, workshop: Any) -> None:
        """PyInstaller's own scripts have not imported multiprocessing or setuptools before it."""
        ended = workshop.run("work", "--json", '{"request":{"what":"modules"}}')
        modules = json.loads(ended.stdout)["response"]["result"].split()
        assert "connector_sdk.dispatch" in modules
        assert set() == {"rich", "setuptools", "typer"} & set(modules)

    def test_it_fetches_over_tls(self, workshop: Any, tmp_path: Path) -> None:
        """With the SDK's client, which tries again: all that it imports when needed is there."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        with serving(authority) as url:
            request = json.dumps({"request": {"what": url}})
            authorities = str(tmp_path / "authority.pem")
            ended = workshop.run("fetch", "--json", request, SSL_CERT_FILE=authorities)

        assert "at the second try" == json.loads(ended.stdout)["response"]["result"]

    def test_its_package_is_there_whole(self, workshop: Any) -> None:
        """All but what is hidden, which may hold secrets; a program stays one."""
        folder = workshop.folder / "_internal" / "workshop_connector"
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
        assert {"main.pyc", "lazily.pyc", "texts/greeting.txt", "texts/tool"} <= found
        assert ".env" not in found
        with tarfile.open(workshop.archive) as tar:
            assert 0o750 == tar.getmember("_internal/workshop_connector/texts/tool").mode

    def index(self, workshop: Any) -> str:
        """What the licences' index says."""
        path: Path = workshop.folder / "_internal" / "licences" / "index.txt"
        return path.read_text(encoding="utf-8")


class TestHello:
    """A connector that is little more than nothing."""

    def test_a_folder_with_nothing_but_main_can_be_compiled(self, compiled: Compiled) -> None:
        """One that is not installed either."""
        ended = compiled.hello.run("info")
        assert (0, "") == (ended.code, ended.stderr)
        assert "Hello" == json.loads(ended.stdout)["response"]["user_friendly_name"]

    def test_the_build_says_what_is_doubtful(self, compiled: Compiled) -> None:
        """A module that no distribution brought, and an app id that is not the connector's own."""
        assert [
            "building hi-0.1.0, which takes half a minute",
            (
                "warning: the bill of materials lacks stray_module, "
                "which no installed distribution says it brought"
            ),
            "warning: the connector calls itself 'hello', and --app-id says 'hi'",
        ] == [line.removeprefix("connector: ") for line in compiled.hello.said.splitlines()]

    def test_the_build_says_nothing_else(self, compiled: Compiled) -> None:
        """Of a connector that is installed, and whose app id is given, it has no doubts."""
        said = compiled.workshop.said
        assert "connector: building workshop-1.2.3, which takes half a minute\n" == said
