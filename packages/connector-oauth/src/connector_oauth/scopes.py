"""Scopes: lists of them in one text, separated by spaces (RFC 6749, section 3.3)."""

from collections.abc import Iterable


def join_scopes(scopes: Iterable[str]) -> str:
    """Return scopes as one text, each once, in the order in which they first come.

    Parameters:
        scopes: texts that each hold one scope, or several separated by spaces.
    """
    return " ".join(dict.fromkeys(scope for text in scopes for scope in text.split()))
