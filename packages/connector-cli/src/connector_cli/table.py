"""Records as a table for people, in plain text: a heading, then a line a record."""

import json
import unicodedata
from collections.abc import Mapping, Sequence

GAP = "  "
"""What stands between two columns."""

NARROWEST = 7
"""Columns of the terminal that a shortened column keeps at least: enough for `version`."""


def render_table(items: Sequence[Mapping[str, object]], *, width: int) -> str:
    """Return records as a table, no line longer than `width`.

    Columns are the records' keys in the order in which they first appear; a column that is empty
    in every record is left out. Where the table is too wide, headings are shortened first and then
    the widest columns. Of a heading that is cut its beginning is left, of a value both ends: ids
    may begin alike, and end alike. Control characters in values are shown as `?`, so
    that data cannot move a terminal's cursor.

    Parameters:
        items: the records, such as the accounts of a page, as JSON values.
        width: columns of the terminal.
    """
    columns = {
        key: [_cell(item.get(key)) for item in items]
        for key in dict.fromkeys(key for item in items for key in item)
    }
    columns = {key: cells for key, cells in columns.items() if any(cells)}
    if not columns:
        return "(nothing)"

    headings = [_cell(key) for key in columns]
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    widths = _fit(
        [_width(heading) for heading in headings],
        [max(map(_width, cells)) for cells in columns.values()],
        room=width - len(GAP) * (len(headings) - 1),
    )
    lines = [
        _line(headings, widths, ends=1),
        _line(["─" * each for each in widths], widths, ends=1),
        *(_line(row, widths, ends=2) for row in rows),
    ]
    return "\n".join(lines)


def _cell(value: object) -> str:
    """Return a JSON value as one line of text."""
    if value is None:
        return ""

    if isinstance(value, bool):
        return "yes" if value else "no"

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(each if unicodedata.category(each)[0] != "C" else "?" for each in text)


def _fit(headings: list[int], cells: list[int], *, room: int) -> list[int]:
    """Return column widths that fit the room: headings give way first, then the widest columns."""
    fitted = list(map(max, headings, cells))
    while sum(fitted) > room:
        excess = [have - max(need, NARROWEST) for have, need in zip(fitted, cells, strict=True)]
        widest = excess.index(max(excess)) if max(excess) > 0 else fitted.index(max(fitted))
        if fitted[widest] <= NARROWEST:
            break

        fitted[widest] -= 1

    return fitted


def _line(cells: list[str], widths: list[int], *, ends: int) -> str:
    """Return cells as a line, each as wide as its column; `ends` is for those that are cut."""
    cut = [_cut(cell, width, ends=ends) for cell, width in zip(cells, widths, strict=True)]
    padded = [text + " " * (each - _width(text)) for text, each in zip(cut, widths, strict=True)]
    return GAP.join(padded).rstrip()


def _cut(text: str, width: int, *, ends: int) -> str:
    """Return a text that takes at most `width` columns, with `…` for what is left out.

    Parameters:
        text: the text.
        width: columns of the terminal.
        ends: 1 to keep its beginning, 2 to keep its beginning and its end.
    """
    if _width(text) <= width:
        return text

    room = width - 1
    end = _beginning(text[::-1], room // 2)[::-1] if ends > 1 else ""
    return f"{_beginning(text, room - _width(end))}…{end}"


def _beginning(text: str, width: int) -> str:
    """Return as much of a text as fits."""
    kept = ""
    for each in text:
        if _width(kept + each) > width:
            break

        kept += each

    return kept


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide characters two, marks none."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )
