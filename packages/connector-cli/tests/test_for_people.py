"""What is shown to people, who asked for it: indented, as a table, all pages, an example."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests start processes

Run = Callable[..., Any]

FIVE = '{"request":{},"settings":{"accounts":5}}'
MAIN = [sys.executable, str(Path(__file__).parent / "odd_main.py")]
ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(*words: str, stream: str = "stdout", **environment: str) -> bytes:
    """What the odd connector shows on a terminal of 80 columns that is its stdout or stderr."""
    if not hasattr(os, "openpty"):
        pytest.skip("this system has no terminals that a test could hold")

    ours, theirs = os.openpty()
    stdout, stderr = (
        theirs if name == stream else subprocess.DEVNULL for name in ("stdout", "stderr")
    )
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    variables = {**kept, "TERM": "xterm-256color", "COLUMNS": "80", **environment}
    with subprocess.Popen([*MAIN, *words], env=variables, stdout=stdout, stderr=stderr) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # the terminal's other side is closed
            pass

    os.close(ours)
    assert 0 == process.returncode
    return shown


class TestAllPages:
    """`--all-pages`."""

    def test_it_prints_a_line_for_each_item_of_each_page(self, forked: Run) -> None:
        """Five accounts on three pages are five lines of compact JSON, in order."""
        ended = forked("list_accounts", "--json", FIVE, "--all-pages")
        assert (0, "") == (ended.code, ended.stderr)
        items = [json.loads(line) for line in ended.stdout.splitlines()]
        assert ["0", "1", "2", "3", "4"] == [each["integration_specific_id"] for each in items]
        assert '{"integration_specific_id":"0","email":"user0@example.com"' in ended.stdout

    def test_it_starts_where_the_request_says(self, forked: Run) -> None:
        """The request's own page and its size are kept."""
        first = json.loads(forked("list_accounts", "--json", FIVE).stdout)
        request = {**json.loads(FIVE), "page": {"token": first["page"]["token"], "size": 1}}
        ended = forked("list_accounts", "--json", json.dumps(request), "--all-pages")
        items = [json.loads(line) for line in ended.stdout.splitlines()]
        assert ["2", "3", "4"] == [each["integration_specific_id"] for each in items]

    def test_an_empty_list_prints_nothing(self, forked: Run) -> None:
        """No item, no line."""
        request = '{"request":{},"settings":{"accounts":0}}'
        ended = forked("list_accounts", "--json", request, "--all-pages")
        assert (0, "", "") == (ended.code, ended.stdout, ended.stderr)

    def test_a_page_that_is_an_error_is_said_and_fails(self, forked: Run) -> None:
        """What came before it is on stdout; stderr says which page, and the exit code is 1."""
        request = '{"request":{},"settings":{"accounts":5,"fails_at":4}}'
        ended = forked("list_accounts", "--json", request, "--all-pages")
        assert (1, 4) == (ended.code, ended.stdout.count("\n"))
        assert "list_accounts, page 3: rate_limit: too many" in ended.stderr

    def test_pages_that_go_round_in_a_circle_end(self, forked: Run) -> None:
        """A token that was followed before is not followed again."""
        request = '{"request":{},"settings":{"accounts":5,"circles":true}}'
        ended = forked("list_accounts", "--json", request, "--all-pages")
        assert 1 == ended.code
        assert "page token before" in ended.stderr

    def test_progress_is_shown_on_a_terminal(self) -> None:
        """It counts pages and items while they come, and is empty at the end."""
        shown = on_terminal("list_accounts", "--json", FIVE, "--all-pages", stream="stderr")
        assert b"list_accounts: 3 pages, 5 items" in shown
        assert shown.endswith(b"\r\x1b[K")


class TestTable:
    """`--table`."""

    def test_a_list_is_a_table(self, forked: Run) -> None:
        """A heading, then a line for each item, without the columns that are empty."""
        ended = forked("list_accounts", "--json", FIVE, "--table")
        assert [
            "integration_specific_id  email",
            "───────────────────────  ─────────────────",
            "0                        user0@example.com",
            "1                        user1@example.com",
        ] == ended.stdout.splitlines()

    def test_all_pages_are_one_table(self, forked: Run) -> None:
        """With `--all-pages` the table has all items."""
        ended = forked("list_accounts", "--json", FIVE, "--table", "--all-pages")
        assert 2 + 5 == len(ended.stdout.splitlines())

    def test_it_fits_the_terminal(self) -> None:
        """On a terminal of 80 columns no line is longer, whatever has to be cut."""
        request = json.dumps({"request": {}, "settings": {"long": True}})
        lines = on_terminal("list_accounts", "--json", request, "--table").decode().splitlines()
        assert 80 == max(map(len, lines))
        assert "…" in lines[2]

    def test_it_is_not_cut_where_no_terminal_is(self, started: Run) -> None:
        """A program that reads it gets whole values."""
        request = json.dumps({"request": {}, "settings": {"long": True}})
        ended = started("list_accounts", "--json", request, "--table", environment={"COLUMNS": ""})
        assert "x" * 100 in ended.stdout

    def test_an_error_reply_is_shown_indented(self, forked: Run) -> None:
        """There is no table of an error; it is shown as `--pretty` shows it."""
        ended = forked("list_accounts", "--json", "{}", "--table", "--fail")
        assert 1 == ended.code
        assert ended.stdout.startswith('{\n  "is_error": true,')

    def test_it_is_offered_for_lists_only(self, forked: Run) -> None:
        """Other capabilities have no such option."""
        ended = forked("behave", "--json", "{}", "--table")
        assert (2, "") == (ended.code, ended.stdout)


class TestPretty:
    """`--pretty`."""

    def test_the_reply_is_indented(self, forked: Run) -> None:
        """Without a terminal it is plain text, the same JSON as without the option."""
        plain = forked("list_accounts", "--json", FIVE).stdout
        ended = forked("list_accounts", "--json", FIVE, "--pretty")
        assert json.dumps(json.loads(plain), indent=2) + "\n" == ended.stdout

    def test_it_is_coloured_on_a_terminal(self) -> None:
        """A terminal gets colours; without them the text is the same JSON."""
        shown = on_terminal("info", "--pretty")
        assert b"\x1b[" in shown
        assert "odd" == json.loads(ESCAPE.sub(b"", shown))["response"]["app_id"]

    @parametrize("variable, value", [("NO_COLOR", "1"), ("TERM", "dumb")])
    def test_colours_can_be_refused(self, variable: str, value: str) -> None:
        """`NO_COLOR`, or a terminal that has none, gets none."""
        assert b"\x1b[" not in on_terminal("info", "--pretty", **{variable: value})

    def test_data_cannot_steer_the_terminal(self, forked: Run) -> None:
        """Characters that move the cursor or reverse text are shown by their number."""
        request = json.dumps({"request": {"text": "a\x1b[2Jb\x9bc\u202ed"}})
        ended = forked("behave", "--json", request, "--pretty")
        assert r'"a\u001b[2Jb\u009bc\u202ed"' in ended.stdout


@parametrize(
    words=[
        ("--pretty", "--table"),
        ("--pretty", "--all-pages"),
        ("--pretty", "--result-file-path", "reply.gz"),
        ("--all-pages", "--result-file-path", "reply.gz"),
    ],
    ids=" ".join,
)
def test_views_that_do_not_go_together_are_refused(forked: Run, words: tuple[str, ...]) -> None:
    """The exit code is 2, and nothing was called or printed."""
    ended = forked("list_accounts", "--json", FIVE, *words)
    assert (2, "") == (ended.code, ended.stdout)
    assert words[0] in ended.stderr


class TestExample:
    """`example NAME`, and the end of a capability's help."""

    def test_it_prints_a_request_that_the_capability_takes(
        self, forked: Run, tmp_path: Path
    ) -> None:
        """What it prints is answered without an error when it is sent as it is."""
        (tmp_path / "request.json").write_text(forked("example", "list_accounts").stdout)
        ended = forked("list-accounts", "--json-file", "request.json", "--fail")
        assert 0 == ended.code

    def test_a_capabilitys_help_shows_it(self, forked: Run) -> None:
        """The help ends with a command line that works in a shell."""
        shown = forked("list_accounts", "--help").stdout
        _, found, command = shown.partition("odd-connector list_accounts --json ")
        assert found
        ended = subprocess.run(
            f"printf %s {command}", shell=True, check=True, capture_output=True, encoding="utf-8"
        )
        example = json.loads(forked("example", "list_accounts").stdout)
        assert example == json.loads(ended.stdout)

    def test_an_unknown_capability_is_a_mistake(self, forked: Run) -> None:
        """The message names those that there are."""
        ended = forked("example", "nothing")
        assert (2, "") == (ended.code, ended.stdout)
        assert "list_accounts" in ended.stderr


def test_the_help_groups_capabilities_by_what_they_are_for(forked: Run) -> None:
    """Reading, a connector's own, and what keeps it running stand under headings of their own."""
    shown = forked("--help").stdout
    for heading in ("Reading", "Capabilities of this connector", "Keeping it running"):
        assert f" {heading} " in shown
