"""Bytes of the machine as text.

Unix names are bytes. Most are UTF-8; one that is not must still be told apart from all others,
and must still fit into JSON, which has no room for Python's lone surrogates.
"""

from os import fsencode


def text_of(raw: bytes) -> str:
    r"""Bytes as text: UTF-8, and each byte that is no UTF-8 as ``\xNN``."""
    return raw.decode("utf-8", "backslashreplace")


def text_of_field(field: str | None) -> str:
    """A field of a record from Python's modules pwd and grp, in the form of `text_of`."""
    return text_of(fsencode(field or ""))


def c_string(field: bytes) -> str:
    """The text of a C array of char: whatever comes before the first NUL."""
    return text_of(field.partition(b"\0")[0])
