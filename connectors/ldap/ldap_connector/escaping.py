r"""Values within filters and names: whatever a value is, it stays one value.

Every byte that is not an ASCII letter or digit is written as `\XX`, which both grammars take
(RFC 4515, section 3; RFC 4514, section 3). So no character can end a value or start something
else, and there is no list of special characters to be incomplete.
"""

import re
from collections.abc import Iterable

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

_SPACED_SEPARATOR = re.compile(r"(?<!\\) *([,+=]) *")


def escaped(value: str | bytes) -> str:
    """Return a value as it stands in a filter or a name.

    Parameters:
        value: text, which goes as UTF-8, or the bytes themselves.
    """
    data = value.encode() if isinstance(value, str) else value
    return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:02x}" for byte in data)


def equals(attribute: str, value: str | bytes) -> str:
    """Return the filter for entries that have this value of an attribute."""
    return f"({attribute}={escaped(value)})"


def all_of(filters: Iterable[str]) -> str:
    """Return the filter for entries that pass all of them."""
    return f"(&{''.join(filters)})"


def any_of(filters: Iterable[str]) -> str:
    """Return the filter for entries that pass at least one of them."""
    return f"(|{''.join(filters)})"


def name_below(attribute: str, value: str, parent: str) -> str:
    """Return the distinguished name of an entry below another one."""
    return f"{attribute}={escaped(value)},{parent}"


def folded(name: str) -> str:
    """Return a distinguished name so that two spellings of the same one are equal.

    The case of letters, spaces around separators and the ways to escape a character make no
    difference; that is what the names of people and groups can differ in.
    """
    text = _SPACED_SEPARATOR.sub(r"\1", name.strip())
    if "\\" in text:
        text = re.sub(r"(?:\\[0-9A-Fa-f]{2})+|\\.", _one_escape, text)

    return text.casefold()


def _one_escape(match: re.Match[str]) -> str:
    """Write what is escaped in the one way that `escaped` has, letters beyond ASCII as they are."""
    text = match[0]
    data = bytes.fromhex(text.replace("\\", "")) if len(text) > 2 else text[1].encode()  # noqa: PLR2004 # `\` and a character
    decoded = data.decode(errors="surrogateescape")
    return "".join(f"\\{ord(each):02x}" if not each.isalnum() else each for each in decoded)
