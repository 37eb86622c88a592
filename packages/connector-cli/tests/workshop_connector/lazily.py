"""Imported by a name that only exists when the connector runs."""

WORDS = "found by name"
