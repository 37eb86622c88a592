"""A table of command lines, right, wrong and odd: what each prints, and how it ends.

Each line is run as a plain call may be recognised, and (slow) those that differ in their words with
typer reading everything, and each in a process started from nothing: all must come to the same.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

SECRET = "s3cret-api-key"


def behaving(how: str, text: str = "", **more: Any) -> str:
    """A request to behave in a way."""
    return json.dumps({"request": {"how": how, "text": text}, **more}, separators=(",", ":"))


def behaved(how: str, text: str = "") -> str:
    """The line that answers it."""
    response = {"how": how, "text": text}
    return json.dumps({"response": response, "raw_data": None, "page": None}, **COMPACT) + "\n"


COMPACT: dict[str, Any] = {"separators": (",", ":"), "ensure_ascii": False}
QUIET, REFUSE = behaving("quiet"), behaving("refuse")
ANSWER = behaved("quiet")
REFUSAL = (
    '{"is_error":true,"error":{"message":"no more seats","status_code":null,'
    '"app_error_code":null,"error_code":"api_error","app_id":"odd",'
    '"raised_by":"ConnectorError","raised_in":"odd_connector:behave"},'
    '"raw_data":null,"page":null}\n'
)
ONE_ACCOUNT = (
    '{"response":[{"integration_specific_id":"0","email":"user0@example.com","given_name":null,'
    '"family_name":null,"username":null,"user_status":null,"extra_data":null,'
    '"custom_attributes":null,"account_type":null}],"raw_data":null,'
    '"page":{"token":null,"size":2}}\n'
)
LIST_ONE = '{"request":{},"settings":{"accounts":1}}'


@dataclass(frozen=True)
class Line:
    """A command line, and what must come of it."""

    words: tuple[str, ...]
    stdout: str | Callable[[str], bool] = ""
    code: int = 0
    stderr: tuple[str, ...] = ()
    """Texts that stderr contains; empty: nothing at all is on stderr."""

    stdin: bytes = b""
    environment: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None
    """What is in the file `request.json` of the working directory."""


def line(*words: str, **outcome: Any) -> Line:
    """A line of the table."""
    return Line(words, **outcome)


def behave(how: str, *stderr: str, plainly: bool = False, **outcome: Any) -> Line:
    """A call whose code behaves in a way; its reply is what it always is."""
    name = "behave_plainly" if plainly else "behave"
    outcome = {"stdout": behaved(how), **outcome}
    return Line((name, "--json", behaving(how)), stderr=stderr, **outcome)


def bad_request(stdout: str) -> bool:
    """Whether it is one line, an error reply that says bad_request."""
    reply = json.loads(stdout)
    return stdout.count("\n") == 1 and reply["error"]["error_code"] == "bad_request"


def starts_with(text: str) -> Callable[[str], bool]:
    """A check of how stdout starts."""

    def check(stdout: str) -> bool:
        return stdout.startswith(text)

    return check


def says(*texts: str) -> Callable[[str], bool]:
    """A check that texts for people are on stdout."""

    def check(stdout: str) -> bool:
        return all(text in stdout for text in texts)

    return check


RIGHT = [
    line("behave", "--json", QUIET, stdout=ANSWER),
    line("behave", f"--json={QUIET}", stdout=ANSWER),
    line("behave_plainly", "--json", QUIET, stdout=ANSWER),
    line("behave-plainly", "--json", QUIET, stdout=ANSWER),
    line("call", "behave", "--json", QUIET, stdout=ANSWER),
    line("call", "behave-plainly", "--json", QUIET, stdout=ANSWER),
    line("call", "--json", QUIET, "behave", stdout=ANSWER),
    line("list_accounts", "--json", LIST_ONE, stdout=ONE_ACCOUNT),
    line("list-accounts", "--fail", "--json", LIST_ONE, stdout=ONE_ACCOUNT),
    line("behave", "--json", "-", stdin=QUIET.encode(), stdout=ANSWER),
    line("behave", "--json=-", stdin=b"\xef\xbb\xbf" + QUIET.encode() + b"\r\n", stdout=ANSWER),
    line("behave", "--json-file", "request.json", file=QUIET.encode(), stdout=ANSWER),
    line(
        "behave", "--json-file=request.json", file=b"\xef\xbb\xbf" + QUIET.encode(), stdout=ANSWER
    ),
    line("behave", "--json", behaving("quiet", "ünïcödé ✓"), stdout=behaved("quiet", "ünïcödé ✓")),
    line("behave", "--json", REFUSE, stdout=REFUSAL),
    line("behave", "--json", REFUSE, "--fail", stdout=REFUSAL, code=1),
    line("behave", "--fail", "--json", QUIET, stdout=ANSWER),
    line("info", stdout=starts_with('{"response":{"app_id":"odd",')),
    line("info", "--json", "{}", stdout=starts_with('{"response":{"app_id":"odd",')),
    line("call", "info", stdout=starts_with('{"response":{"app_id":"odd",')),
    line("--log-level", "ERROR", "behave", "--json", behaving("log"), stdout=behaved("log")),
    line(
        "--log-level",
        "info",
        "behave",
        "--json",
        behaving("log"),
        stdout=behaved("log"),
        stderr=("unheard", "heard"),
    ),
    line("--version", stdout="odd-connector 0.1.0\n"),
    line("--help", stdout=says("Usage", "list_accounts", "behave", "For tests.")),
    line("behave", "--help", stdout=says("Usage", "--json", "Do something")),
    line(
        "dev",
        "greet",
        "--loud",
        "hello",
        stdin=b"Ada\n",
        stdout="Name? odd --loud hello Ada\n",
        code=3,
    ),
    line("hacking", "--help", stdout=says("http-server", "greet", "Ask for a name")),
    line("call", "--help", stdout=says("Usage", "NAME")),
]

WRONG = [
    line(code=2, stderr=("Usage",)),
    line("no_such_thing", code=2, stderr=("no_such_thing",)),
    line("no_such_thing", "--json", "{}", code=2, stderr=("no_such_thing",)),
    line("create_account", "--json", "{}", code=2, stderr=("create_account",)),
    line("call", code=2, stderr=("NAME",)),
    line("call", "no_such_thing", "--json", "{}", code=2, stderr=("list_accounts",)),
    line("", code=2, stderr=("no command",)),
    line(f'{{"api_key":"{SECRET}"}}', code=2, stderr=("no command",)),
    line("behave", code=2, stderr=("--json TEXT", "--json-file PATH")),
    line("behave", "--json", code=2, stderr=("--json",)),
    line("behave", "--jsn", QUIET, code=2, stderr=("--jsn",)),
    line("behave", QUIET, code=2, stderr=("unexpected", "--json")),
    line("behave", behaving("quiet", SECRET), code=2, stderr=("unexpected", "--json")),
    line("behave", "--fail", "--json", QUIET, SECRET, code=2, stderr=("unexpected",)),
    line("behave", "--fail=1", "--json", QUIET, code=2, stderr=("--fail",)),
    line("behave", "--json", QUIET, "--json-file", "request.json", code=2, stderr=("not both",)),
    line("behave", "--json-file", "missing.json", code=2, stderr=("missing.json", "No such file")),
    line("behave", "--json-file", ".", code=2, stderr=("--json-file", "directory")),
    line("behave", "--json-file", behaving("quiet", SECRET), code=2, stderr=("what was given",)),
    line(
        "behave",
        "--json",
        QUIET,
        "--result-file-path",
        "no/such/dir.gz",
        code=2,
        stderr=("no/such/dir.gz", "No such file"),
    ),
    line(
        "behave", "--json", QUIET, "--result-file-path", ".", code=2, stderr=("--result-file-path",)
    ),
    line(
        "behave",
        "--json",
        QUIET,
        "--result-file-path",
        "/dev/null",
        code=2,
        stderr=("is not a file",),
    ),
    line("--log-level", "LOUD", "behave", "--json", QUIET, code=2, stderr=("LOUD", "warning")),
    line("--log-level", code=2, stderr=("--log-level",)),
    *(
        line(*words, code=2, stderr=("--json TEXT",))
        for request in [behaving("quiet", SECRET)]
        for words in [
            ("behave", f"--json{request}"),
            ("behave", f"--{request}"),
            ("behave", "--log-level", request),
            ("--log-level", request, "behave"),
            (f"--json{request}", "behave"),
            ("dev", f"--json{request}"),
            ("worker", f"--json{request}"),
        ]
    ),
]

ODD = [
    line("behave", "--json", "{", stdout=bad_request),
    line("behave", "--json", "", stdout=bad_request),
    line("behave", "--json", "[]", stdout=bad_request),
    line("behave", "--json", "null", stdout=bad_request),
    line("behave", "--json", "-", stdout=bad_request),
    line("behave", "--json", "-", stdin=b"\xff\xfe\x00", stdout=bad_request),
    line("behave", "--json-file", "request.json", file=b"", stdout=bad_request),
    line("info", "--json", "7", stdout=bad_request),
    line("behave", "--json", "{", "--json", QUIET, stdout=ANSWER),
    line("behave", "--json", '{"request":' + "[" * 5000 + "]" * 5000 + "}", stdout=bad_request),
    line("behave", "--json-file", "/dev/null", stdout=bad_request),
    line("behave", "--json", "-x", stdout=bad_request),
]

SPOILING = [
    behave("print", "printed"),
    behave("print", "printed", plainly=True),
    behave("print_unflushed", "no end of line"),
    behave("write_fd", "written"),
    behave("write_dunder", "written"),
    behave("write_from_c", "from C"),
    behave("child", "from a child"),
    behave("child", "from a child", plainly=True),
    behave("fork", "stdout is closed"),
    behave("log", "heard"),
    behave("log_root", "heard at the root"),
    behave("warn", "look out"),
    behave("read_stdin"),
    behave("close_stdout"),
    behave("close_fd"),
    behave("close_stderr"),
    behave("close_stderr_and_log", "still heard"),
    behave("close_fd_of_stderr_and_log"),
    behave("no_stdout"),
    behave("thread"),
    behave("thread", plainly=True),
    behave("fail_in_thread", "ValueError"),
    behave("fail_unraisably", "ValueError"),
    behave("exit", "ended the call", "SystemExit(7)", stdout="", code=1),
    behave("exit", "ended the call", "SystemExit(7)", plainly=True, stdout="", code=1),
    line(
        "behave",
        "--json",
        behaving("raise"),
        environment={"ODD_LETS_ERRORS_THROUGH": "1"},
        code=1,
        stderr=("Traceback", "ValueError"),
    ),
    line(
        "behave",
        "--json",
        behaving("log"),
        environment={"CONNECTOR_LOG_LEVEL": "error"},
        stdout=behaved("log"),
    ),
    line(
        "behave",
        "--json",
        QUIET,
        environment={"CONNECTOR_LOG_LEVEL": "LOUD"},
        stdout=ANSWER,
        stderr=("CONNECTOR_LOG_LEVEL", "LOUD"),
    ),
]

SECRETS = [
    line(
        "behave",
        "--json",
        behaving(how, SECRET, settings={"api_key": SECRET}),
        stdout=behaved(how, SECRET),
        stderr=("***", "ValueError"),
    )
    for how in ("log_secret", "fail_in_thread", "fail_unraisably")
]
SECRETS.append(
    line(
        "behave",
        "--json",
        behaving("raise", SECRET, settings={"api_key": SECRET}),
        environment={"ODD_LETS_ERRORS_THROUGH": "1"},
        code=1,
        stderr=("Traceback", "ValueError: ***"),
    )
)


def name_of(number: int, each: Line) -> str:
    """How the list of tests names a line: its number and its words, shortened."""
    return " ".join([str(number), *(word[:36] for word in each.words)])


def check(each: Line, run: Callable[..., Any], directory: Path, **how: Any) -> None:
    """Run a line and compare all that it left with what it should leave."""
    if each.file is not None:
        (directory / "request.json").write_bytes(each.file)

    ended = run(*each.words, stdin=each.stdin, environment=each.environment, **how)
    assert each.code == ended.code, ended.stderr
    if callable(each.stdout):
        assert each.stdout(ended.stdout), ended.stdout
    else:
        assert each.stdout == ended.stdout

    assert [] == [text for text in each.stderr if text not in ended.stderr], ended.stderr
    assert SECRET not in ended.stderr
    if not each.stderr:
        assert "" == ended.stderr


READ_BY_TYPER = [*RIGHT, *WRONG, *ODD]
TABLE = [*READ_BY_TYPER, *SPOILING, *SECRETS]
NAMES = [name_of(number, each) for number, each in enumerate(TABLE)]


@parametrize(each=TABLE[: len(RIGHT)], ids=NAMES[: len(RIGHT)])
def test_a_right_command_line(each: Line, forked: Callable[..., Any], tmp_path: Path) -> None:
    """What a command line prints and its exit code are exactly those of the table."""
    check(each, forked, tmp_path)


@pytest.mark.slow
@parametrize(each=TABLE[len(RIGHT) :], ids=NAMES[len(RIGHT) :])
def test_another_command_line(each: Line, forked: Callable[..., Any], tmp_path: Path) -> None:
    """So are those of a wrong or odd one, and of a capability that does what it should not."""
    check(each, forked, tmp_path)


@pytest.mark.slow
@parametrize(each=READ_BY_TYPER, ids=NAMES[: len(READ_BY_TYPER)])
def test_a_command_line_read_by_typer(
    each: Line, forked: Callable[..., Any], tmp_path: Path
) -> None:
    """Typer comes to the same as the recogniser of plain calls."""
    check(each, forked, tmp_path, typer_only=True)


@pytest.mark.slow
@parametrize(each=TABLE, ids=NAMES)
def test_a_command_line_from_nothing(
    each: Line, started: Callable[..., Any], tmp_path: Path
) -> None:
    """A process that starts from nothing comes to the same."""
    check(each, started, tmp_path)


@parametrize(words=["dev", "dev http-server", "dev greet --help", "hacking greet"])
def test_a_compiled_connector_says_why_it_has_no_developer_commands(
    words: str, forked: Callable[..., Any]
) -> None:
    """Neither our own nor a module's: both are refused in the same words."""
    ended = forked(*words.split(), frozen=True)
    assert (2, "") == (ended.code, ended.stdout)
    said = " ".join(re.sub(r"[│╭╮╰╯─]", "", ended.stderr).split())
    word, *_ = words.split()
    assert f"{word} is for developers, and a compiled connector comes without" in said


def test_a_compiled_connector_shows_no_developer_commands(forked: Callable[..., Any]) -> None:
    """Its help has the worker, and no `dev`."""
    ended = forked("--help", frozen=True)
    assert {"worker"} == {"dev", "hacking", "worker"} & set(ended.stdout.split())
