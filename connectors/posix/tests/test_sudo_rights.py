"""Sudo rights: who may run something as somebody, by sudoers(5)."""

from typing import Any

import pytest
from pytest_cases import parametrize

EVERYBODY = {"root", "daemon", "alice", "bob", "carol"}

NOBODY: set[str] = set()


def rights(machine: Any) -> dict[str, set[str]]:
    """The holders of each sudo right."""
    held: dict[str, set[str]] = {
        each["integration_specific_id"]: set()
        for each in machine.listed("list_entitlements")
        if each["entitlement_type"] == "sudo"
    }
    for account, entitlement, resource in machine.associations():
        if resource == "machine" and entitlement != "member":
            held[entitlement].add(account)
    return held


def the_machine(machine: Any) -> Any:
    """The machine, among its resources."""
    resources = machine.listed("list_resources")
    (found,) = [each for each in resources if each["resource_type"] == "machine"]
    return found


def unknown(machine: Any) -> str | None:
    """What the machine says of rights that could not be found out."""
    said: str | None = the_machine(machine)["extra_data"].get("sudo_rights_unknown")
    return said


@parametrize(
    "sudoers, expected",
    [
        ("alice ALL=(ALL) ALL", {"sudo:any:ALL": {"alice"}}),
        ("alice ALL=(ALL:ALL) ALL", {"sudo:any:ALL:ALL": {"alice"}}),
        ("alice ALL=ALL", {"sudo:any:root": {"alice"}}),
        ("alice\tALL\t=\tALL", {"sudo:any:root": {"alice"}}),
        ("alice ALL=/bin/ls", {"sudo:some:root": {"alice"}}),
        ("alice ALL=/bin/ls, ALL", {"sudo:some:root": {"alice"}, "sudo:any:root": {"alice"}}),
        ("alice ALL=ALL, !/bin/su", {"sudo:any:root": {"alice"}}),
        ("alice ALL=!ALL", {}),
        ("alice ALL=!!ALL", {"sudo:any:root": {"alice"}}),
        ("%wheel ALL=(ALL) NOPASSWD: ALL", {"sudo:any:ALL": {"root", "alice"}}),
        ("%users ALL=ALL", {"sudo:any:root": {"bob", "carol"}}),
        ("%#10 ALL=ALL", {"sudo:any:root": {"root", "alice"}}),
        ("%#100 ALL=ALL", {"sudo:any:root": {"bob", "carol"}}),
        ("%#4711 ALL=ALL", {"sudo:any:root": NOBODY}),
        ("#1001 ALL=ALL", {"sudo:any:root": {"bob"}}),
        ("#0 ALL=ALL", {"sudo:any:root": {"root"}}),
        ("ALL ALL=/bin/ls", {"sudo:some:root": EVERYBODY}),
        ("ALL, !bob ALL=ALL", {"sudo:any:root": EVERYBODY - {"bob"}}),
        ("!bob, ALL ALL=ALL", {"sudo:any:root": EVERYBODY}),
        ("%users, !bob ALL=ALL", {"sudo:any:root": {"carol"}}),
        ("!alice ALL=ALL", {"sudo:any:root": NOBODY}),
        ("ldapuser ALL=ALL", {"sudo:any:root": {"ldapuser"}}),
        (r"DOM\\ann ALL=ALL", {"sudo:any:root": {r"DOM\ann"}}),
        ('"ann smith" ALL=ALL', {"sudo:any:root": {"ann smith"}}),
        ("alice ALL=(postgres) ALL", {"sudo:any:postgres": {"alice"}}),
        ("alice ALL=( root , adm : wheel ) ALL", {"sudo:any:root,adm:wheel": {"alice"}}),
        ("alice ALL=(:wheel) /bin/ls", {"sudo:some::wheel": {"alice"}}),
        ("alice ALL=() ALL", {"sudo:any:": {"alice"}}),
        ("alice ALL=(ALL, !root) ALL", {"sudo:any:ALL,!root": {"alice"}}),
        (
            "alice ALL=(postgres) /bin/a, /bin/b, (root) ALL",
            {"sudo:some:postgres": {"alice"}, "sudo:any:root": {"alice"}},
        ),
        (
            "alice ALL=/bin/a, (daemon) /bin/b",
            {"sudo:some:root": {"alice"}, "sudo:some:daemon": {"alice"}},
        ),
        ("alice ALL=NOPASSWD:SETENV: /bin/a, PASSWD: /bin/b", {"sudo:some:root": {"alice"}}),
        ("alice ALL=(root) CWD=/tmp TIMEOUT=5m NOEXEC: ALL", {"sudo:any:root": {"alice"}}),
        ("alice ALL=sha256:YWJj, sha256:ZGVm /bin/ls", {"sudo:some:root": {"alice"}}),
        (r"alice ALL=/bin/echo a\,b\:c\=d\#e", {"sudo:some:root": {"alice"}}),
        (r"alice ALL=/bin/echo a\,ALL", {"sudo:some:root": {"alice"}}),
        ("alice ALL=sudoedit /etc/motd", {"sudo:some:root": {"alice"}}),
        ("alice ALL=^/bin/(ls|cat)$", {"sudo:some:root": {"alice"}}),
        ("Defaults runas_default=daemon\nalice ALL=ALL", {"sudo:any:daemon": {"alice"}}),
        ('Defaults x, runas_default = "bob"\nalice ALL=ALL', {"sudo:any:bob": {"alice"}}),
        ('Defaults:alice !requiretty\nDefaults env_keep+="A B"', {}),
        ("", {}),
    ],
)
def test_a_rule_gives_rights(machine: Any, sudoers: str, expected: dict[str, set[str]]) -> None:
    """A rule says who may run some or any commands, as whom."""
    machine.write("/etc/sudoers", sudoers)
    assert expected == rights(machine)
    assert unknown(machine) is None


@pytest.mark.slow
@parametrize(
    "hosts, holds",
    [
        ("ALL", True),
        ("desk", True),
        ("DESK", True),
        ("desk.example.com", True),
        ("*.example.com", True),
        ("other", False),
        ("other, desk", True),
        ("ALL, !desk", False),
        ("!other, !desk", False),
        ("DESKS", True),
        ("ALL, !DESKS", False),
    ],
)
def test_a_rule_is_for_some_hosts(machine: Any, hosts: str, *, holds: bool) -> None:
    """A rule for other hosts gives nothing here: sudoers(5) is often shared among machines."""
    machine.write("/etc/sudoers", f"Host_Alias DESKS = lamp, desk\nalice {hosts} = ALL\n")
    assert ({"sudo:any:root": {"alice"}} if holds else {}) == rights(machine)


def test_a_line_can_give_rights_on_hosts_in_turn(machine: Any) -> None:
    """After a colon the same users have rights on other hosts."""
    machine.write("/etc/sudoers", "alice other = NOPASSWD: ALL : desk = (daemon) /bin/ls\n")
    assert {"sudo:some:daemon": {"alice"}} == rights(machine)


@pytest.mark.slow
@parametrize(
    "sudoers, holders",
    [
        ("User_Alias A = alice, bob\nA ALL=ALL", {"alice", "bob"}),
        ("A ALL=ALL\nUser_Alias A = alice, bob", {"alice", "bob"}),
        ("User_Alias A = alice : B = A, bob : C = B, !alice\nC ALL=ALL", {"bob"}),
        ("User_Alias A = %users, !bob\nALL, !A ALL=ALL", EVERYBODY - {"carol"}),
        ("User_Alias A = ALL, !bob\n!A ALL=ALL", {"bob"}),
        ("User_Alias A = alice\nHost_Alias A = desk\nCmnd_Alias A = ALL\nA A=A", {"alice"}),
        ("Cmnd_Alias C = /bin/ls, ALL\nalice ALL=C", {"alice"}),
        ("Cmd_Alias C = D\nCmnd_Alias D = ALL\nalice ALL=C", {"alice"}),
        ("Runas_Alias R = root\nalice ALL=ALL", {"alice"}),
    ],
)
def test_aliases_stand_for_their_members(machine: Any, sudoers: str, holders: set[str]) -> None:
    """Aliases nest, negate, and come in any order."""
    machine.write("/etc/sudoers", sudoers)
    assert {"sudo:any:root": holders} == rights(machine)


def test_an_alias_of_some_commands_is_not_any(machine: Any) -> None:
    """An alias gives any command only if ALL is in it."""
    machine.write("/etc/sudoers", "Cmnd_Alias C = /bin/ls, !ALL, /bin/cat\nalice ALL=C\n")
    assert {"sudo:some:root": {"alice"}} == rights(machine)


@parametrize(
    "aliases, holders",
    [
        ("A = A", set()),
        ("A = A, A, alice", {"alice"}),
        ("A = B : B = A, alice", {"alice"}),
    ],
)
def test_an_alias_that_contains_itself_is_said(
    machine: Any,
    aliases: str,
    holders: set[str],
) -> None:
    """It ends, what else is in it counts, and the circle is named."""
    machine.write("/etc/sudoers", f"User_Alias {aliases}\nA ALL=ALL\n")
    assert {"sudo:any:root": holders} == rights(machine)
    assert "A: not known here" == unknown(machine)


def test_aliases_nested_without_end_are_said(machine: Any) -> None:
    """A thousand aliases one inside the other neither crash nor hang: the rest is unknown."""
    aliases = "".join(f"User_Alias A{n} = A{n + 1}, A{n + 1}\n" for n in range(1000))
    machine.write("/etc/sudoers", f"{aliases}User_Alias A1000 = bob\nA0, alice ALL=ALL\n")
    assert {"sudo:any:root": {"alice"}} == rights(machine)
    assert "A100: not known here" == unknown(machine)


@pytest.mark.slow
@parametrize(
    "sudoers, holders",
    [
        ("alice \\\n  ALL = \\\n  ALL\n", {"alice"}),
        ("alice, \\\r\nbob ALL = ALL\r\n", {"alice", "bob"}),
        ("alice ALL = ALL \\", {"alice"}),
        ("alice ALL = ALL # bob ALL = ALL", {"alice"}),
        ("# bob ALL = ALL\nalice ALL = ALL", {"alice"}),
        ("# bob ALL = ALL \\\nalice ALL = ALL", {"alice"}),
        ("alice ALL = ALL # why \\\nbob ALL = ALL", {"alice", "bob"}),
        ("alice, \\\n# nobody else\nbob ALL = ALL", {"bob"}),
        ('"a#b" ALL = ALL', {"a#b"}),
        ("  alice ALL = ALL", {"alice"}),
    ],
)
def test_lines_are_continued_and_comments_are_not(
    machine: Any,
    sudoers: str,
    holders: set[str],
) -> None:
    """A backslash joins lines, unless it ends a comment: what follows a comment counts."""
    machine.write("/etc/sudoers", sudoers)
    assert {"sudo:any:root": holders} == rights(machine)


@pytest.mark.slow
@parametrize(
    "line, said",
    [
        ("+admins ALL=ALL", "+admins: not known here"),
        ("%:domain\\ admins ALL=ALL", "%:domain admins: not known here"),
        ("%nosuch ALL=ALL", "%nosuch: not known here"),
        ("User_Alias A = +admins\nA ALL=ALL", "+admins: not known here"),
        ("alice 10.0.0.0/8 = ALL", "10.0.0.0/8: not known here"),
        ("alice +hosts = ALL", "+hosts: not known here"),
        ("alice", "/etc/sudoers, line 1: not understood"),
        ("alice ALL", "/etc/sudoers, line 1: not understood"),
        ("alice \\\n ALL", "/etc/sudoers, line 1: not understood"),
        ("alice ALL = \\\n@include /etc/more", "/etc/sudoers, line 1: not understood"),
        ("alice ALL =", "/etc/sudoers, line 1: not understood"),
        ("\n\nalice ALL = su", "/etc/sudoers, line 3: not understood"),
        ("alice ALL = ALL ALL", "/etc/sudoers, line 1: not understood"),
        ("alice ALL = (root ALL", "/etc/sudoers, line 1: not understood"),
        ("alice ALL = ALL,", "/etc/sudoers, line 1: not understood"),
        ("User_Alias low = alice", "/etc/sudoers, line 1: not understood"),
        ("User_Alias A alice", "/etc/sudoers, line 1: not understood"),
        ("@include /etc/nosuch", "/etc/nosuch: no such file or directory"),
        ("@include /etc", "/etc: not a regular file"),
        ("@include /etc/nul\0", "/etc/nul\0: no such file or directory"),
        ("@includedir /etc/passwd", "/etc/passwd: not a directory"),
    ],
)
def test_what_cannot_be_decided_is_said(
    machine: Any,
    caplog: pytest.LogCaptureFixture,
    line: str,
    said: str,
) -> None:
    """The rest counts; what is missing stands in the machine's extra_data and in the log."""
    machine.write("/etc/sudoers", f"{line}\nbob ALL = /bin/ls\n")
    assert {"bob"} == rights(machine)["sudo:some:root"]
    assert said == unknown(machine)
    assert f"sudo rights are incomplete: {said}" in caplog.text


def test_hosts_are_undecided_when_the_machine_has_no_name(machine: Any) -> None:
    """Of an image without a name, only rules for all hosts are known to count."""
    machine.at("/etc/hostname").unlink()
    machine.write("/etc/sudoers", "alice desk = ALL\nbob ALL = ALL\n@include local.%h\n")
    assert {"sudo:any:root": {"bob"}} == rights(machine)
    found = the_machine(machine)
    assert "This machine" == found["label"]
    assert (
        "/etc/sudoers, line 3: the name of the host is not known; desk: not known here"
        == found["extra_data"]["sudo_rights_unknown"]
    )


@pytest.mark.slow
@parametrize(
    "line",
    [
        "#includedir /etc/sudoers.d",
        "@includedir /etc/sudoers.d",
        "  @includedir sudoers.d",
        '@includedir "/etc/sudoers.d"',
        "#include /etc/sudoers.d/10-staff",
        "@include sudoers.d/10-staff",
        "@include /etc/sudoers.d/../sudoers.d/10-staff",
    ],
)
def test_included_files_count(machine: Any, line: str) -> None:
    """Both spellings, files and directories, absolute and relative; backups are passed over."""
    machine.write("/etc/sudoers", f"{line}\n")
    machine.write("/etc/sudoers.d/10-staff", "alice ALL = ALL\n")
    machine.write("/etc/sudoers.d/10-staff~", "bob ALL = ALL\n")
    machine.write("/etc/sudoers.d/old.bak", "bob ALL = ALL\n")
    machine.write("/etc/sudoers.d/folder/file", "bob ALL = ALL\n")
    assert {"sudo:any:root": {"alice"}} == rights(machine)
    assert unknown(machine) is None


@parametrize(line=["# include /etc/more", " #include /etc/more", "#included /etc/more"])
def test_a_comment_is_no_include(machine: Any, line: str) -> None:
    """The old spelling counts only at the very start of a line and in full."""
    machine.write("/etc/sudoers", f"{line}\n")
    machine.write("/etc/more", "bob ALL = ALL\n")
    assert {} == rights(machine)


def test_an_include_can_name_the_host(machine: Any) -> None:
    """%h in a name stands for the short name of the host."""
    machine.write("/etc/sudoers", "@include /etc/sudoers.%h\n")
    machine.write("/etc/sudoers.desk", "alice ALL = ALL\n")
    assert {"sudo:any:root": {"alice"}} == rights(machine)


def test_files_that_include_each_other_are_read_once(machine: Any) -> None:
    """A circle of includes ends."""
    machine.write("/etc/sudoers", "@include a\n@include a\n")
    machine.write("/etc/a", "@include sudoers\nalice ALL = ALL\n")
    assert {"sudo:any:root": {"alice"}} == rights(machine)
    assert unknown(machine) is None


def test_a_directory_that_is_missing_is_none(machine: Any) -> None:
    """Sudo itself does not mind that a directory to include is not there."""
    machine.write("/etc/sudoers", "@includedir /etc/sudoers.d\nalice ALL = ALL\n")
    assert {"sudo:any:root": {"alice"}} == rights(machine)
    assert unknown(machine) is None


def test_sudo_of_the_bsds_is_read(machine: Any) -> None:
    """On the BSDs sudo is an added package, and keeps its files where those do."""
    machine.write("/usr/local/etc/sudoers", "@includedir sudoers.d\n")
    machine.write("/usr/local/etc/sudoers.d/staff", "alice ALL = ALL\n")
    assert {"sudo:any:root": {"alice"}} == rights(machine)


def test_a_right_is_explained_by_its_label(machine: Any) -> None:
    """The label says what the right lets its holder do."""
    machine.write("/etc/sudoers", "alice ALL = (ALL:ALL) ALL, (daemon) /bin/ls, () /bin/ls\n")
    labels = {
        each["integration_specific_id"]: each["label"]
        for each in machine.listed("list_entitlements")
        if each["entitlement_type"] == "sudo"
    }
    assert {
        "sudo:any:ALL:ALL": "Run any command as ALL:ALL with sudo",
        "sudo:some:daemon": "Run some commands as daemon with sudo",
        "sudo:some:": "Run some commands as oneself with sudo",
    } == labels


def test_arguments_of_commands_stay_where_they_are(
    machine: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """People do put passwords into sudoers(5): no command is repeated anywhere."""
    machine.write("/etc/sudoers", "alice ALL = /bin/mysql -phunter2\nalice ALL = su -phunter2\n")
    replies = [
        machine.listed(capability)
        for capability in ("list_resources", "list_entitlements", "find_entitlement_associations")
    ]
    assert "hunter2" not in str(replies) + caplog.text
