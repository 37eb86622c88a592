"""Saying what is wrong with data, and never what the data is (contract, rows 7 and 8)."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from connector_sdk.forms import text_forms

MOST_PLACES = 20
"""Places that one message names; a body of 20 MB can be wrong in millions."""

SHORTEST_QUOTE = 3
"""Characters. A shorter value stands in any sentence by chance."""

_PREFIX_BY_TYPE = {"assertion_error": "Assertion failed, ", "value_error": "Value error, "}
"""Error types of Python's exceptions, and what pydantic puts before an author's words."""

_OWN_WORDS = frozenset(get_args(ErrorType)) - _PREFIX_BY_TYPE.keys()
"""Error types with pydantic's words; all others have an author's, which may quote the value."""

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
        _sentence(details, model, inside) for details in error.errors(include_url=False)
    )
    named = list(sentences)[:MOST_PLACES]
    if len(sentences) > MOST_PLACES:
        named.append(f"and {len(sentences) - MOST_PLACES} more places")

    return "; ".join(named)


def _sentence(details: ErrorDetails, model: type[BaseModel] | None, inside: str) -> str:
    if model is None:
        return f"{'.'.join(map(str, details['loc'][:1])) or 'the data'}: {_what_is_wrong(details)}"

    path, annotation = _place(details["loc"], model, inside)
    return f"{path}: {_what_is_wrong(details, annotation)}"


def _place(loc: tuple[int | str, ...], model: type[BaseModel], inside: str) -> tuple[str, Any]:
    """Return pydantic's location as a path such as `credentials[0].basic.password`, and its type.

    The path ends at the last field that a model declares: what follows is a key of a free
    dictionary, which came with the data, or the name of a branch of a union.
    """
    path = inside
    annotation: Any = model
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
            continue

        field = _declared_field(annotation, part)
        if field is None:
            break

        path += f".{part}" if path else part
        annotation = field.annotation

    return path or "the request", annotation


def _declared_field(annotation: Any, key: str) -> FieldInfo | None:
    """Return the field that is read from `key` in the models within `annotation`."""
    for model in _models_in(annotation):
        field = _keys(model).get(key)
        if field is not None:
            return field

    return None


def _keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by their names, and by the keys they are read from."""
    keys = dict(model.model_fields)
    for field in model.model_fields.values():
        for alias in (field.alias, field.validation_alias):
            for choice in alias.choices if isinstance(alias, AliasChoices) else (alias,):
                if isinstance(choice, str):
                    keys[choice] = field

    return keys


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that such a value can be, through unions and lists, not dicts."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]

    if get_origin(annotation) is dict:
        return []

    return [model for part in get_args(annotation) for model in _models_in(part)]


def _what_is_wrong(details: ErrorDetails, annotation: Any = None) -> str:
    """Return the words for a mistake; of an author's, only those that quote nothing of the data.

    Parameters:
        details: the mistake.
        annotation: the type of the data; what it declares can be named.
    """
    kind = details["type"]
    message = details["msg"].removeprefix(_PREFIX_BY_TYPE.get(kind, ""))
    if kind not in _OWN_WORDS:
        words = message.casefold()
        is_quoted = any(
            form.casefold() in words
            for text in _texts(details["input"], _names_in(annotation))
            if len(text) <= len(message)
            for form in text_forms(text)
        )
        return "Value is not valid" if is_quoted or not message else message

    if _ECHOING_CONTEXT.intersection(details.get("ctx", ())):
        return f"Value is not valid ({kind})"

    return message


def _names_in(annotation: Any) -> set[str]:
    """Return the keys that the models in an annotation declare, and those in their fields."""
    names: set[str] = set()
    waiting, seen = _models_in(annotation), set()
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            names.update(_keys(model))
            waiting.extend(
                part
                for field in model.model_fields.values()
                for part in _models_in(field.annotation)
            )

    return names


def _texts(value: Any, names: set[str]) -> Iterator[str]:
    """Yield what is told by a value, a value in it, or a key of it that is no declared name."""
    if isinstance(value, dict):
        yield from (
            key for key in map(str, value) if len(key) >= SHORTEST_QUOTE and key not in names
        )
        for inner in value.values():
            yield from _texts(inner, names)

    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, names)

    elif value is not None and not isinstance(value, bool) and len(str(value)) >= SHORTEST_QUOTE:
        yield str(value)
