"""Laws: no file makes a call fail, and no password hash leaves, whatever stands in the files."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow  # its laws take many examples

CAPABILITIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("validate_credentials", {}),
    ("list_accounts", {}),
    ("list_resources", {}),
    ("list_entitlements", {}),
    ("find_entitlement_associations", {}),
    ("get_last_activity", {"account_ids": ["alice", "root"]}),
)

HASH = "$y$j9T$4l50fFb1tEsRB0dYF0uNd$"
"""What stands for a password hash: nothing else that is written here has it in it."""

FIELD = st.text(st.sampled_from("ax0-+#!*: \t\r\x00é\udcff\n"), max_size=6)
"""A field of odd signs; some are separators, so that records become malformed."""

MAGIC = b"SQLite format 3\0"
"""How a SQLite database begins."""

WORDS = (
    *("alice", "ALL", "ALIAS", "%wheel", "#0", "%#10", "+net", "%:ad", '"', "%h"),
    *("User_Alias", "Cmnd_Alias", "Host_Alias", "Runas_Alias", "Defaults", "runas_default"),
    *("!", "=", "(", ")", ":", ",", "\\", "#"),
    *("/bin/ls", "sudoedit", "^a$", "NOPASSWD:", "CWD=/", "sha256:aa"),
    *("@include", "#include", "@includedir", "/etc/sudoers", "/etc"),
)
"""What sudoers(5) is made of."""

PASSWORD = st.sampled_from([HASH, f"!{HASH}", f"!!{HASH}", f"*{HASH}", f"{{SSHA}}{HASH}"])

EXAMPLES = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
"""The examples of a test share its log on purpose: it collects what all of them say."""


def replies(machine: Any) -> list[Any]:
    """The replies of all capabilities."""
    return [machine.ask(capability, request) for capability, request in CAPABILITIES]


def raw(text: str) -> bytes:
    """Text as bytes, with some that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape")


@st.composite
def records(draw: st.DrawFn, fields: int) -> str:
    """Lines with a hash as second field, some malformed in the others."""
    lines = draw(
        st.lists(
            st.tuples(
                FIELD | st.just("alice"),
                PASSWORD,
                st.lists(FIELD | st.just("1000"), min_size=fields - 4, max_size=fields),
            ),
            max_size=5,
        )
    )
    return "\n".join(":".join([name, password, *rest]) for name, password, rest in lines)


@EXAMPLES
@given(passwd=records(7), group=records(4), shadow=records(9))
def test_a_hash_is_in_no_reply_and_no_log(
    scratch_machine: Any,
    caplog: pytest.LogCaptureFixture,
    passwd: str,
    group: str,
    shadow: str,
) -> None:
    """Replies, errors and logs are free of what stands in password fields."""
    scratch_machine.write("/etc/passwd", raw(f"alice:x:1000:1000:::\n{passwd}"))
    scratch_machine.write("/etc/group", raw(group))
    scratch_machine.write("/etc/shadow", raw(shadow))
    text = json.dumps(replies(scratch_machine)) + caplog.text
    assert HASH not in text
    assert HASH[3:] not in text


@EXAMPLES
@given(
    files=st.fixed_dictionaries(
        {},
        optional={
            "/etc/passwd": st.binary(max_size=60),
            "/etc/group": st.binary(max_size=60),
            "/etc/shadow": st.binary(max_size=60),
            "/etc/sudoers": st.binary(max_size=60),
            "/etc/login.defs": st.binary(max_size=60).map(b"UID_MIN ".__add__),
            "/etc/hostname": st.binary(max_size=9),
            "/etc/machine-id": st.binary(max_size=9),
            "/var/log/lastlog": st.binary(max_size=9).map(lambda record: record * 292),
            "/var/log/wtmp": st.binary(max_size=9).map(lambda record: record * 384),
            "/var/lib/lastlog/lastlog2.db": st.binary(max_size=60).map(MAGIC.__add__),
        },
    )
)
def test_no_bytes_make_a_call_fail(scratch_machine: Any, files: dict[str, bytes]) -> None:
    """Whatever the files are, each call has a reply, which is strict JSON."""
    for path, contents in files.items():
        scratch_machine.write(path, contents)
    for reply in replies(scratch_machine):
        assert "error" not in reply, reply
        json.dumps(reply, ensure_ascii=False).encode("utf-8")


@EXAMPLES
@given(
    lines=st.lists(st.lists(st.sampled_from(WORDS), max_size=9), max_size=6),
    glue=st.sampled_from([" ", ""]),
)
def test_no_sudoers_makes_a_call_fail(
    scratch_machine: Any,
    lines: list[list[str]],
    glue: str,
) -> None:
    """Words of sudoers(5) in any order are rules, or are said to be none."""
    scratch_machine.write("/etc/passwd", "alice:x:1000:1000:::\n")
    scratch_machine.write("/etc/group", "wheel:x:10:alice\n")
    scratch_machine.write("/etc/sudoers", "\n".join(glue.join(words) for words in lines))
    for reply in replies(scratch_machine):
        assert "error" not in reply, reply
