"""What an item of sudoers(5) means on one machine: which accounts, and whether that host."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from posix_connector.groups import Group, members_by_group
from posix_connector.records import parse_id
from posix_connector.sudo.matching import Lookup
from posix_connector.users import User

HERE = frozenset({"this machine"})
"""What a list of hosts means that has this one in it."""

ELSEWHERE: frozenset[str] = frozenset()
"""What a list of hosts means that has not."""

ADDRESS = re.compile(r"[0-9.]+(/[0-9.]+)?")
"""The address of a host or of a network."""


class Accounts:
    """The accounts of a machine, as sudoers(5) refers to them."""

    def __init__(self, users: Sequence[User], groups: Sequence[Group]) -> None:
        self._users = users
        self._groups = groups
        self._members = members_by_group(groups, users)

    def all(self) -> frozenset[str]:
        """What ``ALL`` means: users, and members of groups whom no source lists as users."""
        return frozenset(user.name for user in self._users).union(*self._members.values())

    def find(self, item: str) -> frozenset[str] | None:
        """The names that a user, ``#uid``, ``%group`` or ``%#gid`` means.

        None for what only another source could tell: a netgroup (``+name``), a group of another
        kind (``%:name``), and a group that this machine does not list.
        """
        if item.startswith(("+", "%:")):
            return None
        if item.startswith("%#"):
            return self._in_group(parse_id(item[2:]))
        if item.startswith("%"):
            return self._members.get(item[1:])
        if item.startswith("#"):
            uid = parse_id(item[1:])
            return frozenset(user.name for user in self._users if user.uid == uid)
        return frozenset({item})

    def _in_group(self, gid: int | None) -> frozenset[str]:
        members = (self._members[group.name] for group in self._groups if group.gid == gid)
        return frozenset(user.name for user in self._users if user.gid == gid).union(*members)


def host_lookup(host: str | None) -> Lookup:
    """What decides whether an item of a list of hosts means the host of a name.

    Undecided stay netgroups and addresses, and all items if the name is not known.
    """
    names = () if host is None else (host.lower(), host.lower().partition(".")[0])

    def find(item: str) -> frozenset[str] | None:
        if not names or item.startswith("+") or ADDRESS.fullmatch(item):
            return None
        return HERE if any(fnmatchcase(name, item.lower()) for name in names) else ELSEWHERE

    return find
