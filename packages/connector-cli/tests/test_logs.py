"""Log records: where they go, in which form, and from which level up."""

import json
import re
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests start processes

Run = Callable[..., Any]

LOG = '{"request":{"how":"log"}}'
LOG_SECRET = (
    '{"request":{"how":"log_secret","text":"s3cret-key"},"settings":{"api_key":"s3cret-key"}}'
)


def test_a_text_record_says_when_how_grave_where_and_for_which_request(forked: Run) -> None:
    """One line: time, level, logger, the request's id, the message."""
    stderr = forked("behave", "--json", LOG).stderr
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} WARNING odd_connector \[[0-9a-f]{16}\] heard\n",
        stderr,
    )


@parametrize(
    how=[("--log-format", "json"), ("--log-format=JSON",), ("CONNECTOR_LOG_FORMAT",)],
    ids=" ".join,
)
def test_a_record_can_be_a_line_of_json(forked: Run, how: tuple[str, ...]) -> None:
    """The same fields by name, the time in UTC."""
    words = how if how[0].startswith("-") else ()
    environment = {} if words else {how[0]: "json"}
    stderr = forked(*words, "behave", "--json", LOG, environment=environment).stderr
    record = json.loads(stderr)
    assert record["time"].endswith("Z")
    assert datetime.fromisoformat(record.pop("time")).tzinfo
    assert re.fullmatch("[0-9a-f]{16}", record.pop("request_id"))
    assert {"level": "WARNING", "logger": "odd_connector", "message": "heard"} == record


def test_json_records_keep_tracebacks_and_hide_secrets(forked: Run) -> None:
    """A traceback is a field of its record, redacted as everything is."""
    ended = forked("--log-format", "json", "behave", "--json", LOG_SECRET)
    records = [json.loads(line) for line in ended.stderr.splitlines()]
    assert 4 == len(records)
    assert ["the key is ***", "with a traceback"] * 2 == [each["message"] for each in records]
    assert "ValueError: ***" in records[1]["exception"]
    assert "s3cret" not in ended.stderr


@parametrize(
    "words, environment, heard",
    [
        ((), {}, ["heard"]),
        ((), {"CONNECTOR_LOG_LEVEL": "INFO"}, ["unheard", "heard"]),
        ((), {"CONNECTOR_LOG_LEVEL": "error"}, []),
        (("--log-level", "error"), {"CONNECTOR_LOG_LEVEL": "DEBUG"}, []),
        (("--log-level", "Info"), {}, ["unheard", "heard"]),
    ],
)
def test_the_level_is_that_of_the_option_or_the_environment(
    forked: Run, words: tuple[str, ...], environment: dict[str, str], heard: list[str]
) -> None:
    """The option counts more; without either it is WARNING."""
    ended = forked(*words, "behave", "--json", LOG, environment=environment)
    assert heard == re.findall(r"\] (\w+)$", ended.stderr, flags=re.MULTILINE)


def test_the_level_can_stand_after_the_command(forked: Run) -> None:
    """People write it where they think of it."""
    assert "" == forked("behave", "--json", LOG, "--log-level", "error").stderr


def test_nothing_is_written_to_disk_unless_asked(forked: Run, tmp_path: Path) -> None:
    """A call leaves no file behind, whatever it logs."""
    (tmp_path / "here").mkdir()
    forked("behave", "--json", LOG, directory=tmp_path / "here")
    assert [] == list((tmp_path / "here").iterdir())


class TestDailyFile:
    """`CONNECTOR_LOG_DIR`."""

    def test_records_of_all_calls_are_in_the_file_of_the_day(
        self, forked: Run, tmp_path: Path
    ) -> None:
        """They are appended, and go to stderr as well; the folder is made if need be."""
        environment = {"CONNECTOR_LOG_DIR": str(tmp_path / "logs" / "odd")}
        both = [forked("behave", "--json", LOG, environment=environment).stderr for _ in range(2)]
        (path,) = (tmp_path / "logs" / "odd").iterdir()
        assert re.fullmatch(r"odd-\d{4}-\d\d-\d\d\.log", path.name)
        assert "".join(both) == path.read_text()

    def test_it_is_for_its_owner_only_and_has_no_secret(self, forked: Run, tmp_path: Path) -> None:
        """Records can hold personal data, but no secret."""
        forked("behave", "--json", LOG_SECRET, environment={"CONNECTOR_LOG_DIR": "."})
        (path,) = tmp_path.glob("odd-*.log")
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
        assert "the key is ***" in path.read_text()
        assert "s3cret" not in path.read_text()

    def test_a_folder_that_cannot_be_written_costs_no_call(self, forked: Run) -> None:
        """It is said, the records go to stderr, and the reply is there."""
        ended = forked("behave", "--json", LOG, environment={"CONNECTOR_LOG_DIR": "/dev/null/x"})
        assert (0, 1) == (ended.code, ended.stdout.count("\n"))
        assert "CONNECTOR_LOG_DIR" in ended.stderr
        assert "heard" in ended.stderr


def test_a_wrong_log_call_does_not_fail_the_capability(forked: Run) -> None:
    """A message whose arguments do not fit is logged without them."""
    ended = forked("behave", "--json", '{"request":{"how":"log_wrongly"}}')
    assert (0, True) == (ended.code, '"log_wrongly"' in ended.stdout)
    assert "%d accounts" in ended.stderr
