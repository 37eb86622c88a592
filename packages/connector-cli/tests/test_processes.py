"""What only a whole process shows: descriptors, signals, files, finding the connector."""

import gzip
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

Run = Callable[..., Any]

HERE = Path(__file__).parent
MAIN = [sys.executable, str(HERE / "odd_main.py")]
QUIET = '{"request":{"how":"quiet"}}'
ANSWER = '{"response":{"how":"quiet","text":""},"raw_data":null,"page":null}\n'
HELLO = """\
from connector_cli import run
from connector_sdk import DescriptionData, Integration
from connector_sdk.models import AppCategory, FoundAccountData, StandardCapabilityName
from connector_sdk.models import ListAccountsRequest, ListAccountsResponse

ABOUT = DescriptionData(user_friendly_name="Hello", categories=[AppCategory.INTERNAL])
integration = Integration(
    app_id="hello", version="0.1.0", exception_handlers=[], description_data=ABOUT
)


@integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    return ListAccountsResponse(response=[FoundAccountData(integration_specific_id="1")])


if __name__ == "__main__":
    run(integration)
"""
HEAVY = {
    "anyio",
    "argparse",
    "click",
    "connector_cli.commands",
    "connector_sdk.http",
    "connector_sdk.spec",
    "connector_sdk.testing",
    "cryptography",
    "gzip",
    "http",
    "httpx",
    "jinja2",
    "json",
    "multiprocessing",
    "rich",
    "starlette",
    "tenacity",
    "typer",
    "uvicorn",
    "watchfiles",
    "yaml",
}
"""What a call has no use for, each of them milliseconds; pydantic and asyncio import more."""


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    """A whole connector in one file."""
    path = tmp_path / "hello.py"
    path.write_text(HELLO, encoding="utf-8")
    return path


def python(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run Python with these words to its end."""
    command = [sys.executable, *map(str, words)]
    return subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8", timeout=60, **options
    )


def test_a_connector_in_one_file_has_a_command_line(hello: Path) -> None:
    """A file that passes its integration to `run` answers calls."""
    ended = python(hello, "list_accounts", "--json", '{"request":{}}')
    assert 0 == ended.returncode
    assert ["1"] == [
        each["integration_specific_id"] for each in json.loads(ended.stdout)["response"]
    ]
    assert "" == ended.stderr


def test_a_call_imports_nothing_heavy(hello: Path) -> None:
    """No module on the list is imported on the way to the reply."""
    ended = python("-X", "importtime", hello, "list_accounts", "--json", '{"request":{}}')
    lines = [line for line in ended.stderr.splitlines() if line.startswith("import time:")]
    imported = {line.rpartition("|")[2].strip() for line in lines}
    assert "connector_sdk.dispatch" in imported
    assert set() == HEAVY & imported


PLUGIN = """
import sys

class Plugin:
    def new_schema_validator(self, *args, **options):
        sys.stderr.write("a plugin was asked\\n")
        return None, None, None

plugin = Plugin()
"""


@pytest.mark.slow
@parametrize("form", ["plugin-1.0.dist-info", "Plugin.EGG-INFO", "none"])
def test_plugins_of_pydantic_are_found_as_ever(hello: Path, form: str) -> None:
    """They are searched for where there are any; else importlib.metadata is not even loaded."""
    folder = hello.with_name("site-packages")
    (folder / form).mkdir(parents=True)
    (folder / "plugin.py").write_text(PLUGIN, encoding="utf-8")
    group = "other" if form == "none" else "pydantic"
    (folder / form / "METADATA").write_text("Name: plugin\nVersion: 1.0\n", encoding="utf-8")
    offer = f"[{group}]\nmine = plugin:plugin\n"
    (folder / form / "entry_points.txt").write_text(offer, encoding="utf-8")
    program = f"""
import sys
sys.path.append({str(folder)!r})
from connector_cli import run
run("hello:integration")
"""
    words = ("list_accounts", "--json", '{"request":{}}')
    ended = python("-X", "importtime", "-c", program, *words, cwd=hello.parent)
    assert '{"response":' in ended.stdout
    assert (form != "none") == ("a plugin was asked" in ended.stderr)
    assert (form != "none") == ("importlib.metadata" in ended.stderr)


@parametrize(
    "place, said",
    [
        ("no_such_module:integration", "there is no module 'no_such_module'"),
        ("json:integration", "'json:integration' is not an Integration but NoneType"),
        ("json", "'json' does not name an integration"),
        ("broken:integration", "ZeroDivisionError"),
        ("needy:integration", "needy: something_else is not installed, and"),
        ("undeclared:integration", "undeclared: app_id must be a name"),
        ("leaving:integration", "SystemExit: 3"),
    ],
)
def test_a_missing_integration_is_said(forked: Run, tmp_path: Path, place: str, said: str) -> None:
    """What is wrong with the place of the integration is on stderr, and the exit code is 1."""
    (tmp_path / "broken.py").write_text("print('on stdout?')\n1 / 0\n", encoding="utf-8")
    (tmp_path / "needy.py").write_text("import something_else\n", encoding="utf-8")
    (tmp_path / "leaving.py").write_text("import sys\nsys.exit(3)\n", encoding="utf-8")
    (tmp_path / "undeclared.py").write_text(
        HELLO.replace('app_id="hello"', 'app_id=" "'), encoding="utf-8"
    )
    ended = forked("info", place=place, path=tmp_path)
    assert (1, "") == (ended.code, ended.stdout)
    assert said in ended.stderr


def test_ten_megabytes_come_through_stdin(forked: Run) -> None:
    """A request of 10 MB is read from stdin, and its reply of 10 MB is written whole."""
    text = "0123456789ABCDEF" * 65536 * 10
    request = json.dumps({"request": {"how": "quiet", "text": text}})
    ended = forked("behave", "--json", "-", stdin=request.encode())
    assert (0, "") == (ended.code, ended.stderr)
    assert text == json.loads(ended.stdout)["response"]["text"]


class TestResultFile:
    """`--result-file-path`."""

    def test_the_reply_is_in_the_file_and_nowhere_else(self, forked: Run, tmp_path: Path) -> None:
        """The file has the line, stdout has nothing, and nothing else is left in the folder."""
        result = tmp_path / "results" / "reply.json.gz"
        result.parent.mkdir()
        ended = forked("behave", "--json", QUIET, "--result-file-path", str(result))
        assert (0, "", "") == (ended.code, ended.stdout, ended.stderr)
        assert ANSWER.encode() == gzip.decompress(result.read_bytes())
        assert [result] == list(result.parent.iterdir())

    def test_only_its_owner_can_read_it(self, forked: Run, tmp_path: Path) -> None:
        """A reply can hold personal data, so others have no access."""
        forked("behave", "--json", QUIET, "--result-file-path", "reply.gz")
        assert 0o600 == stat.S_IMODE((tmp_path / "reply.gz").stat().st_mode)

    def test_it_replaces_the_file_that_was_there(self, forked: Run, tmp_path: Path) -> None:
        """An older reply is gone, whole."""
        (tmp_path / "reply.gz").write_bytes(b"older" * 100)
        forked("behave", "--json", QUIET, "--result-file-path", "reply.gz")
        assert ANSWER.encode() == gzip.decompress((tmp_path / "reply.gz").read_bytes())

    def test_an_error_reply_goes_there_too(self, forked: Run, tmp_path: Path) -> None:
        """`--fail` tells by the exit code what kind of reply the file has."""
        words = ["behave", "--json", "{}", "--fail", "--result-file-path", "reply.gz"]
        ended = forked(*words)
        assert (1, "") == (ended.code, ended.stdout)
        assert json.loads(gzip.decompress((tmp_path / "reply.gz").read_bytes()))["is_error"]

    def test_the_call_is_not_made_if_it_cannot_be_written(self, forked: Run) -> None:
        """A missing folder is found before the connector's code runs."""
        request = '{"request":{"how":"print","text":"it ran"}}'
        ended = forked("behave", "--json", request, "--result-file-path", "none/reply.gz")
        assert 2 == ended.code
        assert "it ran" not in ended.stderr


@parametrize(
    "closed, stdout, code",
    [([0], ANSWER, 0), ([2], ANSWER, 0), ([0, 2], ANSWER, 0), ([1], "", 1), ([0, 1, 2], "", 1)],
    ids=str,
)
def test_closed_descriptors(forked: Run, closed: list[int], stdout: str, code: int) -> None:
    """Whichever of its descriptors are closed, the reply goes to stdout or nowhere."""
    ended = forked("behave", "--json", QUIET, closed=closed)
    assert (stdout, code) == (ended.stdout, ended.code)


def test_small_descriptors_are_not_the_wire(started: Run) -> None:
    """Code that writes to descriptors that it confuses does not reach the reply."""
    ended = started("behave", "--json", QUIET.replace("quiet", "write_everywhere"))
    assert (ANSWER.replace("quiet", "write_everywhere"), 0) == (ended.stdout, ended.code)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no ulimit")
def test_few_descriptors_are_enough(started: Run) -> None:
    """Where the machine allows no high numbers, the wire has small ones."""
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limit[1]))
    try:
        ended = started("behave", "--json", QUIET)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)

    assert (ANSWER, 0) == (ended.stdout, ended.code)


@parametrize(view=["--pretty", "--table"])
def test_a_closed_stdout_is_said(forked: Run, view: str) -> None:
    """Whatever was to be shown there: one line on stderr, and the exit code is 1."""
    ended = forked("list_accounts", "--json", '{"request":{}}', view, closed=[1])
    assert 1 == ended.code
    assert "odd-connector: the reply cannot be written: stdout is closed\n" == ended.stderr


@parametrize(
    words=[
        ("info",),
        ("--help",),
        ("info", "--pretty"),
        ("list_accounts", "--json", '{"request":{}}', "--all-pages"),
    ],
    ids=" ".join,
)
def test_a_reader_that_is_gone_is_no_error(forked: Run, words: tuple[str, ...]) -> None:
    """`| head` may close the pipe before anything was written: no complaint, exit code 0."""
    ended = forked(*words, unread=True)
    assert (0, "") == (ended.code, ended.stderr)


def test_a_full_pipe_that_does_not_block_loses_nothing() -> None:
    """A caller may have made the pipe non-blocking; the reply waits until there is room."""
    request = json.dumps({"request": {"how": "quiet", "text": "x" * 1_000_000}})
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with subprocess.Popen(
        [*MAIN, "behave", "--json", "-"], stdin=subprocess.PIPE, stdout=writing
    ) as process:
        os.close(writing)
        assert process.stdin is not None
        process.stdin.write(request.encode())
        process.stdin.close()
        with open(reading, "rb") as stream:
            reply = stream.read()

    assert 1_000_000 == len(json.loads(reply)["response"]["text"])
    assert 0 == process.returncode


@parametrize(name=["behave", "behave_plainly"])
def test_ctrl_c_ends_a_blocked_call_at_once(spawn: Callable[..., Any], name: str) -> None:
    """The exit code is 130 and there is no traceback, also when a function blocks."""
    process = spawn(name, "--json", '{"request":{"how":"say_and_block"}}')
    assert "blocking\n" == process.stderr.readline()
    process.send_signal(signal.SIGINT)
    ended = process.communicate()
    assert (130, "", "") == (ended.code, ended.stdout, ended.stderr)


def test_a_shell_completes_commands_and_options(forked: Run) -> None:
    """The completion that `--show-completion` sets up is answered on stdout."""
    for typed, place, expected in (("li", 1, "list_accounts"), ("behave --fa", 2, "--fail")):
        environment = {
            "_ODD_CONNECTOR_COMPLETE": "complete_bash",
            "COMP_WORDS": f"odd-connector {typed}",
            "COMP_CWORD": str(place),
        }
        ended = forked(environment=environment)
        assert (0, [expected]) == (ended.code, ended.stdout.split())
