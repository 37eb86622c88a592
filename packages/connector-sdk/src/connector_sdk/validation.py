"""Saying what is wrong with data, and never what the data is (contract, rows 7 and 8)."""

from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

MOST_PLACES = 20
"""Places that one message names; a body of 20 MB can be wrong in millions."""

SHORTEST_QUOTE = 3
"""Characters. A shorter value stands in any sentence by chance."""

_ECHOING = frozenset({"value_error", "assertion_error"})
"""Error types whose words come from the author's validator, which may have quoted the value."""

_ECHOING_CONTEXT = frozenset({"error", "tag", "input_value"})
"""Context keys through which pydantic's own words could quote the value."""


def describe(error: ValidationError, model: type[BaseModel] | None, *, inside: str = "") -> str:
    """Return all places at which data does not fit `model`, with what is wrong at each.

    Parameters:
        error: what pydantic raised for the data.
        model: the model that the data was read into; None when it is not known, and then only
            the outermost field is named.
        inside: the place of the data itself, such as `settings`; empty for the whole request.

    Returns:
        Text such as `request.account_id: Field required; page.size: Input should be a valid
        integer`. Values of the data, and keys of free dictionaries, are never part of it.
    """
    if error.error_count() > 100 * MOST_PLACES:
        return f"{inside or 'the request'}: {error.error_count()} places do not fit"

    # Several keys of one free dictionary share a place, so the same words are said once.
    sentences = dict.fromkeys(
        f"{_place(details['loc'], model, inside)}: {_what_is_wrong(details)}"
        for details in error.errors(include_url=False)
    )
    named = list(sentences)[:MOST_PLACES]
    if len(sentences) > MOST_PLACES:
        named.append(f"and {len(sentences) - MOST_PLACES} more places")

    return "; ".join(named)


def _place(loc: tuple[int | str, ...], model: type[BaseModel] | None, inside: str) -> str:
    """Return pydantic's location as a path such as `credentials[0].basic.password`.

    The path ends at the last field that a model declares: what follows is a key of a free
    dictionary, which came with the data, or the name of a branch of a union.
    """
    path = inside
    if model is None:
        return ".".join([path, *map(str, loc[:1])]).strip(".") or "the data"

    annotation: Any = model
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
            continue

        field = _declared_field(annotation, part)
        if field is None:
            break

        path += f".{part}" if path else part
        annotation = field

    return path or "the request"


def _declared_field(annotation: Any, key: str) -> Any:
    """Return the annotation of the field named `key` in the models within `annotation`."""
    for model in _models_in(annotation):
        for name, field in model.model_fields.items():
            if key in (name, field.alias, field.validation_alias):
                return field.annotation

    return None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that such a value can be, through unions and lists, not dicts."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]

    if get_origin(annotation) is dict:
        return []

    return [model for part in get_args(annotation) for model in _models_in(part)]


def _what_is_wrong(details: ErrorDetails) -> str:
    kind = details["type"]
    message = details["msg"]
    if kind in _ECHOING:
        return "Value is not valid" if _quotes(message, details["input"]) else message

    if _ECHOING_CONTEXT.intersection(details.get("ctx", ())):
        return f"Value is not valid ({kind})"

    return message


def _quotes(message: str, value: Any) -> bool:
    """Tell whether a message contains the value, or a text in it, in capitals or not."""
    if isinstance(value, dict):
        return any(_quotes(message, inner) for inner in value.values())

    if isinstance(value, list | tuple):
        return any(_quotes(message, inner) for inner in value)

    text = str(value)
    return len(text) >= SHORTEST_QUOTE and text.casefold() in message.casefold()
