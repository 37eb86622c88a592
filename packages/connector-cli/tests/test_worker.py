"""A worker: lines of JSON in, an answer for each out, many calls at the same time."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_cli.lines import LineSplitter
from connector_cli.messages import Cancel, Invalid, Request, parse

pytestmark = pytest.mark.slow  # its tests start processes

PATIENCE = 60
"""Seconds. A worker that takes longer is stuck."""

Work = Callable[..., tuple[list[dict[str, Any]], str]]
Converse = Callable[..., "Conversation"]


MALFORMED = [
    ("nonsense", None, "not JSON"),
    ("[1]", None, "not an object"),
    ("{}", None, "id"),
    ('{"id":true,"capability":"info"}', None, "id"),
    ('{"id":1.5,"capability":"info"}', None, "id"),
    ('{"id":[1],"capability":"info"}', None, "id"),
    ('{"id":7}', 7, "capability"),
    ('{"id":7,"capability":3}', 7, "capability"),
    ('{"id":7,"cancel":"yes"}', 7, "capability"),
    ("[" * 100_000, None, "not JSON"),
]
"""Lines, with the id that their error has, and what it says."""

SPOILERS = [
    "print",
    "print_unflushed",
    "write_fd",
    "write_from_c",
    "child",
    "fork",
    "warn",
    "log",
    "read_stdin",
    "close_stdout",
    "thread",
]
"""What connector code may do without reaching the wire."""

ENDERS = ["exit", "exit_in_task", "interrupt", "cancel_itself"]
"""What connector code may do without ending the worker."""


def call(identity: object, how: str = "quiet", text: str = "", **more: Any) -> str:
    """A line that calls the odd connector, in a thread unless `capability` says otherwise."""
    line = {"id": identity, "capability": "behave_plainly", "request": {"request": {}}}
    line["request"] = {"request": {"how": how, "text": text}, **more.pop("extra", {})}
    return json.dumps(line | more)


def cancel(identity: object) -> str:
    """A line that cancels a call."""
    return json.dumps({"id": identity, "cancel": True})


@pytest.fixture
def work(forked: Callable[..., Any]) -> Work:
    """Give a worker lines and the end of input; return its answers, and its stderr."""

    def give(lines: Iterable[str], *words: str) -> tuple[list[dict[str, Any]], str]:
        ended = forked("worker", *words, stdin="".join(f"{line}\n" for line in lines).encode())
        assert 0 == ended.code, ended.stderr
        return [json.loads(line) for line in ended.stdout.splitlines()], ended.stderr

    return give


def answer(text: str, how: str = "quiet") -> dict[str, Any]:
    """The reply to `call`."""
    return {"response": {"how": how, "text": text}, "raw_data": None, "page": None}


class Conversation:
    """A running worker, and what is said to it line by line."""

    def __init__(self, process: Any) -> None:
        self.process = process

    def say(self, *lines: str) -> None:
        """Send lines."""
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Wait for the next answer."""
        line: dict[str, Any] = json.loads(self.process.stdout.readline())
        return line

    def hear_log(self) -> str:
        """Wait for the next line on stderr."""
        line: str = self.process.stderr.readline()
        return line

    def end(self) -> int:
        """End the input, and return the exit code."""
        self.process.stdin.close()
        code: int = self.process.wait()
        return code


@pytest.fixture
def conversation(spawn: Callable[..., Any]) -> Callable[..., Conversation]:
    """Start a worker to talk with; its options follow."""
    return lambda *words: Conversation(spawn("worker", *words))


class TestAnswers:
    """What is answered to which line."""

    def test_each_request_is_answered_by_its_id(self, work: Work) -> None:
        """Ids may be texts or numbers, and 1 is not "1"."""
        answers, _ = work([call(1, text="number"), call("1", text="text"), call("", text="empty")])
        assert {
            (1, "number"),
            ("1", "text"),
            ("", "empty"),
        } == {(each["id"], each["reply"]["response"]["text"]) for each in answers}
        assert {int, str} == {type(each["id"]) for each in answers}

    def test_the_reply_is_that_of_a_call(self, work: Work) -> None:
        """It is exactly what the command line prints for the same request."""
        answers, _ = work([call(1, text="ü"), call(2, "refuse"), '{"id":3,"capability":"nothing"}'])
        replies = {each["id"]: each["reply"] for each in answers}
        assert answer("ü") == replies[1]
        assert "no more seats" == replies[2]["error"]["message"]
        assert "not_implemented" == replies[3]["error"]["error_code"]

    def test_what_takes_longer_holds_up_nothing(self, conversation: Converse) -> None:
        """A quick call is answered before a slow one that came first."""
        worker = conversation()
        worker.say(call("slow", "block", "30"), call("quick"))
        assert "quick" == worker.hear()["id"]
        worker.say(cancel("slow"))
        assert {"id": "slow", "cancelled": True} == worker.hear()
        assert 0 == worker.end()

    def test_a_malformed_line_is_answered_too(self, work: Work) -> None:
        """Its error says what is wrong, with its id if it has one, and later lines are read."""
        answers, _ = work([*(line for line, _, _ in MALFORMED), call("after")])
        assert "after" in {each["id"] for each in answers}
        errors = [each for each in answers if "error" in each]
        for (line, identity, said), found in zip(MALFORMED, errors, strict=True):
            assert identity == found["id"], line
            assert said in found["error"], line

    def test_a_malformed_line_is_not_quoted(self, work: Work) -> None:
        """What is wrong with a line is said without the line, which can hold a secret."""
        answers, stderr = work(['{"id":1,"request":{"password":"s3cret"', '"s3cret"'])
        assert "s3cret" not in json.dumps(answers) + stderr

    def test_empty_lines_say_nothing(self, work: Work) -> None:
        """They are skipped, and so is white space."""
        assert ([], "") == work(["", "  ", "\t\r"])

    def test_a_line_that_is_too_long_is_refused(self, work: Work) -> None:
        """It is read to its end and dropped; the next line is answered."""
        answers, _ = work([call("long", text="x" * 3_000_000), call("after")], "--max-body", "1")
        assert "longer than 1048576 bytes" in answers[0]["error"]
        assert [None, "after"] == [each["id"] for each in answers]

    def test_the_last_line_needs_no_end(self, forked: Callable[..., Any]) -> None:
        """A line that ends with the input is answered as well."""
        assert 1 == json.loads(forked("worker", stdin=call(1).encode()).stdout)["id"]

    def test_an_id_in_flight_cannot_be_used_again(self, conversation: Converse) -> None:
        """The second request gets an error line, and the first one its reply."""
        worker = conversation()
        worker.say(call(1, "block", "30"), call(1))
        assert "in flight already" in worker.hear()["error"]
        worker.say(cancel(1), call(1, text="again"))
        assert {"id": 1, "cancelled": True} == worker.hear()
        assert {"id": 1, "reply": answer("again")} == worker.hear()

    def test_a_late_cancel_is_not_answered(self, conversation: Converse) -> None:
        """An id has one answer, and what nobody knows has none."""
        worker = conversation()
        worker.say(call(1))
        assert 1 == worker.hear()["id"]
        worker.say(cancel(1), cancel("unknown"), call(2))
        assert 2 == worker.hear()["id"]


class TestConcurrency:
    """`--max-concurrency`."""

    def test_no_more_calls_run_than_allowed(self, conversation: Converse) -> None:
        """Calls beyond the limit wait, and can be cancelled while they do."""
        worker = conversation("--max-concurrency", "1")
        worker.say(call(1, "say_and_block"))
        assert "blocking\n" == worker.hear_log()
        worker.say(call(2, "say_and_block"), cancel(2))
        assert {"id": 2, "cancelled": True} == worker.hear()
        worker.say(call(3, "print", "three"), cancel(1))
        assert {"id": 1, "cancelled": True} == worker.hear()
        assert {"id": 3, "reply": answer("three", "print")} == worker.hear()
        # The second call never ran: the third is the next to be heard of.
        assert "printed three\n" == worker.hear_log()

    def test_a_cancel_is_read_however_many_requests_wait(self, conversation: Converse) -> None:
        """Thousands are behind a call that blocks, and it is cancelled all the same."""
        worker = conversation("--max-concurrency", "1")
        worker.say(call("first", "block", "30"))
        waiting = [call(number) for number in range(5000)]
        sender = threading.Thread(target=worker.say, args=[*waiting, cancel("first")])
        sender.start()
        assert {"id": "first", "cancelled": True} == worker.hear()
        assert list(range(5000)) == [worker.hear()["id"] for _ in range(5000)]
        sender.join()
        assert 0 == worker.end()

    @pytest.mark.skipif(not Path("/proc").exists(), reason="it tells what a process takes")
    def test_nothing_is_kept_of_a_request_that_was_cancelled(self, conversation: Converse) -> None:
        """400 MB of requests that wait for their turn are cancelled, one after another."""
        worker = conversation("--max-concurrency", "1")
        worker.say(call("first", "block", "30"))
        long = "x" * 4_000_000
        for number in range(100):
            worker.say(call(number, text=long), cancel(number))
            assert {"id": number, "cancelled": True} == worker.hear()

        status = Path(f"/proc/{worker.process.pid}/status").read_text(encoding="ascii")
        (taken,) = re.findall(r"VmRSS:\s+(\d+) kB", status)
        worker.say(cancel("first"))
        assert {"id": "first", "cancelled": True} == worker.hear()
        assert 0 == worker.end()
        assert 200_000 > int(taken)

    def test_reading_pauses_when_too_much_is_in_flight(self, conversation: Converse) -> None:
        """Requests of 120 MB are all answered, although so many are not kept at once."""
        worker = conversation("--max-concurrency", "1")
        lines = [call(number, text="x" * 4_000_000) for number in range(30)]
        sender = threading.Thread(target=worker.say, args=lines)
        sender.start()
        assert list(range(30)) == [worker.hear()["id"] for _ in range(30)]
        sender.join()
        assert 0 == worker.end()

    @parametrize(capability=["behave", "behave_plainly", "behave_stubbornly"])
    def test_a_cancelled_call_frees_its_place(self, work: Work, capability: str) -> None:
        """Also when its code blocks, or does not let itself be cancelled."""
        lines = [call(1, "block", "0.2", capability=capability), cancel(1), call(2)]
        answers, _ = work(lines, "--max-concurrency", "1")
        assert {1, 2} == {each["id"] for each in answers}

    def test_ten_thousand_requests(self, conversation: Converse) -> None:
        """With cancels and malformed lines among them, each id is answered once, by its own."""
        check_many(conversation, 10_000)

    def test_a_thousand_requests(self, conversation: Converse) -> None:
        """As the ten thousand of the slow test, but quick."""
        check_many(conversation, 1_000)


def check_many(conversation: Converse, count: int) -> None:
    """Send requests with at most 64 in flight, some cancelled, some lines malformed; check all."""
    chance = random.Random(count)
    room = threading.Semaphore(64)
    answers: list[dict[str, Any]] = []
    malformed = 0
    worker = conversation("--max-concurrency", "64")
    stdout = worker.process.stdout

    def read() -> None:
        for line in stdout:
            answers.append(json.loads(line))
            if answers[-1]["id"] is not None:
                room.release()

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(count):
        assert room.acquire(timeout=PATIENCE)
        capability = chance.choice(["behave", "behave_plainly"])
        how = chance.choice(["quiet", "quiet", "block"])
        text = f"0.00{number}" if how == "block" else str(number)
        worker.say(call(number, how, text, capability=capability))
        if chance.random() < 0.1:
            worker.say(cancel(chance.randint(max(0, number - 3), number)))

        if chance.random() < 0.05:
            worker.say(chance.choice(["nonsense", "[]", '{"id":null}']))
            malformed += 1

    assert 0 == worker.end()
    reader.join(PATIENCE)
    assert malformed == sum(each["id"] is None for each in answers)
    ids = Counter(each["id"] for each in answers if each["id"] is not None)
    assert dict.fromkeys(range(count), 1) == dict(ids)
    replies = [each for each in answers if "reply" in each]
    cancelled = [each for each in answers if "cancelled" in each]
    assert count == len(replies) + len(cancelled)
    assert cancelled
    for each in replies:
        assert str(each["id"]) == each["reply"]["response"]["text"].removeprefix("0.00")


class TestPurity:
    """stdout has answers only, stdin belongs to the worker, and calls do not see each other."""

    @parametrize(capability=["behave", "behave_plainly"])
    def test_connector_code_cannot_reach_the_wire(self, work: Work, capability: str) -> None:
        """Whatever it prints, and whoever reads stdin, each call has its answer and no other."""
        answers, _ = work([call(how, how, capability=capability) for how in SPOILERS])
        assert {how: answer("", how) for how in SPOILERS} == {
            each["id"]: each["reply"] for each in answers
        }
        assert len(SPOILERS) == len(answers)

    @parametrize(capability=["behave", "behave_plainly"])
    def test_connector_code_cannot_end_the_worker(self, work: Work, capability: str) -> None:
        """A call that tries is answered with internal_error, and others are answered."""
        answers, stderr = work(
            [*(call(how, how, capability=capability) for how in ENDERS), call("other")]
        )
        replies = {each["id"]: each["reply"] for each in answers}
        assert answer("") == replies.pop("other")
        codes = {identity: reply["error"]["error_code"] for identity, reply in replies.items()}
        assert dict.fromkeys(ENDERS, "internal_error") == codes
        for how in ENDERS:
            assert f"[{how}] A call ended without a reply" in stderr

    def test_connector_code_cannot_leave_a_call_without_an_answer(self, work: Work) -> None:
        """Not by cancelling every task, those that have not begun and the worker's own included."""
        lines = [call(1, "cancel_others", capability="behave"), call(2), call(3)]
        answers, _ = work([*lines, call(4, "quiet")])
        assert [1, 2, 3, 4] == sorted(each["id"] for each in answers)
        assert answer("", "cancel_others") in [each.get("reply") for each in answers]

    def test_a_call_that_cancels_itself_at_last_has_its_reply(self, work: Work) -> None:
        """There is nothing left of it to cancel."""
        answers, _ = work([call(1, "cancel_itself_last", "done", capability="behave")])
        assert [{"id": 1, "reply": answer("done", "cancel_itself_last")}] == answers

    def test_logs_bear_the_id_and_hide_the_secrets_of_their_call(self, work: Work) -> None:
        """Each record has the id of its request; no secret of any call is shown."""
        keys = [f"s3cret-key-{number}" for number in range(8)]
        _, stderr = work(
            call(f"id-{number}", "log_secret", key, extra={"settings": {"api_key": key}})
            for number, key in enumerate(keys)
        )
        assert [] == [key for key in keys if key in stderr]
        for number in range(8):
            assert f"WARNING odd_connector [id-{number}] the key is ***" in stderr

    def test_one_call_sees_nothing_of_another(self, work: Work) -> None:
        """A context variable that a call sets is unset in the next one."""
        answers, _ = work(
            [call(number, "remember", str(number), capability="behave") for number in (1, 2, 3)],
            "--max-concurrency",
            "1",
        )
        assert ["nothing"] * 3 == [each["reply"]["response"]["text"] for each in answers]


class TestEnd:
    """How a worker ends."""

    def test_the_end_of_input_lets_calls_finish(self, work: Work) -> None:
        """What is in flight is answered, and the exit code is 0."""
        answers, _ = work([call(number, "block", "0.1") for number in range(20)])
        assert set(range(20)) == {each["id"] for each in answers}

    def test_sigterm_lets_calls_finish(self, conversation: Converse) -> None:
        """No more lines are read, what is in flight is answered, and the exit code is 0."""
        worker = conversation()
        worker.say(call(1, "say_then_block", "0.5"))
        assert "blocking\n" == worker.hear_log()
        worker.process.send_signal(signal.SIGTERM)
        assert {"id": 1, "reply": answer("0.5", "say_then_block")} == worker.hear()
        assert "" == worker.process.stdout.read()

        assert 0 == worker.process.wait()

    def test_ctrl_c_ends_it_at_once(self, conversation: Converse) -> None:
        """Calls in flight are abandoned, without a traceback; the exit code is 130."""
        worker = conversation()
        worker.say(call(1, "say_and_block"))
        assert "blocking\n" == worker.hear_log()
        worker.process.send_signal(signal.SIGINT)
        ended = worker.process.communicate()
        assert (130, "", "") == (ended.code, ended.stdout, ended.stderr)

    def test_it_ends_when_nobody_reads_its_answers(self, conversation: Converse) -> None:
        """An agent that is gone needs no worker: no complaint, and the exit code is 0."""
        worker = conversation()
        worker.process.stdout.close()
        worker.say(call(1, "block", "30"), call(2))
        assert "" == worker.process.stderr.read()

        assert 0 == worker.process.wait()

    def test_a_reader_that_is_slow_loses_nothing(self, conversation: Converse) -> None:
        """Answers of 20 MB wait until they are read, while more requests are sent."""
        text = "x" * 1_000_000
        worker = conversation()
        lines = [call(number, text=text) for number in range(20)]
        sender = threading.Thread(target=worker.say, args=lines)
        sender.start()
        ids = {worker.hear()["id"] for _ in range(20)}
        sender.join()
        worker.process.stdin.close()

        assert set(range(20)) == ids
        assert 0 == worker.process.wait()

    def test_answers_that_nobody_reads_yet_hold_up_no_call(self, conversation: Converse) -> None:
        """Many small ones fill the pipe, and later calls run all the same."""
        worker = conversation()
        worker.say(*(call(number, text="x" * 1000) for number in range(400)), call("last", "log"))
        assert "heard" in worker.hear_log()
        assert {*range(400), "last"} == {worker.hear()["id"] for _ in range(401)}
        assert 0 == worker.end()


def start_reading(stdin: IO[Any] | int) -> str:
    """Have a worker of its own process read `stdin` to its end; what it answers."""
    ended = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "odd_main.py"), "worker"],
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return ended.stdout


LINES = "".join(f"{call(number, text=str(number))}\n" for number in range(50)).encode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_answers_that_cannot_be_written_are_no_success() -> None:
    """The exit code is 1, and stderr says why."""
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, str(Path(__file__).parent / "odd_main.py"), "worker"],
            input=LINES.decode(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert (1, True) == (ended.returncode, "No space left on device" in ended.stderr)
    assert "Traceback" not in ended.stderr


def test_a_process_may_have_any_number_of_descriptors() -> None:
    """The pipes' numbers can be above 1023, which `select` does not take."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4096:
        pytest.skip("this system allows fewer")

    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, hard))
    try:
        opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
        ended = subprocess.run(
            [sys.executable, str(Path(__file__).parent / "odd_main.py"), "worker"],
            input=LINES.decode(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
            pass_fds=opened,
        )
        for each in opened:
            os.close(each)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert 50 == len(ended.stdout.splitlines())


class TestSources:
    """What stdin can be: not all of it can be waited for in the same way."""

    def test_a_file(self, tmp_path: Path) -> None:
        """Requests may come from a file, which is always ready."""
        (tmp_path / "lines").write_bytes(LINES)
        with (tmp_path / "lines").open("rb") as file:
            answers = start_reading(file).splitlines()

        assert set(range(50)) == {json.loads(each)["id"] for each in answers}

    def test_nothing(self) -> None:
        """Without any input it ends."""
        assert "" == start_reading(subprocess.DEVNULL)

    def test_a_socket(self) -> None:
        """An agent may speak over a socket."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(LINES)
            ours.shutdown(socket.SHUT_WR)
            answers = start_reading(theirs.fileno()).splitlines()

        assert set(range(50)) == {json.loads(each)["id"] for each in answers}

    @parametrize(blocks=[True, False])
    def test_a_pipe_stays_as_it_is(self, blocks: bool) -> None:
        """Whoever shares it with the worker finds it blocking, or not, as before."""
        reading, writing = os.pipe()
        os.set_blocking(reading, blocks)
        os.write(writing, LINES)
        os.close(writing)
        answers = start_reading(reading).splitlines()
        assert blocks is os.get_blocking(reading)
        os.close(reading)
        assert set(range(50)) == {json.loads(each)["id"] for each in answers}

    def test_a_terminal(self) -> None:
        """A person may type requests, and end with Ctrl-D."""
        pty = pytest.importorskip("pty")
        ours, theirs = pty.openpty()
        os.write(ours, f"{call(1)}\n\x04".encode())
        answers = start_reading(theirs).splitlines()
        os.close(ours)
        os.close(theirs)
        assert [1] == [json.loads(each)["id"] for each in answers]


@given(st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b""))), st.data())
def test_lines_do_not_depend_on_the_pieces_that_they_come_in(
    lines: list[bytes], data: st.DataObject
) -> None:
    """However a text is cut, its lines are the same, and those that are too long are told."""
    text = b"\n".join(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)))))
    splitter = LineSplitter(longest=8)
    found: list[bytes | None] = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        found += splitter.feed(text[start:end])

    found += splitter.end()
    wanted = lines if not lines or lines[-1] else lines[:-1]
    assert [line if len(line) <= 8 else None for line in wanted] == found


@given(
    st.dictionaries(
        st.sampled_from(["id", "capability", "request", "cancel"]),
        st.sampled_from([None, True, False, 0, -1, 10**30, 1.5, "", "1", "list-accounts", [], {}]),
    )
)
def test_every_object_is_a_request_a_cancel_or_invalid(data: dict[str, Any]) -> None:
    """Whatever an object holds, it is read as one of the three, and keeps its id if it has one."""
    message = parse(json.dumps(data).encode())
    assert isinstance(message, Request | Cancel | Invalid)
    if message.id is not None:
        assert data["id"] == message.id
        assert type(data["id"]) is type(message.id)
        assert type(message.id) in (int, str)


@given(st.binary())
def test_every_line_of_bytes_can_be_read(line: bytes) -> None:
    """Bytes that are no JSON are an invalid line, not a failure."""
    assert isinstance(parse(line), Request | Cancel | Invalid)
