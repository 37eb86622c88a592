"""Roots: which machine is read, and that nothing outside of it is."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

SECRET = "outsider:x:1:1:::\n"
"""A file that an image wants to be read from the machine that reads it."""


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Make a file outside of the machine."""
    file = tmp_path / "outside" / "passwd"
    file.parent.mkdir()
    file.write_text(SECRET, encoding="utf-8")
    return file


@parametrize(
    "root, code, words",
    [
        ("relative/path", "invalid_value", "not absolute"),
        ("", "invalid_value", "not absolute"),
        ("/nosuch/p4ssw0rd", "not_found", "no such directory"),
        ("/etc/passwd", "not_found", "no such directory"),
        ("/nul\0", "not_found", "no such directory"),
        ("/" + "x" * 10_000, "not_found", "no such directory"),
    ],
)
def test_a_root_that_is_none_is_said(
    machine: Any,
    root: str,
    code: str,
    words: str,
) -> None:
    """The error names the setting and what is wrong with it, and does not repeat it."""
    error = machine.ask("list_accounts", settings={"root": root})["error"]
    assert code == error["error_code"]
    assert "settings.root" in error["message"]
    assert words in error["message"]
    assert "p4ssw0rd" not in error["message"]


@parametrize(root=[5, None, ["/"], True])
def test_a_root_that_is_no_text_is_a_bad_request(machine: Any, root: Any) -> None:
    """The settings model says what a root is."""
    error = machine.ask("list_accounts", settings={"root": root})["error"]
    assert "bad_request" == error["error_code"]
    assert "settings.root" in error["message"]


@parametrize(
    "capability, file",
    [
        ("validate_credentials", "/etc/passwd"),
        ("validate_credentials", "/etc/group"),
        ("list_accounts", "/etc/passwd"),
        ("list_resources", "/etc/group"),
        ("list_entitlements", "/etc/group"),
        ("find_entitlement_associations", "/etc/passwd"),
        ("find_entitlement_associations", "/etc/group"),
    ],
)
def test_a_machine_without_its_files_is_an_error(machine: Any, capability: str, file: str) -> None:
    """An empty reply would say that everybody has left."""
    machine.at(file).unlink()
    error = machine.ask(capability)["error"]
    assert ("not_found", f"settings.root: {file} under this root cannot be read") == (
        error["error_code"],
        error["message"].rpartition(": ")[0],
    )


@parametrize(
    "link",
    [
        "{outside}",
        "../../../../../../../../../../../../../../../..{outside}",
        "../etc/../..{outside}",
    ],
)
def test_a_link_does_not_lead_out(machine: Any, outside: Path, link: str) -> None:
    """A link to a file of the machine that reads is looked up in the image, where it is not."""
    machine.at("/etc/passwd").unlink()
    machine.link("/etc/passwd", link.format(outside=outside))
    reply = machine.ask("list_accounts")
    assert "not_found" == reply["error"]["error_code"]
    assert "outsider" not in json.dumps(reply)


@parametrize(path=["/etc/shadow", "/etc/sudoers", "/var/log/wtmp", "/var/lib/lastlog/lastlog2.db"])
def test_no_file_is_read_through_a_link_that_leads_out(
    machine: Any,
    outside: Path,
    path: str,
) -> None:
    """It is the same for every file that is read."""
    outside.write_text("alice ALL = ALL\nalice::20000::::::\n", encoding="utf-8")
    machine.link(path, outside)
    assert machine.accounts()["alice"]["user_status"] is None
    assert set() == {each for each in machine.associations() if each[1] != "member"}
    assert [] == machine.listed("get_last_activity", {"account_ids": ["alice"]})


def test_a_folder_that_is_a_link_does_not_lead_out(machine: Any, outside: Path) -> None:
    """A link on the way to a file is followed inside the root, too."""
    machine.link("/linked", outside.parent)
    machine.at("/etc/passwd").unlink()
    machine.link("/etc/passwd", "/linked/passwd")
    assert "not_found" == machine.ask("list_accounts")["error"]["error_code"]


@parametrize(
    "link, target",
    [
        ("/etc/passwd", "/usr/share/passwd"),
        ("/etc/passwd", "../usr/share/passwd"),
        ("/etc/passwd", "/../../usr/./share//passwd"),
        ("/etc/passwd", "../../../../usr/share/passwd"),
        ("/etc/passwd", "/lib/../share/passwd"),
    ],
)
def test_links_inside_are_followed_as_in_a_chroot(machine: Any, link: str, target: str) -> None:
    """Absolute links begin at the root, and nothing is above it."""
    machine.write("/usr/share/passwd", "insider:x:1:1:::\n")
    (machine.root / "usr/lib").mkdir()
    machine.link("/lib", "usr/lib")
    machine.at(link).unlink()
    machine.link(link, target)
    assert ["insider"] == list(machine.accounts())


def test_links_in_a_circle_are_an_error(machine: Any) -> None:
    """A circle of links ends in an error."""
    machine.at("/etc/passwd").unlink()
    machine.link("/etc/passwd", "/etc/other")
    machine.link("/etc/other", "/etc/passwd")
    error = machine.ask("list_accounts")["error"]
    assert "invalid_value" == error["error_code"]
    assert "/etc/passwd under this root cannot be read" in error["message"]


def test_a_pipe_is_not_waited_for(machine: Any) -> None:
    """A file that is a pipe, from which nothing ever comes, is refused."""
    machine.at("/etc/passwd").unlink()
    os.mkfifo(machine.at("/etc/passwd"))
    assert "not a regular file" in machine.ask("list_accounts")["error"]["message"]


def test_a_huge_file_is_not_read_into_memory(
    machine: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file that is larger than any such file is refused."""
    monkeypatch.setattr("posix_connector.root.MOST_BYTES", 100)
    machine.write("/etc/passwd", "a:x:1:1:::\n" * 9)
    assert ["a"] == list(machine.accounts())
    machine.write("/etc/passwd", "a:x:1:1:::\n" * 10)
    assert "file too large" in machine.ask("list_accounts")["error"]["message"]


def test_errors_do_not_tell_where_the_image_is(machine: Any) -> None:
    """Messages name files as the machine knows them."""
    machine.at("/etc/passwd").unlink()
    error = machine.ask("list_accounts")["error"]
    assert str(machine.root) not in error["message"]


def test_a_root_can_itself_be_a_link(machine: Any, tmp_path: Path) -> None:
    """Whoever configures the root is trusted: only what is inside is not."""
    (tmp_path / "link").symlink_to(machine.root)
    reply = machine.ask("list_accounts", settings={"root": str(tmp_path / "link")})
    assert list(machine.accounts()) == [each["username"] for each in reply["response"]]


@parametrize(
    "files, same",
    [
        ({"/etc/machine-id": "0123456789abcdef0123456789abcdef\n"}, True),
        ({"/var/lib/dbus/machine-id": "0123456789abcdef0123456789abcdef\n"}, True),
        ({"/etc/machine-id": "0123456789abcdef0123456789abcdee\n"}, False),
        ({"/etc/machine-id": "uninitialized\n"}, False),
        ({"/etc/machine-id": ""}, False),
        ({}, False),
    ],
)
def test_the_tenant_is_the_machine(machine: Any, files: dict[str, str], *, same: bool) -> None:
    """One machine id is one tenant, whatever the machine's name; the id itself is not told."""
    machine.write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
    first = machine.ask("validate_credentials")["response"]
    assert (True, 32) == (first["valid"], len(first["unique_tenant_id"]))
    assert "0123456789abcdef" not in first["unique_tenant_id"]

    machine.at("/etc/machine-id").unlink()
    machine.write("/etc/hostname", "renamed\n")
    for path, contents in files.items():
        machine.write(path, contents)
    second = machine.ask("validate_credentials")["response"]
    assert same is (first == second)


def test_a_machine_without_an_id_is_known_by_its_name(machine: Any) -> None:
    """Two images of one name are one tenant, of two names two; without a name the place counts."""
    tenants = []
    for name in ("desk\n", "# c\ndesk\n", "lamp\n", "", "\n"):
        machine.write("/etc/hostname", name)
        tenants.append(machine.ask("validate_credentials")["response"]["unique_tenant_id"])
    desk, again, lamp, nameless, blank = tenants
    assert (desk, nameless) == (again, blank)
    assert 3 == len({desk, lamp, nameless})


def test_the_settings_explain_the_root(machine: Any) -> None:
    """The settings' schema has the default and says what it means."""
    schema = machine.ask("info")["response"]["request_settings_schema"]
    assert "/" == schema["properties"]["root"]["default"]
    assert "mounted image" in schema["properties"]["root"]["description"]
