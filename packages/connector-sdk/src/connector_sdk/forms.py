"""The forms in which a value can stand in text, and where it does (contract, section 5).

A value is looked for as it is, percent-encoded, escaped as in JSON or in Python's `repr`, in two of
these one inside the other, and inside base64. Looking for a form is one search of the text by the
interpreter, so that an error with a body of megabytes costs milliseconds.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_TO_URL_ALPHABET = str.maketrans("+/", "-_")
_TO_PERCENTS = str.maketrans({"+": "%2B", "/": "%2F"})
_BASE64_BEFORE = re.compile(r"[A-Za-z0-9+/_%-]*\Z")
_BASE64_BEHIND = re.compile(r"[A-Za-z0-9+/_%-]*={0,2}")

_SAFE_IN_QUERY = "!$%&'()*+,/:;=?@[\\]^`{|}"
_SAFE_IN_PATH = "!$%&'()*+,/:;=@[\\]^|"
"""What the URL standard leaves as it is, as HTTP clients do with an address that they are given."""

_PLAIN = re.compile(r"[A-Za-z0-9_.-]*")
"""Text that every encoding leaves as it is. Most secrets are: to see it takes 1 of 50 µs."""

LONGEST_BASE64 = 8192
"""Characters of base64 before a value that are replaced together with it."""


def find_spans(values: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where in `text` a form of one of the values stands: start and stop.

    Base64 that a value is part of is taken whole: what stands beside a password in a header, or in
    a token, is of no use to a reader, and could betray its ends.
    """
    for value in values:
        if len(value) > len(text):
            continue

        for form in text_forms(value):
            for start in _positions(form, text):
                yield start, start + len(form)

        for core in base64_cores(value):
            for start in _positions(core, text):
                before = _BASE64_BEFORE.search(text, max(0, start - LONGEST_BASE64), start)
                behind = _BASE64_BEHIND.match(text, start + len(core))
                assert before is not None  # each can match nothing, and then does
                assert behind is not None
                yield before.start(), behind.end()


def text_forms(value: str) -> set[str]:
    """Return a value as it is, encoded, and in one encoding inside another."""
    once = _encoded(value)
    return once.union(*map(_encoded, once))


def base64_cores(value: str) -> set[str]:
    """Return what base64 and base64url have of a value, whatever stands before and behind it."""
    cores = {core for form in _encoded(value) for core in _cores(form)}
    return cores.union(
        *((core.translate(_TO_URL_ALPHABET), core.translate(_TO_PERCENTS)) for core in cores)
    )


def _encoded(value: str) -> set[str]:
    """Return a value as it is, and in each encoding of text."""
    if _PLAIN.fullmatch(value):
        return {value}

    import json  # 2 ms, which a call without an error does not pay

    as_json = json.dumps(value)[1:-1]
    percents = {
        quote(value, errors="replace"),
        quote(value, safe="", errors="replace"),
        quote(value, safe=_SAFE_IN_PATH, errors="replace"),
        quote(value, safe=_SAFE_IN_QUERY, errors="replace"),
        quote_plus(value, errors="replace"),
    }
    return {
        value,
        as_json,
        as_json.replace("/", "\\/"),
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        ascii(value)[1:-1],
        repr(value.encode(errors="replace"))[2:-1],
        *percents,
        *map(_with_lower_percents, percents),
    }


def _with_lower_percents(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), text)


def _cores(text: str) -> Iterator[str]:
    """Yield the characters of base64 that a text alone decides, for each of its three alignments.

    Base64 writes three bytes as four characters. Zero, one or two bytes can stand before the text
    in its first group of three; characters that also hold bits of a neighbour are left out.
    """
    data = text.encode(errors="replace")
    for before in range(3):
        encoded = b64encode(bytes(before) + data).decode()
        yield encoded[(8 * before + 5) // 6 : 8 * (before + len(data)) // 6]


def _positions(form: str, text: str) -> Iterator[int]:
    position = text.find(form)
    while position >= 0:
        yield position
        position = text.find(form, position + 1)
