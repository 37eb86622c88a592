"""Sudo rights as the connector reports them: any command, or some, and as whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from posix_connector.groups import Group
from posix_connector.log import log
from posix_connector.machine import host_name
from posix_connector.root import Root
from posix_connector.sudo.files import SudoersReader
from posix_connector.sudo.grammar import Sudoers
from posix_connector.sudo.matching import Matcher
from posix_connector.sudo.subjects import HERE, Accounts, host_lookup
from posix_connector.users import User

EVERY_COMMAND = frozenset({"ALL"})
"""What a list of commands means that has all of them in it."""


@dataclass(frozen=True, order=True)
class SudoRight:
    """A right that rules of sudoers(5) give."""

    run_as: str
    """``root``, ``ALL``, ``postgres:adm``, as the rules have it."""

    any_command: bool
    """Whether it is to run every command; otherwise it is to run some."""


@dataclass(frozen=True)
class SudoRights:
    """The sudo rights on a machine, and what is not known of them."""

    holders: dict[SudoRight, frozenset[str]]
    """The names of the accounts that hold each right."""

    unknown: tuple[str, ...]
    """What could not be read, or what could not be decided, each with the reason."""


def read_sudo_rights(
    root: Root,
    *,
    users: Sequence[User],
    groups: Sequence[Group],
) -> SudoRights:
    """The sudo rights on a machine, with a warning for each thing that cannot be found out.

    Parameters:
        root: the machine.
        users: its users.
        groups: its groups.
    """
    host = host_name(root)
    reader = SudoersReader(root, host=host)
    reader.read_all()
    accounts = Accounts(users, groups)
    who = Matcher(
        aliases=reader.sudoers.user_aliases,
        everything=accounts.all(),
        lookup=accounts.find,
    )
    where = Matcher(
        aliases=reader.sudoers.host_aliases,
        everything=HERE,
        lookup=host_lookup(host),
    )
    holders = _holders(reader.sudoers, who=who, where=where)

    undecided = [f"{item}: not known here" for item in sorted(who.undecided | where.undecided)]
    unknown = (*reader.unknown, *undecided)
    for missing in unknown:
        log.warning("sudo rights are incomplete: %s", missing)
    return SudoRights(holders, unknown)


def _holders(
    sudoers: Sudoers,
    *,
    who: Matcher,
    where: Matcher,
) -> dict[SudoRight, frozenset[str]]:
    """Who holds which right.

    A denial of a command (``ALL, !/bin/su``) takes nothing away from ``ALL``: whoever may run
    all others gets around it, as sudoers(5) warns.
    """
    what = Matcher(
        aliases=sudoers.command_aliases,
        everything=EVERY_COMMAND,
        lookup=lambda command: frozenset({command}),
    )
    holders: defaultdict[SudoRight, frozenset[str]] = defaultdict(frozenset)
    for grant in sudoers.grants:
        commands = what.names([grant.command])
        if not commands or not where.names(grant.hosts):
            continue

        run_as = sudoers.default_run_as if grant.run_as is None else grant.run_as
        holders[SudoRight(run_as, commands >= EVERY_COMMAND)] |= who.names(grant.users)
    return dict(holders)
