"""The lines of a sudoers(5) file, without comments, continued lines joined."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_INCLUDE = re.compile(r'(?:\s*@|#)include(?P<dir>dir)?[ \t]+(?P<path>"[^"]*"|(?:\\[ \t]|\S)+)')
_CODE = re.compile(r'(?:\\.|"[^"]*"|#-?[0-9]|[^#])*')
"""A line up to its comment: escaped, quoted, or before a number, ``#`` starts none."""

_CONTINUED = re.compile(r"(?<!\\)(?:\\\\)*\\\s*$")
"""A backslash at the end that is not itself escaped."""


@dataclass(frozen=True)
class Line:
    """What one line says, or several that continue each other."""

    number: int
    """Of its first line in the file, from 1."""

    text: str


@dataclass(frozen=True)
class Include:
    """A line that names another file to read, or a directory of them."""

    number: int
    path: str
    is_directory: bool


def logical_lines(text: str) -> Iterator[Line | Include]:
    """The lines of a file that say something.

    The comment is taken off before a line is continued: what follows a comment that ends in a
    backslash counts.
    """
    number = 0
    held = ""
    for current, line in enumerate(text.split("\n"), start=1):
        include = None if held else _INCLUDE.match(line)
        if include:
            path = include["path"].strip('"').replace("\\ ", " ")
            yield Include(current, path, is_directory=bool(include["dir"]))
            continue

        number = number if held else current
        code = _without_comment(line)
        if code == line and _CONTINUED.search(line):
            held += line.rstrip()[:-1] + " "
            continue

        joined = (held + code).strip()
        if joined:
            yield Line(number, joined)
        held = ""

    if held.strip():
        yield Line(number, held.strip())


def _without_comment(line: str) -> str:
    code = _CODE.match(line)
    return code[0] if code else line
