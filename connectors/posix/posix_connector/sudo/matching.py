"""Who, or what, a list of sudoers(5) means."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from posix_connector.sudo.grammar import Aliases, Item

DEEPEST = 100
"""How deep aliases may stand inside aliases; one that contains itself goes on for ever."""

Lookup = Callable[[str], frozenset[str] | None]
"""Finds the names that one item means; None if that cannot be found out here."""


class _Match(NamedTuple):
    """What a list says of names: yes, no, or, of all others, nothing."""

    included: frozenset[str]
    excluded: frozenset[str]


_NOTHING = _Match(frozenset(), frozenset())


class Matcher:
    """Finds the names that lists of one kind mean; of two items about a name the last counts.

    Parameters:
        aliases: the aliases of that kind.
        everything: what ``ALL`` means.
        lookup: what an item means that is neither ``ALL`` nor an alias.
    """

    def __init__(self, *, aliases: Aliases, everything: frozenset[str], lookup: Lookup) -> None:
        self._aliases = aliases
        self._everything = everything
        self._lookup = lookup
        self._known: dict[str, _Match] = {}
        self.undecided: set[str] = set()
        """Items met so far whose meaning cannot be found out here."""

    def names(self, items: Sequence[Item]) -> frozenset[str]:
        """The names that a list means."""
        return self._match_list(items, depth=0).included

    def _match_list(self, items: Sequence[Item], *, depth: int) -> _Match:
        included: frozenset[str] = frozenset()
        excluded: frozenset[str] = frozenset()
        for item in items:
            yes, no = self._match_item(item.text, depth=depth)
            if item.negated:
                yes, no = no, yes
            included = (included - no) | yes
            excluded = (excluded - yes) | no
        return _Match(included, excluded)

    def _match_item(self, text: str, *, depth: int) -> _Match:
        if text not in self._known:
            self._known[text] = self._find(text, depth=depth)
        return self._known[text]

    def _find(self, text: str, *, depth: int) -> _Match:
        if text == "ALL":
            return _Match(self._everything, frozenset())

        if text in self._aliases and depth < DEEPEST:
            return self._match_list(self._aliases[text], depth=depth + 1)

        names = None if text in self._aliases else self._lookup(text)
        if names is None:
            self.undecided.add(text)
            return _NOTHING
        return _Match(names, frozenset())
