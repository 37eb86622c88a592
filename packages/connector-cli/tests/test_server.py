"""The HTTP server: what it answers, whom, and how it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_cli.server import _listen

pytestmark = pytest.mark.slow  # its tests start servers

Start = Callable[..., AbstractContextManager[Any]]

MAIN = Path(__file__).parent / "odd_main.py"
PATIENCE = 60
"""Seconds. A server that takes longer is stuck."""


@pytest.fixture
def server(start: Start) -> Iterator[Any]:
    """A server without any options."""
    with start() as running:
        yield running


def behaving(how: str, text: str = "", **more: Any) -> dict[str, Any]:
    """A request to behave in a way."""
    return {"request": {"how": how, "text": text}, **more}


def whole(size: int) -> bytes:
    """A body whose size is announced."""
    return b"x" * size


def in_pieces(size: int) -> Iterator[bytes]:
    """A body that is sent in chunks, without a word of its size."""
    for at in range(0, size, 65536):
        yield b"x" * min(65536, size - at)


def listing(size: int) -> bytes:
    """A whole HTTP request to list so many accounts."""
    asked = {"request": {}, "settings": {"accounts": size}, "page": {"size": size}}
    body = json.dumps(asked).encode()
    head = f"POST /list_accounts HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


class TestCapabilities:
    """`POST /<capability>`."""

    def test_the_reply_is_what_dispatch_answers(
        self, server: Any, forked: Callable[..., Any]
    ) -> None:
        """It is the same text that the command line prints, as JSON, with the status 200."""
        reply = server.client.post("/list_accounts", json={"request": {}})
        assert (200, "application/json") == (reply.status_code, reply.headers["content-type"])
        assert forked("list_accounts", "--json", '{"request":{}}').stdout == f"{reply.text}\n"

    @parametrize(
        "path, body, error_code",
        [
            ("/behave", b'{"request":{"how":"refuse"}}', "api_error"),
            ("/behave", b"{", "bad_request"),
            ("/behave", b"", "bad_request"),
            ("/behave", b"\xff", "bad_request"),
            ("/nothing", b"{}", "not_implemented"),
            ("/create_account", b"{}", "not_implemented"),
            ("/docs", b"{}", "not_implemented"),
            ("/behave", b'{"request":{"how":"exit"}}', "internal_error"),
            ("/behave", b'{"request":{"how":"exit_in_task"}}', "internal_error"),
            ("/behave", b'{"request":{"how":"cancel_itself"}}', "internal_error"),
            ("/behave", b'{"request":{"how":"interrupt"}}', "internal_error"),
            ("/behave_plainly", b'{"request":{"how":"exit"}}', "internal_error"),
        ],
        ids=str,
    )
    def test_an_error_reply_has_the_status_200_too(
        self, server: Any, path: str, body: bytes, error_code: str
    ) -> None:
        """Whatever is wrong is said in the reply, and the server goes on."""
        reply = server.client.post(path, content=body)
        assert (200, error_code) == (reply.status_code, reply.json()["error"]["error_code"])

    def test_hyphens_stand_for_underscores(self, server: Any) -> None:
        """A capability is found by either spelling, as on the command line."""
        assert "response" in server.client.post("/list-accounts", json={"request": {}}).json()

    def test_a_reply_comes_in_one_piece(self, server: Any) -> None:
        """Head and body are sent together; a large reply is whole, and the next one, too."""
        url = server.client.base_url
        with socket.create_connection((url.host, url.port or 80), timeout=PATIENCE) as connection:
            connection.sendall(listing(1))
            head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
            assert f"content-length: {len(body)}".encode() in head
            for size in (3000, 2):
                connection.sendall(listing(size))
                response = HTTPResponse(connection)
                response.begin()
                assert size == len(json.loads(response.read())["response"])

    @parametrize(method=["GET", "POST"])
    def test_info_can_be_read_and_called(self, server: Any, method: str) -> None:
        """GET and POST give the same document."""
        assert "odd" == server.client.request(method, "/info").json()["response"]["app_id"]

    def test_a_call_that_cancels_itself_at_last_has_its_reply(self, server: Any) -> None:
        """All of it, although it is larger than what is sent in one piece."""
        text = "x" * 5_000_000
        body = behaving("cancel_itself_last", text)
        assert text == server.client.post("/behave", json=body).json()["response"]["text"]

    def test_what_connector_code_prints_stays_out_of_replies(self, server: Any) -> None:
        """It goes to stderr."""
        reply = server.client.post("/behave", json=behaving("write_fd")).json()
        assert "write_fd" == reply["response"]["how"]

    def test_tenants_do_not_see_each_other(self, server: Any) -> None:
        """Of 200 requests, 20 at a time, each gets its own reply and a context of its own."""

        def ask(number: int) -> Any:
            how = "remember" if number % 2 else "block"
            text = str(number) if how == "remember" else f"0.00{number}"
            path = "/behave" if number % 3 else "/behave_plainly"
            return server.client.post(path, json=behaving(how, text)).json()["response"]["text"]

        with ThreadPoolExecutor(20) as pool:
            texts = list(pool.map(ask, range(200)))

        assert ["nothing" if number % 2 else f"0.00{number}" for number in range(200)] == texts


class TestOtherRoutes:
    """What there is besides capabilities."""

    def test_healthz_says_that_it_is_up(self, server: Any) -> None:
        """The status is 200."""
        assert 200 == server.client.get("/healthz").status_code

    def test_the_document_lists_the_capabilities(self, server: Any) -> None:
        """It is OpenAPI 3.1, with a path for each capability."""
        document = server.client.get("/openapi.json").json()
        assert document["openapi"].startswith("3.1")
        assert {"/info", "/behave", "/list_accounts"} <= document["paths"].keys()

    def test_the_page_and_all_that_it_loads_are_its_own(self, server: Any) -> None:
        """Every address in the page is a path of this server, and is answered."""
        page = server.client.get("/docs")
        addresses = set(re.findall(r'(?:href|src)="([^"]*)"', page.text))
        assert {"/docs/page.css", "/docs/page.js", "/openapi.json"} == addresses
        assert {200} == {server.client.get(each).status_code for each in addresses}
        assert "default-src 'none'" in page.headers["content-security-policy"]

    def test_the_root_leads_to_the_page(self, server: Any) -> None:
        """Who opens the address alone sees the page."""
        assert "/docs" == server.client.get("/").headers["location"]

    @parametrize(
        "method, path, status",
        [
            ("GET", "/list_accounts", 405),
            ("PUT", "/list_accounts", 405),
            ("GET", "/no/such/path", 404),
            ("POST", "/list_accounts/", 404),
            ("OPTIONS", "/list_accounts", 405),
        ],
    )
    def test_what_is_not_there_is_an_error_reply(
        self, server: Any, method: str, path: str, status: int
    ) -> None:
        """It has the status that HTTP has for it, and the form of every error reply."""
        reply = server.client.request(method, path)
        assert (status, status) == (reply.status_code, reply.json()["error"]["status_code"])


class TestDoor:
    """Who comes in."""

    @parametrize(
        "host, status",
        [
            ("localhost", 200),
            ("LOCALHOST:8000", 200),
            ("127.0.0.1:1", 200),
            ("[::1]:8000", 200),
            ("evil.example", 421),
            ("evil.example:8000", 421),
            ("localhost.evil.example", 421),
            ("10.0.0.1", 421),
            ("", 421),
            ("[::1", 421),
        ],
    )
    def test_only_expected_names_are_answered(self, server: Any, host: str, status: int) -> None:
        """A page that made its name stand for this address (DNS rebinding) gets nothing."""
        assert status == server.client.get("/info", headers={"host": host}).status_code

    @parametrize(
        "origin, status",
        [
            ("http://localhost:1", 200),
            ("http://localhost:2", 403),
            ("null", 403),
            ("x", 403),
            ("http://[::", 403),
        ],
    )
    def test_pages_of_other_origins_are_not_answered(
        self, server: Any, origin: str, status: int
    ) -> None:
        """A browser names the page that asks, and only the server's own may."""
        headers = {"host": "localhost:1", "origin": origin}
        assert status == server.client.post("/info", headers=headers).status_code

    def test_more_names_can_be_allowed(self, start: Start) -> None:
        """`--allow-host` adds one; others are still not answered."""
        with start("--allow-host", "connectors.example") as running:
            allowed = running.client.get("/info", headers={"host": "Connectors.example:80"})
            other = running.client.get("/info", headers={"host": "evil.example"})
            assert (200, 421) == (allowed.status_code, other.status_code)

    def test_all_addresses_can_be_used_where_it_listens_on_all(self, start: Start) -> None:
        """On 0.0.0.0 any IP address is expected, and still no other name."""
        with start("--host", "0.0.0.0") as running:
            port = running.client.base_url.port
            url = f"http://127.0.0.1:{port}/info"
            found = [
                httpx.get(url, headers={"host": host}, trust_env=False).status_code
                for host in ("10.0.0.1", "[fe80::1]:8000", "evil.example")
            ]
            assert [200, 200, 421] == found

    @parametrize(how=["environment", "file"])
    def test_a_token_can_be_asked_for(self, start: Start, tmp_path: Path, how: str) -> None:
        """Without it nothing is answered but the page and the health; it is in no log."""
        (tmp_path / "token").write_text("a-very-long-token\n", encoding="utf-8")
        words = ["--token-file", "token"] if how == "file" else []
        environment = {"CONNECTOR_HTTP_TOKEN": "a-very-long-token"} if how != "file" else {}
        with start(*words, environment=environment) as running:
            get = running.client.get
            assert [401, 401, 200, 200] == [
                get(path).status_code for path in ("/info", "/openapi.json", "/healthz", "/docs")
            ]
            for wrong in ("Bearer wrong", "Basic a-very-long-token", "Bearer", "Bearer \xff"):
                headers = [(b"authorization", wrong.encode("latin-1"))]
                assert 401 == get("/info", headers=headers).status_code

            right = get("/info", headers={"authorization": "bearer a-very-long-token"})
            assert 200 == right.status_code
            assert "a-very-long-token" not in running.end()

    @parametrize(send=[whole, in_pieces])
    def test_a_body_over_the_limit_is_refused(
        self, start: Start, send: Callable[[int], Any]
    ) -> None:
        """413, whether its size is announced or not; just under the limit it is answered."""
        with start("--max-body", "1") as running:
            sizes = [1024 * 1024, 1024 * 1024 + 1, 1024 * 1024 * 5]
            replies = [running.client.post("/behave", content=send(size)) for size in sizes]
            assert [200, 413, 413] == [reply.status_code for reply in replies]
            assert "--max-body" in replies[1].json()["error"]["message"]

    def test_the_limit_is_32_mebibytes_by_default(self, server: Any) -> None:
        """A larger body is 413."""
        reply = server.client.post("/behave", content=b"x" * (32 * 1024 * 1024 + 1))
        assert 413 == reply.status_code

    def test_a_client_that_asks_first_sends_nothing(self, server: Any) -> None:
        """`Expect: 100-continue` with too large a body is answered before the body comes."""
        url = server.client.base_url
        with socket.create_connection((url.host, url.port or 80), timeout=PATIENCE) as connection:
            connection.sendall(
                b"POST /behave HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n"
                b"Expect: 100-continue\r\n\r\n"
            )
            assert connection.recv(100).startswith(b"HTTP/1.1 413")


class TestRequestIds:
    """Ids, and what the log says."""

    def test_every_request_is_in_the_access_log(self, start: Start) -> None:
        """Method, path without its query, status, time, and the id that the reply bears."""
        with start() as running:
            mine = running.client.get("/info?secret=1", headers={"x-request-id": "mine-1"})
            given = running.client.get("/healthz").headers["x-request-id"]
            odd = running.client.get("/healthz", headers={"x-request-id": "a b[2J"})
            log = running.end()

        assert "mine-1" == mine.headers["x-request-id"]
        assert re.search(r"INFO connector_cli.access \[mine-1\] GET /info 200 \d+ ms\n", log)
        assert f"[{given}] GET /healthz 200" in log
        assert re.fullmatch("[0-9a-f]{16}", odd.headers["x-request-id"])
        assert "secret" not in log

    def test_logs_bear_the_id_and_hide_secrets(self, start: Start) -> None:
        """Records of the connector's code have their request's id, and show no secret."""
        with start() as running:

            def ask(number: int) -> None:
                key = f"s3cret-key-{number}"
                body = behaving("log_secret", key, settings={"api_key": key})
                running.client.post("/behave", json=body, headers={"x-request-id": f"id-{number}"})

            with ThreadPoolExecutor(8) as pool:
                list(pool.map(ask, range(8)))

            log = running.end()

        assert [f"[id-{number}] the key is ***" in log for number in range(8)] == [True] * 8
        assert "s3cret" not in log

    def test_an_uncaught_error_is_logged_without_its_secrets(self, start: Start) -> None:
        """With handle_errors=False the reply says internal_error, and the log what happened."""
        with start(environment={"ODD_LETS_ERRORS_THROUGH": "1"}) as running:
            body = behaving("raise", "s3cret-key", settings={"api_key": "s3cret-key"})
            reply = running.client.post("/behave", json=body).json()
            log = running.end()

        assert "internal_error" == reply["error"]["error_code"]
        assert "ValueError: ***" in log
        assert "s3cret" not in log + json.dumps(reply)


class TestEnd:
    """How a server starts and ends."""

    def test_sigterm_lets_a_request_finish(self, start: Start) -> None:
        """What is being answered is answered; then the exit code is 0."""
        with start() as running, ThreadPoolExecutor(1) as pool:
            body = behaving("say_then_block", "0.5")
            reply = pool.submit(running.client.post, "/behave_plainly", json=body)
            running.log.wait_for("blocking")
            running.end()
            assert "0.5" == reply.result().json()["response"]["text"]

    def test_sigterm_ends_a_call_that_goes_on(self, start: Start) -> None:
        """After the grace time it gets an error reply, and a half-sent request no answer."""
        with start() as running, ThreadPoolExecutor(1) as pool, running.dial() as half:
            half.sendall(b"POST /behave HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")
            body = behaving("say_then_block", "50")
            reply = pool.submit(running.client.post, "/behave_plainly", json=body)
            running.log.wait_for("blocking")
            log = running.end()
            assert 200 == reply.result().status_code
            error = reply.result().json()["error"]
            assert b"" == half.recv(1000)

        assert "internal_error" == error["error_code"]
        assert "the process ended before the call was done" == error["message"]
        assert "Traceback" not in log

    def test_ctrl_c_ends_it_at_once(self, start: Start) -> None:
        """The exit code is 130, although a function blocks, and there is no traceback."""
        with start() as running, ThreadPoolExecutor(1) as pool:
            reply = pool.submit(
                running.client.post, "/behave_plainly", json=behaving("say_and_block")
            )
            running.log.wait_for("blocking")
            running.process.send_signal(signal.SIGINT)
            assert 130 == running.process.wait()
            assert isinstance(reply.exception(), httpx.TransportError)

        assert "Traceback" not in running.log.text

    def test_an_address_in_use_is_said(self, server: Any, forked: Callable[..., Any]) -> None:
        """The exit code is 1, and the message says what to do."""
        ended = forked("dev", "http-server", "--port", str(server.client.base_url.port))
        assert (1, "") == (ended.code, ended.stdout)
        assert "Address already in use" in ended.stderr
        assert "--port" in ended.stderr

    @parametrize(
        "words",
        [
            ("dev", "http-server", "--port", "65536"),
            ("dev", "http-server", "--token-file", "missing"),
            ("dev", "http-server", "--token-file", "/dev/null"),
            ("hacking", "http-server", "--max-body", "0"),
            ("dev", "no-such-command"),
            ("dev",),
        ],
        ids=" ".join,
    )
    def test_wrong_words_are_a_mistake(
        self, forked: Callable[..., Any], words: tuple[str, ...]
    ) -> None:
        """The exit code is 2."""
        assert 2 == forked(*words).code

    def test_hacking_is_another_name_for_dev(self, forked: Callable[..., Any]) -> None:
        """It has the same commands."""
        ended = forked("hacking", "http-server", "--help")
        assert 0 == ended.code
        assert "--reload" in ended.stdout


def test_reload_starts_again_when_the_code_changes(tmp_path: Path) -> None:
    """A change of the connector's file is answered by the new code, and SIGTERM ends both."""
    program = tmp_path / "changing.py"
    source = (MAIN.parent / "odd_connector.py").read_text(encoding="utf-8")
    program.write_text(source, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]

    def version(expected: str) -> bool:
        try:
            reply = httpx.get(f"http://127.0.0.1:{port}/info", trust_env=False).json()
        except httpx.TransportError:
            return False

        return bool(expected == reply["response"]["version"])

    words = [str(program), "dev", "http-server", "--reload", "--port", str(port)]
    with subprocess.Popen([sys.executable, *words], cwd=tmp_path) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        while not version("0.1.0"):
            assert process.poll() is None

        program.write_text(source.replace('"0.1.0"', '"0.2.0"'), encoding="utf-8")
        while not version("0.2.0"):
            assert process.poll() is None

        process.terminate()
        assert 0 == process.wait(PATIENCE)
        watchdog.cancel()

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/info", trust_env=False)


def test_a_reply_is_sent_at_once() -> None:
    """Its connection does not hold small pieces back (TCP_NODELAY), on which clients would wait."""
    with (
        _listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_missing_extra_is_said(tmp_path: Path) -> None:
    """Without Starlette the other commands work, and this one says what to install."""
    (tmp_path / "starlette.py").write_text(
        "raise ModuleNotFoundError('No module named starlette', name='starlette')\n"
    )
    ended = subprocess.run(
        [sys.executable, str(MAIN), "dev", "http-server", "--port", "0"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        timeout=PATIENCE,
    )
    assert (1, "") == (ended.returncode, ended.stdout)
    assert "pip install 'connector-cli[server]'" in ended.stderr
    assert "Traceback" not in ended.stderr
