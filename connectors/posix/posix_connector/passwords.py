"""What a password field says, without the password hash.

This is the only place that looks at such a field, and a `Password` is all that leaves it.
"""

from enum import Enum

ELSEWHERE = frozenset({"x", "*", "********"})
"""What stands in passwd(5) where the field itself is in a file for root's eyes only.

Linux writes ``x``, the BSDs ``*``, macOS ``********``.
"""


class Password(str, Enum):
    """What an account's password field lets in."""

    SET = "set"
    """Whoever knows the password."""

    LOCKED = "locked"
    """Nobody: an exclamation mark stands before what is, or may once be, a hash (shadow(5))."""

    NONE = "none"
    """Nobody: what stands there is no hash, so that no password can match (shadow(5))."""

    EMPTY = "empty"
    """Everybody: no password is asked for (shadow(5))."""


def parse_password(field: str) -> Password:
    """What a password field of shadow(5) says."""
    if not field:
        return Password.EMPTY
    if field.startswith("!"):
        return Password.LOCKED
    if field.startswith("*"):
        return Password.NONE
    return Password.SET


def parse_public_password(field: str) -> Password | None:
    """What a password field of passwd(5) says; None if it refers to another file."""
    return None if field in ELSEWHERE else parse_password(field)
