"""Machines to read: folders with the files of a Unix machine, asked as a platform asks."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from posix_connector.integration import integration

NOBODY = 65534
"""A user id that owns nothing."""

REAL_SERVERS = {"this_machine": "the machine itself by getent"}
"""Fixtures of servers that are no imitation, for `nox -s connectors`."""


class Machine:
    """A folder with the files of a machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, contents: str | bytes) -> Path:
        """Put a file at a path of the machine."""
        file = self.at(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
        return file

    def link(self, path: str, target: str | Path) -> None:
        """Put a symbolic link at a path of the machine."""
        self.at(path).parent.mkdir(parents=True, exist_ok=True)
        self.at(path).symlink_to(target)

    def at(self, path: str) -> Path:
        """Where a path of the machine is."""
        return self.root / path.lstrip("/")

    def ask(self, capability: str, request: Any = None, **envelope: Any) -> Any:
        """Call a capability, and return the reply."""
        document = {
            "request": request or {},
            "settings": {"root": str(self.root)},
            **envelope,
        }
        return json.loads(asyncio.run(integration.dispatch(capability, json.dumps(document))))

    def listed(self, capability: str, request: Any = None) -> list[Any]:
        """Call a capability, and return the items of its reply."""
        reply = self.ask(capability, request)
        assert "error" not in reply, reply
        return list(reply["response"])

    def accounts(self) -> dict[str, Any]:
        """All accounts, by id."""
        return {each["integration_specific_id"]: each for each in self.listed("list_accounts")}

    def associations(self, entitlement: str | None = None) -> set[tuple[str, str, str]]:
        """All associations, or those of an entitlement: account, entitlement, resource."""
        found = {
            (
                each["account_id"],
                each["integration_specific_entitlement_id"],
                each["integration_specific_resource_id"],
            )
            for each in self.listed("find_entitlement_associations")
        }
        return {each for each in found if entitlement in {None, each[1]}}


PASSWD = """\
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
alice:x:1000:1000:Alice Archer,Room 1,,:/home/alice:/bin/bash
bob:x:1001:100::/home/bob:/bin/zsh
carol:x:1002:100:Carol:/home/carol:/bin/sh
"""

GROUP = """\
root:x:0:
daemon:x:1:
users:x:100:
alice:x:1000:
wheel:x:10:root,alice
"""


def _need_unix() -> None:
    if os.name != "posix":
        pytest.skip("the connector reads Unix machines only, from a Unix machine")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Make a machine on which root, daemon, alice, bob and carol have accounts."""
    _need_unix()
    made = Machine(tmp_path / "machine")
    made.write("/etc/passwd", PASSWD)
    made.write("/etc/group", GROUP)
    made.write("/etc/hostname", "desk.example.com\n")
    return made


@pytest.fixture
def this_machine() -> Machine:
    """Give the machine that the tests run on."""
    _need_unix()
    return Machine(Path("/"))


@pytest.fixture
def open_machine() -> Iterator[Machine]:
    """Make a machine that every user can get to: pytest's own folders are private."""
    _need_unix()
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        made = Machine(Path(folder))
        made.write("/etc/passwd", PASSWD)
        made.write("/etc/group", GROUP)
        yield made


@pytest.fixture(scope="module")
def scratch_machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Make a machine whose files the examples of one test write again and again."""
    _need_unix()
    made = Machine(tmp_path_factory.mktemp("machine"))
    made.write("/etc/passwd", PASSWD)
    made.write("/etc/group", GROUP)
    return made


@pytest.fixture
def as_ordinary_user() -> Callable[[], AbstractContextManager[None]]:
    """Give what makes this process an ordinary user's for a while, whoever runs the tests."""

    @contextmanager
    def ordinary() -> Iterator[None]:
        user = os.geteuid()
        if user == 0:
            os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(user)

    return ordinary


@pytest.fixture
def run_command() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the connector's command line."""

    def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "posix_connector.main", *arguments]
        return subprocess.run(command, check=False, capture_output=True, **options)

    return run
