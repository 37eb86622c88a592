"""The grammar of sudoers(5), as far as it says who may run something as somebody.

    User_Alias  ADMINS = alice, %wheel, !bob
    ADMINS      ALL = (root, postgres : adm) NOPASSWD: /usr/bin/psql, !/usr/bin/su

Read are aliases and rules: who, on which hosts, as whom, which command. Passed over are
`Defaults` but for `runas_default`, tags such as `NOPASSWD:`, and options such as `NOTAFTER=`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from posix_connector.sudo.scanner import Scanner, token

DEFAULT_RUN_AS = "root"
"""As whom a command is run if nothing else is said."""


class Item(NamedTuple):
    """One of a list of users, hosts or commands."""

    text: str
    """``alice``, ``%group``, ``#uid``, ``+netgroup``, ``ALL``, an alias, a command."""

    negated: bool = False


class Grant(NamedTuple):
    """That some users may run a command, on some hosts, as somebody."""

    users: Sequence[Item]
    hosts: Sequence[Item]
    run_as: str | None
    """``root``, ``ALL``, ``postgres:adm``, ``:adm``; None if the rule does not say."""

    command: Item


Aliases = dict[str, Sequence[Item]]
"""What each alias of one kind stands for, by its name."""


@dataclass
class Sudoers:
    """What lines of sudoers(5) say, taken together."""

    user_aliases: Aliases = field(default_factory=dict)
    host_aliases: Aliases = field(default_factory=dict)
    command_aliases: Aliases = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    default_run_as: str = DEFAULT_RUN_AS

    def add(self, line: str) -> None:
        """Take in one line; `SudoersError`, and nothing is taken in, if it is not understood."""
        if _DEFAULTS.match(line):
            run_as = _RUNAS_DEFAULT.match(line)
            self.default_run_as = run_as["name"] if run_as else self.default_run_as
            return

        scanner = Scanner(line)
        kind = scanner.take(_ALIAS_KIND)
        if kind is None:
            self.grants += list(_grants(scanner))
        elif kind in {"Cmnd_Alias", "Cmd_Alias"}:
            self.command_aliases |= dict(_aliases(scanner, _COMMAND))
        elif kind == "Host_Alias":
            self.host_aliases |= dict(_aliases(scanner, _WORD))
        elif kind == "User_Alias":
            self.user_aliases |= dict(_aliases(scanner, _WORD))


_DEFAULTS = re.compile(r"Defaults(?![A-Za-z0-9_.-])")
_RUNAS_DEFAULT = re.compile(r'Defaults\s(?:.*[\s,])?runas_default\s*=\s*"?(?P<name>[^\s,"]+)')

_ALIAS_KIND = token(r"(?:User|Runas|Host|Cmnd|Cmd)_Alias\b")
_ALIAS_NAME = token(r"[A-Z][A-Z0-9_]*")
_WORD = token(r'(?:%:?#?|\+|#)?(?:"[^"]*"|(?:\\.|[^\s#!=:,()"\\])+)')
"""A user or a host; a prefix says that it is a group, a netgroup or a number."""

_COMMAND = token(
    r"(?:sha(?:224|256|384|512)\s*:\s*[A-Za-z0-9+/=]+\s*(?:,\s*)?)*"  # digests
    r"(?:(?:/|\^|sudoedit\b|list\b)(?:\\.|[^\\,:])*"  # a path or a pattern, with arguments
    r"|[A-Z][A-Z0-9_]*(?![^\s,:]))"  # ALL or an alias
)
"""A command; a digest before it says which contents its file must have."""

_RUN_AS = token(r"\([^()]*\)")
_TAG_OR_OPTION = token(
    r"(?:ROLE|TYPE|APPARMOR_PROFILE|PRIVS|LIMITPRIVS|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER)"
    r'\s*=\s*(?:"[^"]*"|(?:\\.|[^\s\\,:])+)'
    r"|(?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)\s*:"
)
_NOT = token(r"!")
_COMMA = token(r",")
_COLON = token(r":")
_EQUALS = token(r"=")


def _aliases(scanner: Scanner, member: re.Pattern[str]) -> Iterator[tuple[str, Sequence[Item]]]:
    """``NAME = list : NAME = list``."""
    more = True
    while more:
        name = scanner.expect(_ALIAS_NAME)
        scanner.expect(_EQUALS)
        yield name, _list(scanner, member)
        more = scanner.has(_COLON)
    scanner.expect_end()


def _grants(scanner: Scanner) -> Iterator[Grant]:
    """``users hosts = commands : hosts = commands``."""
    users = _list(scanner, _WORD)
    more = True
    while more:
        hosts = _list(scanner, _WORD)
        scanner.expect(_EQUALS)
        for run_as, command in _commands(scanner):
            yield Grant(users, hosts, run_as, command)
        more = scanner.has(_COLON)
    scanner.expect_end()


def _commands(scanner: Scanner) -> Iterator[tuple[str | None, Item]]:
    """``(run as) TAG: command, command``; a command is run as whom the one before it is."""
    run_as = None
    more = True
    while more:
        given = scanner.take(_RUN_AS)
        run_as = run_as if given is None else _plain_run_as(given)
        while scanner.has(_TAG_OR_OPTION):
            pass
        yield run_as, _item(scanner, _COMMAND)
        more = scanner.has(_COMMA)


def _list(scanner: Scanner, member: re.Pattern[str]) -> Sequence[Item]:
    """``item, !item``."""
    items = [_item(scanner, member)]
    while scanner.has(_COMMA):
        items.append(_item(scanner, member))
    return items


def _item(scanner: Scanner, form: re.Pattern[str]) -> Item:
    negated = False
    while scanner.has(_NOT):
        negated = not negated
    return Item(_plain(scanner.expect(form)), negated)


def _plain(word: str) -> str:
    """A word without the quotes and backslashes that keep its characters from being signs."""
    return re.sub(r"\\(.)|\"", r"\1", word).strip()


def _plain_run_as(parenthesis: str) -> str:
    """``( root, adm : wheel )`` as ``root,adm:wheel``."""
    users, _, groups = parenthesis[1:-1].partition(":")
    joined = [",".join(map(_plain, part.split(","))) for part in (users, groups)]
    return ":".join(joined).rstrip(":")
