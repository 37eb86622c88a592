"""Types of a response's `raw_data`."""

from typing import Any

__all__ = ["OptionalRawDataType", "RawDataType"]

RawDataType = dict[str, dict[str, Any] | None]
"""The app's replies, by the URL that they came from."""

OptionalRawDataType = RawDataType | None
"""The same, or None when they were not asked for."""
