"""`connector agent run`: bundles checked, unpacked and started as on the customer's premises."""

import json
import os
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_cli.bundling.archive import SUFFIX, ZIP_EPOCH, write_archive
from connector_cli.bundling.metadata import METADATA, Metadata, digest_path

pytestmark = pytest.mark.slow  # its tests start processes

SCRIPT = """
import json, os, signal, subprocess, sys

NAME = sys.argv[1]
REQUEST = sys.stdin.read()
INFO = {"app_id": "acme", "version": "1.0", "capabilities": ["list_accounts", "delete_account"]}


def reply(response):
    print(json.dumps({"response": response, "raw_data": None, "page": None}))


def hang():
    code = "import signal, sys; held = open(sys.argv[1], 'w'); signal.pause()"
    subprocess.Popen([sys.executable, "-c", code, json.loads(REQUEST)["fifo"]])
    signal.pause()


WAYS = {
    "info": lambda: reply(INFO),
    "told": lambda: reply({"words": sys.argv[1:], "stdin": REQUEST}),
    "where": lambda: reply({"folder": os.getcwd(), "mode": os.stat(".").st_mode & 0o777}),
    "error": lambda: print('{"is_error": true, "error": {"error_code": "rate_limit"}}'),
    "hang": hang,
    "nothing": lambda: None,
    "words": lambda: print("I have no JSON"),
    "number": lambda: print("17"),
    "two_lines": lambda: print("{}\\\\n{}"),
    "half_a_line": lambda: print("{}", end=""),
    "latin": lambda: sys.stdout.buffer.write(b'{"name": "\\\\xfc"}\\\\n'),
    "refuse": lambda: sys.exit("this is why"),
    "misuse": lambda: sys.exit(2),
    "real_time": lambda: os.kill(os.getpid(), signal.SIGRTMIN + 3),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
}
WAYS[NAME]()
""".replace("\\\\", "\\")
LEAVES_A_CHILD = """
import os, sys, time

writing = os.open(%r, os.O_WRONLY)
if os.fork() == 0:
    os.dup2(writing, 2)  # or the test would wait for it
    if %r == "nothing":
        os.dup2(writing, 1)

    time.sleep(100)

print('{"response": {"app_id": "acme", "version": "1.0", "capabilities": []}}')
"""
MakeBundle = Callable[..., Path]
Run = Callable[..., Any]


@pytest.fixture
def agent(forked: Run) -> Run:
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


@pytest.fixture
def make_bundle(tmp_path: Path) -> Callable[..., Path]:
    """A bundle whose program is a Python script."""

    def make(
        script: str, *, app_id: str = "acme", version: str = "1.0", metadata: str = ""
    ) -> Path:
        folder = tmp_path / f"{app_id} as a folder"
        (folder / "_internal").mkdir(parents=True)
        (folder / "main").write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
        (folder / "main").chmod(0o755)
        about = Metadata(app_id, version)
        (folder / METADATA).write_text(metadata or about.text(), encoding="utf-8")
        archive = tmp_path / f"{about.name}{SUFFIX}"
        write_archive(folder, archive, epoch=ZIP_EPOCH)
        return archive

    return make


@pytest.fixture
def bundle(make_bundle: MakeBundle) -> Path:
    """A bundle whose program does what its capability's name says."""
    return make_bundle(SCRIPT)


def once(agent: Run, bundle: Path, capability: str, **request: str) -> Any:
    """Let the agent call a capability of a bundle."""
    words = [bundle, "--once", capability, "--json", "-", "--timeout", "20"]
    return agent(*words, stdin=json.dumps(request))


def test_it_shows_what_it_found(agent: Run, bundle: Path) -> None:
    """A table with a line a bundle, on stdout."""
    ended = agent(bundle)
    heading, _, line = ended.stdout.splitlines()
    columns = ["bundle", "state", "app_id", "version", "took", "cpu", "capabilities"]
    assert (0, "", columns) == (ended.code, ended.stderr, heading.split())
    assert [bundle.name, "ready", "acme_on_prem", "1.0"] == line.split()[:4]
    assert ["list_accounts", "delete_account"] == line.split()[-2:]


def test_a_call_gets_its_request_on_stdin(agent: Run, bundle: Path) -> None:
    """Where no other user sees its secrets; the words are the same for every call."""
    ended = once(agent, bundle, "told", password="hush")
    response = json.loads(ended.stdout)["response"]
    assert {"words": ["told", "--json", "-"], "stdin": '{"password": "hush"}'} == response


def test_with_a_call_only_the_replies_are_on_stdout(agent: Run, bundle: Path) -> None:
    """A line a bundle, an error reply too; the table is on stderr and names its code."""
    ended = agent(bundle, bundle, "--once", "error", "--json", "{}")
    reply = '{"is_error": true, "error": {"error_code": "rate_limit"}}\n'
    assert (0, 2 * reply) == (ended.code, ended.stdout)
    assert 2 == ended.stderr.count("error: rate_limit")


def test_a_bundle_is_unpacked_where_only_its_user_can_look(agent: Run, bundle: Path) -> None:
    """The connector runs in this folder, and it is gone afterwards."""
    response = json.loads(once(agent, bundle, "where").stdout)["response"]
    assert 0o700 == response["mode"]
    assert not Path(response["folder"]).exists()


@parametrize(
    "capability, said",
    [
        ("nothing", "stdout is not a line of JSON"),
        ("words", "stdout is not a line of JSON"),
        ("latin", "stdout is not a line of JSON"),
        ("number", "stdout is not one line with a JSON object"),
        ("two_lines", "stdout is not a line of JSON"),
        ("half_a_line", "stdout is not one line with a JSON object"),
        ("refuse", "no reply, but the exit code 1: what it wrote to stderr says why"),
        ("misuse", "no reply, but the exit code 2: it does not know this capability"),
        ("crash", "no reply, but it was killed by SIGSEGV"),
        ("real_time", f"no reply, but it was killed by signal {signal.SIGRTMIN + 3}"),
    ],
)
def test_what_is_no_reply(agent: Run, bundle: Path, capability: str, said: str) -> None:
    """It is said on stderr what came instead, and the exit code is 1."""
    ended = once(agent, bundle, capability)
    assert (1, "") == (ended.code, ended.stdout)
    assert f"{bundle}: {capability}: {said}" in ended.stderr


def test_a_call_that_takes_too_long_is_killed_with_its_children(
    agent: Run, bundle: Path, tmp_path: Path
) -> None:
    """A child would otherwise hold its end of the pipe open."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    request = json.dumps({"fifo": str(fifo)})
    words = ["--once", "hang", "--json", request, "--timeout", "2"]
    ended = agent(bundle, *words)
    assert 1 == ended.code
    assert "hang: no reply within 2 seconds" in ended.stderr
    readable, _, _ = select.select([reading], [], [], 30)
    assert ([reading], b"") == (readable, os.read(reading, 1))
    os.close(reading)


@parametrize("inherited, code", [("stdout", 1), ("nothing", 0)])
def test_children_that_outlive_the_call_are_killed(
    agent: Run, make_bundle: MakeBundle, tmp_path: Path, inherited: str, code: int
) -> None:
    """Whether or not one of them holds stdout open, so that no end of the reply comes."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    ended = agent(make_bundle(LEAVES_A_CHILD % (str(fifo), inherited)), "--timeout", "2")
    assert code == ended.code
    readable, _, _ = select.select([reading], [], [], 30)
    assert ([reading], b"") == (readable, os.read(reading, 1))
    os.close(reading)


def test_an_agent_that_is_told_to_end_leaves_nothing(
    spawn: Run, bundle: Path, tmp_path: Path
) -> None:
    """SIGTERM ends the connector and its children too, and what was unpacked is gone."""
    fifo, temporary = tmp_path / "fifo", tmp_path / "temporary"
    os.mkfifo(fifo)
    temporary.mkdir()
    words = ["--once", "hang", "--json", json.dumps({"fifo": str(fifo)})]
    agent = spawn(
        "agent",
        "run",
        str(bundle),
        *words,
        program="connector",
        environment={"TMPDIR": str(temporary)},
    )
    with fifo.open("rb") as stream:  # opened as soon as the child has opened it too
        assert [] != list(temporary.iterdir())
        agent.send_signal(signal.SIGTERM)
        assert b"" == stream.read()

    assert 128 + signal.SIGTERM == agent.wait()
    assert [] == list(temporary.iterdir())


def test_a_reader_that_is_gone_is_no_failure(spawn: Run, bundle: Path) -> None:
    """`| head` may close the pipe before the reply is written: nobody is told of a failure."""
    words = ["agent", "run", str(bundle), "--once", "told", "--json", "{}"]
    ended = spawn(*words, program="connector", unread=True).communicate()
    assert (0, "") == (ended.code, ended.stderr)


class TestChecks:
    """What is looked at before anything of a bundle runs."""

    def test_another_archive_than_the_digest_is_of(self, agent: Run, bundle: Path) -> None:
        """One byte more, and nothing of it is unpacked."""
        bundle.write_bytes(bundle.read_bytes() + b"\0")
        ended = agent(bundle)
        assert 1 == ended.code
        assert "it is not the archive that its digest is of" in ended.stderr

    def test_a_missing_digest(self, agent: Run, bundle: Path) -> None:
        """The archive is refused without it."""
        digest_path(bundle).unlink()
        ended = agent(bundle)
        assert 1 == ended.code
        assert f"there is no {bundle.name}.sha256 beside it" in ended.stderr

    def test_a_digest_that_is_none(self, agent: Run, bundle: Path) -> None:
        """Such as an empty file."""
        digest_path(bundle).write_text("0123\n")
        ended = agent(bundle)
        assert 1 == ended.code
        assert "does not start with a SHA-256 digest" in ended.stderr

    @parametrize(
        "metadata, said",
        [
            ("[connector", "metadata.toml cannot be read"),
            ("connector = 1", "metadata.toml cannot be read"),
            ('[connector]\nversion = "1.0"', "metadata.toml cannot be read: KeyError('app_id')"),
            ('[connector]\napp_id = "acme"\nversion = "1.0"', "an app_id that ends in _on_prem"),
            ('[connector]\napp_id = "a_on_prem"\nversion = 1.0', "needs a version"),
            ('[connector]\napp_id = "../a_on_prem"\nversion = "1"', "'../a' is not an app id"),
            (
                '[connector]\napp_id = "acme_on_prem"\nversion = "2"',
                "the bundle says it has version 2, and the connector in it 1.0",
            ),
        ],
    )
    def test_metadata_that_does_not_fit(
        self, agent: Run, make_bundle: MakeBundle, metadata: str, said: str
    ) -> None:
        """It is said what is wrong with it."""
        ended = agent(make_bundle(SCRIPT, metadata=metadata))
        assert 1 == ended.code
        assert said in ended.stderr

    def test_another_app_id_than_its_own(self, agent: Run, make_bundle: MakeBundle) -> None:
        """It is a warning: such a connector can be called."""
        ended = agent(make_bundle(SCRIPT, app_id="other"))
        assert 0 == ended.code
        assert "calls itself 'acme', and the bundle says 'other'" in ended.stderr

    def test_info_that_says_too_little(self, agent: Run, make_bundle: MakeBundle) -> None:
        """A connector that only greets is none."""
        ended = agent(make_bundle("print('{\"response\": {}}')"))
        assert 1 == ended.code
        assert "info: the reply lacks some of app_id, version, capabilities" in ended.stderr

    def test_one_bad_bundle_does_not_keep_others_from_being_tried(
        self, agent: Run, bundle: Path
    ) -> None:
        """Each has its line in the table, and the exit code tells that one failed."""
        ended = agent("missing.tar.gz", bundle)
        assert 1 == ended.code
        assert "connector: missing.tar.gz: cannot be read: No such file" in ended.stderr
        assert ["failed", "ready"] == [line.split()[1] for line in ended.stdout.splitlines()[2:]]


@parametrize(
    "words, said",
    [
        ((), "Missing argument 'BUNDLE...'"),
        (("x", "--json", "{}"), "a request needs --once CAPABILITY"),
        (("x", "--once", "list_accounts"), "give the request: --json TEXT"),
        (("x", "--once", "a", "--json", "{}", "--json-file", "x"), "not both"),
        (("x", "--timeout", "0"), "--timeout"),
        (("x", "--timeout", "inf"), "--timeout"),
        (("x", "--timeout", "1e9"), "--timeout"),
    ],
)
def test_wrong_use(agent: Run, words: tuple[str, ...], said: str) -> None:
    """The exit code is 2, and nothing was tried."""
    ended = agent(*words)
    assert (2, "") == (ended.code, ended.stdout)
    assert said in ended.stderr
