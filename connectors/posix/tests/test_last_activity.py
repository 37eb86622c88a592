"""Last activity: when accounts signed in, as lastlog(8), wtmp(5) and lastlog2(8) record it."""

import sqlite3
import struct
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

OLD = 1_600_000_000
NEW = 1_700_000_000
OLD_TEXT = "2020-09-13T12:26:40+00:00"
NEW_TEXT = "2023-11-14T22:13:20+00:00"

USER_PROCESS = 7
DEAD_PROCESS = 8


def lastlog(moments: dict[int, int], *, time: str = "i") -> bytes:
    """Make a file of last logins by user id; `time` is the C type of the time."""
    record = struct.Struct(f"={time}32s256s")
    return b"".join(
        record.pack(moments.get(uid, 0), b"pts/0", b"host") for uid in range(max(moments) + 1)
    )


def login(name: bytes, seconds: int, *, kind: int = USER_PROCESS) -> bytes:
    """Make a record of wtmp(5) as x86 has it: struct utmp, field by field."""
    return struct.pack(
        "=h2xi32s4s32s256shhiii16s20x",
        *(kind, 4711, b"pts/0", b"ts/0", name, b"host", 0, 0, 1, seconds, 0, b""),
    )


def wide_login(name: bytes, seconds: int) -> bytes:
    """A record of wtmp(5) as 64-bit ARM has it."""
    return struct.pack(
        "=h2xi32s4s32s256shhqqq16s20x4x",
        *(USER_PROCESS, 4711, b"pts/0", b"ts/0", name, b"host", 0, 0, 1, seconds, 0, b""),
    )


def database(tmp_path: Path, rows: list[tuple[Any, Any]], table: str = "Lastlog2") -> bytes:
    """A file of lastlog2(8)."""
    path = tmp_path / "made.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE {table} (Name, Time, TTY, RemoteHost, PAM_Service)")
    connection.executemany(f"INSERT INTO {table} (Name, Time) VALUES (?, ?)", rows)
    connection.commit()
    connection.close()
    return path.read_bytes()


def activity(machine: Any, *names: str) -> dict[str, str]:
    """When each of the named accounts was last active."""
    found = machine.listed("get_last_activity", {"account_ids": list(names)})
    assert {"last_login"} >= {each["event_type"] for each in found}
    return {each["account_id"]: each["happened_at"] for each in found}


def test_lastlog_is_read_by_user_id(machine: Any) -> None:
    """The record at the place of a user id is its user's; zero means never."""
    machine.write("/var/log/lastlog", lastlog({0: NEW, 1000: OLD}))
    assert {"root": NEW_TEXT, "alice": OLD_TEXT} == activity(machine, "root", "alice", "bob")


def test_lastlog_of_64_bits_is_read(machine: Any) -> None:
    """Records with times of 64 bits are told from others by the size of the file."""
    machine.write("/var/log/lastlog", lastlog({0: NEW, 1000: OLD}, time="q"))
    assert {"root": NEW_TEXT, "alice": OLD_TEXT} == activity(machine, "root", "alice")


def test_a_sparse_lastlog_is_read_where_it_matters(machine: Any) -> None:
    """A user id of four billion makes the file seem a terabyte; no more than records is read."""
    machine.write("/etc/passwd", "far:x:4294967294:1:::\nnear:x:1:1:::\n")
    path = machine.write("/var/log/lastlog", b"")
    with path.open("r+b") as file:
        try:
            file.seek(4294967294 * 292)
            file.write(lastlog({0: NEW}))
        except OSError:
            pytest.skip("the file system has no files of that size")
    assert {"far": NEW_TEXT} == activity(machine, "far", "near")


@parametrize(path=["/var/log/wtmp", "/run/utmp", "/var/run/utmp"])
def test_logins_of_the_past_and_of_now_are_read(machine: Any, path: str) -> None:
    """Of all logins of a name the newest counts, in whatever order; logouts do not."""
    records = (
        login(b"alice", NEW)
        + login(b"alice", OLD)
        + login(b"bob", OLD)
        + login(b"bob", NEW, kind=DEAD_PROCESS)
        + login(b"stranger", NEW)
    )
    machine.write(path, records)
    assert {"alice": NEW_TEXT, "bob": OLD_TEXT} == activity(machine, "alice", "bob", "carol")


def test_logins_of_64_bits_are_read(machine: Any) -> None:
    """Records with times of 64 bits are told from others by the size of the file."""
    machine.write("/var/log/wtmp", wide_login(b"alice", OLD) + wide_login(b"bob", NEW))
    assert {"alice": OLD_TEXT, "bob": NEW_TEXT} == activity(machine, "alice", "bob")


def test_lastlog2_is_read(machine: Any, tmp_path: Path) -> None:
    """The database of lastlog2(8) names accounts and seconds."""
    contents = database(tmp_path, [("alice", NEW), ("bob", None), (None, NEW), ("root", "x")])
    machine.write("/var/lib/lastlog/lastlog2.db", contents)
    assert {"alice": NEW_TEXT} == activity(machine, "root", "alice", "bob")


def test_the_newest_of_all_sources_counts(machine: Any, tmp_path: Path) -> None:
    """A login may be recorded in several places, and not in all."""
    machine.write("/var/log/lastlog", lastlog({0: OLD, 1000: NEW}))
    machine.write("/var/log/wtmp", login(b"root", NEW) + login(b"alice", OLD))
    machine.write("/var/lib/lastlog/lastlog2.db", database(tmp_path, [("bob", OLD)]))
    expected = {"root": NEW_TEXT, "alice": NEW_TEXT, "bob": OLD_TEXT}
    assert expected == activity(machine, "root", "alice", "bob")


def test_only_accounts_that_are_asked_for_are_returned(machine: Any) -> None:
    """Others are left out, unknown ones have no activity, and each is returned once."""
    machine.write("/var/log/wtmp", login(b"alice", OLD) + login(b"bob", OLD) + login(b"ann", OLD))
    assert {"bob": OLD_TEXT} == activity(machine, "bob", "bob", "ann", "nosuch")
    assert {} == activity(machine)


def test_a_machine_without_records_has_no_activity(
    machine: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Many systems record nothing: that is no reason for a warning."""
    assert {} == activity(machine, "root", "alice")
    assert "" == caplog.text


@parametrize(seconds=[-1, 0, 2**63 - 1, -(2**63), 253402300800])
def test_impossible_times_are_passed_over(machine: Any, seconds: int) -> None:
    """A damaged record neither fails the call nor hides a sound one."""
    machine.write("/var/log/wtmp", wide_login(b"alice", seconds) + wide_login(b"alice", OLD))
    assert {"alice": OLD_TEXT} == activity(machine, "alice")


@parametrize(
    "path, contents, why",
    [
        ("/var/log/wtmp", b"x" * 383, "not in a form that is known"),
        ("/var/log/lastlog", b"x" * 291, "not in a form that is known"),
        ("/var/lib/lastlog/lastlog2.db", b"x" * 4096, "not such a database"),
        ("/var/lib/lastlog/lastlog2.db", b"", "not such a database"),
        ("/var/lib/lastlog/lastlog2.db", b"SQLite format 3\0", "not such a database"),
    ],
)
def test_a_damaged_record_is_said(
    machine: Any,
    caplog: pytest.LogCaptureFixture,
    path: str,
    contents: bytes,
    why: str,
) -> None:
    """What cannot be read is logged, and the other sources count."""
    machine.write(path, contents)
    machine.write("/run/utmp", login(b"alice", OLD))
    assert {"alice": OLD_TEXT} == activity(machine, "alice")
    assert f"{path}: {why}" in caplog.text


def test_a_database_that_never_ends_is_given_up(
    machine: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A table of an image can be a view that counts for ever."""
    monkeypatch.setattr("posix_connector.login_database.MOST_STEPS", 1000)
    path = tmp_path / "endless.db"
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE VIEW Lastlog2 AS WITH RECURSIVE n(Time) AS (SELECT 1 UNION ALL SELECT Time FROM n)"
        " SELECT 'alice' AS Name, Time FROM n"
    )
    connection.close()
    machine.write("/var/lib/lastlog/lastlog2.db", path.read_bytes())
    assert {} == activity(machine, "alice")
    assert "lastlog2.db: not such a database" in caplog.text
