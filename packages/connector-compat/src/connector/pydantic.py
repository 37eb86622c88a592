"""Telling pydantic models from other types."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

__all__ = ["PydanticModel", "get_pydantic_model", "is_pydantic_model"]

PydanticModel = frozenset({BaseModel})
"""Base classes of models; pydantic's first version, which had another one, is not supported."""


def is_pydantic_model(cls: type | None) -> bool:
    """Tell whether something is a pydantic model."""
    return isinstance(cls, type) and issubclass(cls, BaseModel)


def get_pydantic_model(annotations: Mapping[str, Any]) -> type[BaseModel]:
    """Return the first pydantic model among a function's annotations.

    Raises:
        ValueError: there is none.
    """
    for annotation in annotations.values():
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return annotation

    raise ValueError(f"none of the annotations {', '.join(annotations)} is a pydantic model")
