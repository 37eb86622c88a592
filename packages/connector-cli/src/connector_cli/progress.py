"""A line on stderr that says how far a long listing is, on a terminal only."""

import os
from types import TracebackType
from typing import Self

from connector_cli.descriptors import say

CLEAR = "\r\x1b[K"
"""Moves to the start of the line and empties it (ECMA-48, EL)."""


class Progress:
    """Shows what a listing has read so far; used with `with`, it leaves nothing behind.

    Parameters:
        name: the capability.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._pages = self._items = 0
        self._shown = os.isatty(2) and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Self:
        self._show("…")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()

    def advance(self, items: int) -> None:
        """Count a page of so many items."""
        self._pages += 1
        self._items += items
        self._show(f"{self._pages:,} pages, {self._items:,} items …")

    def clear(self) -> None:
        """Empty the line, before something else is written to the terminal."""
        self._write(CLEAR)

    def _show(self, text: str) -> None:
        self._write(f"{CLEAR}{self._name}: {text}")

    def _write(self, text: str) -> None:
        if self._shown:
            say(text, end="")
