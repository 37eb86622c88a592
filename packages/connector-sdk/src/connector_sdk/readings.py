"""The readings of a text: as it stands, and as whoever decodes it reads it.

A value can stand in a message percent-encoded, escaped as in JSON or in Python's `repr`, or inside
base64. To find it, the text is decoded in each of these ways, also in several one after another,
and the value is looked for in what that gives. So all spellings of an encoding are known alike, and
base64 is recognised whatever stands before and behind the value.
"""

import re
from binascii import a2b_base64
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote

DEEPEST = 3
"""Encodings that are undone one after another, as for the form-encoded password in the base64 of
a header that an address holds percent-encoded."""

_CONTROL = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_STANDARD_ALPHABET = str.maketrans("-_", "+/")


@dataclass(frozen=True)
class Encoding:
    """One way of writing characters by others."""

    pattern: re.Pattern[str]
    """What is written in this way looks like this."""

    decode: Callable[[str], str]
    """Returns what a part of a text that matches the pattern stands for."""

    keeps_rest: bool = True
    """Whether the rest of a text stands for itself, as part of the same whole."""


class Piece(NamedTuple):
    """A part of a reading, and the part of the text from which it was decoded."""

    position: int
    """Where it begins in the reading."""

    start: int
    stop: int
    is_literal: bool
    """Whether it stands there as it was; then it can be divided, else only all of it is meant."""


class Reading:
    """A text, or what it decodes to; knows where in the original each part comes from."""

    def __init__(
        self, text: str, encoding: Encoding | None = None, origin: "Reading | None" = None
    ) -> None:
        self.text = text
        self._encoding = encoding
        self._origin = origin

    def decoded(self, encoding: Encoding) -> "Reading":
        """Return the reading of this one when an encoding is undone."""
        if encoding.keeps_rest:
            text = encoding.pattern.sub(lambda match: encoding.decode(match[0]), self.text)
        else:
            text = "".join(map(encoding.decode, encoding.pattern.findall(self.text)))

        return Reading(text, encoding, self)

    def find(self, value: str) -> Iterator[tuple[int, int]]:
        """Yield the parts of the original text that read as `value`, which is not empty."""
        start = self.text.find(value)
        while start >= 0:
            yield self._span(start, start + len(value))
            start = self.text.find(value, start + 1)

    def _span(self, start: int, stop: int) -> tuple[int, int]:
        """Return the part of the original text from which `text[start:stop]` was decoded."""
        if self._origin is None:
            return start, stop

        first, last = self._piece_at(start), self._piece_at(stop - 1)
        return self._origin._span(  # noqa: SLF001 # of the same class
            first.start + (start - first.position if first.is_literal else 0),
            last.start + (stop - last.position) if last.is_literal else last.stop,
        )

    def _piece_at(self, position: int) -> Piece:
        return self._pieces[bisect_right(self._pieces, position, key=lambda each: each[0]) - 1]

    @cached_property
    def _pieces(self) -> list[Piece]:
        """The pieces of the reading, in order; listed when something was found in it."""
        assert self._encoding is not None
        assert self._origin is not None
        text, pieces, position, start = self._origin.text, [], 0, 0
        for match in self._encoding.pattern.finditer(text):
            if self._encoding.keeps_rest and match.start() > start:
                pieces.append(Piece(position, start, match.start(), is_literal=True))
                position += match.start() - start

            pieces.append(Piece(position, match.start(), match.end(), is_literal=False))
            position += len(self._encoding.decode(match[0]))
            start = match.end()

        pieces.append(Piece(position, start, len(text), is_literal=True))
        return pieces


def readings(text: str) -> list[Reading]:
    """Return the text as it stands, and all its decoded readings that differ."""
    found = {text: Reading(text)}
    latest = list(found.values())
    for _ in range(DEEPEST):
        decoded = [each.decoded(encoding) for each in latest for encoding in ENCODINGS]
        latest = [each for each in decoded if each.text and each.text not in found]
        found.update((each.text, each) for each in latest)

    return list(found.values())


def _from_form(text: str) -> str:
    return " " if text == "+" else unquote(text)


def _from_escape(text: str) -> str:
    kind = text[1]
    if kind not in "uUx":
        return _CONTROL.get(kind, kind)

    units = [int(unit, 16) for unit in re.split(r"\\[uUx]", text)[1:]]
    if len(units) == 1:
        return chr(units[0])

    high, low = units
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _from_base64(text: str) -> str:
    """Return what base64 stands for, each byte a character.

    What stands directly before base64 shifts it: so it is decoded from its first four characters
    on, each time with a zero byte behind it.
    """
    text = text.rstrip("=")
    shifted = (text[shift:] for shift in range(4))
    padded = "".join(part + "A" * (4 - len(part) % 4) for part in shifted)
    return a2b_base64(padded.translate(_STANDARD_ALPHABET)).decode("latin-1")


ENCODINGS = [
    Encoding(re.compile(r"(?:%[0-9A-Fa-f]{2})+"), unquote),
    Encoding(re.compile(r"\+|(?:%[0-9A-Fa-f]{2})+"), _from_form),
    Encoding(
        re.compile(
            r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
            r"|\\u[0-9A-Fa-f]{4}|\\U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[^uUx]",
            re.DOTALL,
        ),
        _from_escape,
    ),
    Encoding(re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}"), _from_base64, keeps_rest=False),
]
"""Percent-encoding, form encoding, the escapes of JSON and of Python, and base64 of both kinds."""
