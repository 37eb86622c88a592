"""Filters (RFC 7644, section 3.4.2.2), with values that are data, whatever is in them."""

import json


def equals(attribute: str, value: str) -> str:
    """Return the filter for what has a value; it is written as a JSON string."""
    return f"{attribute} eq {json.dumps(value)}"


def value_path(attribute: str, value: str) -> str:
    """Return the path to one of an attribute's values (RFC 7644, section 3.5.2)."""
    return f"{attribute}[{equals('value', value)}]"
