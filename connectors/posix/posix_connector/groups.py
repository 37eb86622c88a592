"""The groups of a machine: what `getent group` says, or group(5) in another root."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from posix_connector.log import log
from posix_connector.records import LARGEST_ID, is_compat_entry, parse_id, parse_records
from posix_connector.root import Root
from posix_connector.text import text_of_field
from posix_connector.users import User

GROUP = "/etc/group"
"""The file of groups, group(5)."""


@dataclass(frozen=True)
class Group:
    """A record of group(5)."""

    name: str
    gid: int
    members: frozenset[str]
    """Names of users for whom it is a supplementary group."""


def read_groups(root: Root) -> list[Group]:
    """The groups of a machine, each name once; `ConnectorError` if they cannot be read.

    Groups of one name are one group with the members of all, as initgroups(3) sees it: a large
    group is often written in several lines.
    """
    found = _ask_the_system() if root.is_this_machine else parse_groups(root.read_required(GROUP))
    return _one_of_each_name(found)


def parse_groups(contents: bytes) -> Iterator[Group]:
    """The groups in a file of group(5); a malformed line is left out with a warning."""
    for record in parse_records(contents, path=GROUP, fewest=3, most=4):
        name, _password, gid_field, members = record.fields
        gid = parse_id(gid_field)
        if gid is None:
            log.warning("%s: group id is no number, left out", record.place)
            continue

        yield Group(name=name, gid=gid, members=_names(members.split(",")))


def members_by_group(groups: Iterable[Group], users: Iterable[User]) -> dict[str, frozenset[str]]:
    """The names of all members of each group, by its name.

    A user whose primary group it is, is a member. A name that no user bears stays, too: sources
    such as sssd do not list the users whom they know.
    """
    members = {group.name: set(group.members) for group in groups}
    primary = names_by_gid(groups)
    for user in users:
        if user.gid in primary:
            members[primary[user.gid]].add(user.name)
    return {name: frozenset(found) for name, found in members.items()}


def names_by_gid(groups: Iterable[Group]) -> Mapping[int, str]:
    """The name of each group id; of several names the first, as getgrgid(3) has it."""
    names: dict[int, str] = {}
    for group in groups:
        names.setdefault(group.gid, group.name)
    return names


def _ask_the_system() -> Iterator[Group]:
    """The groups from every source that the system is configured to use, LDAP for one."""
    import grp

    for entry in grp.getgrall():
        if is_compat_entry(entry.gr_name):
            log.warning("%s: NIS compat entry, not followed", GROUP)
            continue

        yield Group(
            name=text_of_field(entry.gr_name),
            gid=entry.gr_gid & LARGEST_ID,  # for Python the largest is -1
            members=_names(text_of_field(member) for member in entry.gr_mem),
        )


def _one_of_each_name(groups: Iterable[Group]) -> list[Group]:
    found: dict[str, Group] = {}
    for group in groups:
        first = found.get(group.name, group)
        if first.gid != group.gid:
            log.warning("group %s has more than one group id; the first counts", group.name)
        found[group.name] = replace(first, members=first.members | group.members)
    return list(found.values())


def _names(fields: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lstrip() for name in fields if name.strip())
