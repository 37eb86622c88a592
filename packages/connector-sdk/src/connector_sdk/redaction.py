"""Secrets of a call, and keeping them out of everything that leaves it (contract, section 5).

Every call keeps what it needs to recognise its secrets in a context variable. Nothing is searched
or computed until something is about to leave: a successful call pays for one small object only.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar, Token
from functools import lru_cache
from typing import Any, get_args, get_origin
from urllib.parse import parse_qs, urlsplit

from pydantic import AliasChoices, AliasPath, BaseModel, Secret, SecretBytes, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import from_json

from connector_sdk.fields import FieldType, field_type
from connector_sdk.forms import find_spans

SECRET_NAMES = frozenset(
    {
        "access_token",
        "client_secret",
        "code_verifier",
        "password",
        "refresh_token",
        "secret",
        "token",
    }
)
"""Keys whose values are secret wherever a request has them, whatever its models say."""

REDIRECT = "redirect_uri_with_code"
"""The key whose value is an address with a secret in it, the authorization code."""

SHORTEST_SECRET = 6
"""Characters. Shorter values are left alone: replacing them would garble every message."""

LONG_PEM_LINE = 16
"""Characters. A line of a PEM of this length or more is recognised by itself."""

MOST_SECRETS = 1_000
"""Secrets that one text is searched for. A request with more is no tenant's: nothing is told."""

REPLACEMENT = "***"
"""Shorter than any secret, so that replacing always ends and never writes a secret."""


class CallSecrets:
    """What is secret in one call: found in its request when asked for, or received on the way.

    Parameters:
        text: the request.
        models: those that can mark fields of the request as secret; listed when asked for.
    """

    __slots__ = ("_found", "_models", "_outer", "_received", "_text")

    def __init__(self, text: str | bytes, models: Iterable[type[BaseModel]]) -> None:
        self._text = text
        self._models = models
        self._outer = _call_secrets.get()
        """The secrets of the call that makes this one, if one does."""

        self._received: set[str] = set()
        self._found: set[str] | None = None

    def add(self, value: str) -> None:
        """Treat `value` as secret for the rest of the call."""
        self._received.update(_recognisable(value))

    def redact(self, text: str) -> str:
        """Return `text` with every form of every secret replaced."""
        return _without(self.values(), text)

    def values(self) -> set[str]:
        """Return what is looked for: the secrets of this call and of those that led to it."""
        if self._found is None:
            secrets = _secrets_of_request(self._text, secret_field_names(self._models))
            self._found = {value for secret in secrets for value in _recognisable(secret)}

        outer = set() if self._outer is None else self._outer.values()
        return self._found | self._received | outer


_call_secrets: ContextVar[CallSecrets | None] = ContextVar(
    "connector_sdk_call_secrets", default=None
)


_gathered: ContextVar[list[CallSecrets] | None] = ContextVar(
    "connector_sdk_gathered_secrets", default=None
)


def gather_secrets() -> list[CallSecrets]:
    """Return a list that from now on receives the secrets of each call begun in this context.

    For a host: with them it redacts what comes from outside a call's context, such as a thread
    that connector code started bare, or an exception that left `dispatch`.
    """
    gathered: list[CallSecrets] = []
    _gathered.set(gathered)
    return gathered


def begin_call(secrets: CallSecrets) -> Token[CallSecrets | None]:
    """Make `secrets` those of the running call; `end_call` takes the token that is returned."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered.append(secrets)

    return _call_secrets.set(secrets)


def end_call(token: Token[CallSecrets | None]) -> None:
    """Forget the secrets of the call that `begin_call` started."""
    _call_secrets.reset(token)


def add_secret(value: str) -> None:
    """Keep a value that the running call received, such as a fresh token, out of what leaves it.

    Parameters:
        value: the secret text; shorter than six characters it is ignored. Outside a call nothing
            happens.

    Raises:
        TypeError: the value is no text.
    """
    if not isinstance(value, str):
        raise TypeError(f"add_secret takes a text, not {type(value).__name__}")

    secrets = _call_secrets.get()
    if secrets is not None:
        secrets.add(value)


def redact(text: str) -> str:
    """Replace the running call's secrets in `text`, in every form of the contract (section 5).

    Call it before text is cut, or a cut could leave the half of a secret that is not recognised.
    Outside a call the text is returned as it is.
    """
    secrets = _call_secrets.get()
    return text if secrets is None else secrets.redact(text)


def redact_with(calls: Iterable[CallSecrets], text: str) -> str:
    """Replace the secrets of several calls in `text`; see `gather_secrets`."""
    return _without({value for secrets in list(calls) for value in secrets.values()}, text)


def redact_values(data: Any) -> Any:
    """Return JSON-like `data` with secrets replaced in its text values; keys stay as they are."""
    if isinstance(data, str):
        return redact(data)

    if isinstance(data, Mapping):
        return {key: redact_values(value) for key, value in data.items()}

    if isinstance(data, list | tuple):
        return [redact_values(value) for value in data]

    return data


def format_traceback(error: BaseException) -> str:
    """Return the traceback of `error` as text, with the running call's secrets replaced."""
    return redact(_traceback_of(error))


class RedactingFilter(logging.Filter):
    """A logging filter that keeps the running call's secrets out of the records of a handler.

    Add it to each handler that could see records of connector code:
    `handler.addFilter(RedactingFilter())`. It rewrites the record's message, traceback and stack
    text, and never drops a record.

    Parameters:
        elsewhere: redacts records made outside the context of a call, such as in a thread that
            connector code started bare (`asyncio.to_thread` carries the context); by default they
            stay as they are. See `gather_secrets`.
    """

    def __init__(self, elsewhere: Callable[[str], str] | None = None) -> None:
        super().__init__()
        self._elsewhere = elsewhere

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record, and keep it."""
        secrets = _call_secrets.get()
        redact = self._elsewhere if secrets is None else secrets.redact
        if redact is None:
            return True

        record.msg = redact(_message_of(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            error = record.exc_info[1]
            record.exc_text = None if error is None else _traceback_of(error)

        if record.exc_text:
            record.exc_text = redact(record.exc_text)
            record.exc_info = None  # a formatter of the host's own would write it out again

        if record.stack_info:
            record.stack_info = redact(record.stack_info)

        return True


def _message_of(record: logging.LogRecord) -> str:
    """Return a record's message, without its arguments if they do not fit."""
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a wrong log call must not fail where the connector logs
        return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


def _traceback_of(error: BaseException) -> str:
    import traceback

    try:
        return "".join(traceback.format_exception(error)).rstrip()
    except Exception:  # noqa: BLE001 # an exception can have attributes that traceback trips over
        return f"{type(error).__name__}, whose traceback cannot be written"


def secret_field_names(models: Iterable[type[BaseModel]]) -> frozenset[str]:
    """Return the names and aliases of all fields that models, or models in them, mark secret."""
    return _secret_field_names(tuple(models))


@lru_cache
def _secret_field_names(models: tuple[type[BaseModel], ...]) -> frozenset[str]:
    names: set[str] = set()
    waiting: list[Any] = list(models)
    seen: set[Any] = set()
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue

        seen.add(model)
        for name, field in model.__pydantic_fields__.items():
            types = list(_types_in(field.annotation))
            if field_type(field) is FieldType.SECRET or any(map(_is_secret_type, types)):
                names.update((name, *_aliases(field)))

            waiting.extend(part for part in types if hasattr(part, "__pydantic_fields__"))

    return frozenset(names)


def _types_in(annotation: Any) -> Iterator[Any]:
    """Yield an annotation and all it is made of: of `list[X] | None`, list, X and None too."""
    yield annotation
    yield get_origin(annotation)
    for part in get_args(annotation):
        yield from _types_in(part)


def _is_secret_type(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Secret | SecretBytes | SecretStr)


def _aliases(field: FieldInfo) -> Iterator[str]:
    """Yield the other keys that a field can be read from; of a path, the last key on it."""
    for alias in (field.alias, field.validation_alias, field.serialization_alias):
        for choice in alias.choices if isinstance(alias, AliasChoices) else (alias,):
            keys = choice.path if isinstance(choice, AliasPath) else (choice,)
            yield from [key for key in keys if isinstance(key, str)][-1:]


def _secrets_of_request(text: str | bytes, marked: frozenset[str]) -> list[str]:
    """Return the secrets in a request: by the names of the contract, and by its models' marks."""
    try:
        data = from_json(text)
    except (TypeError, ValueError):  # then it is refused, and nobody reads a value of it
        return []

    found: list[str] = []
    names_of_values = SECRET_NAMES | marked
    # In an object with such a name, as the kind of credential `token` is, each field has its own.
    names_of_objects = marked - SECRET_NAMES

    def collect(value: Any, *, is_secret: bool) -> None:  # the parser bounds how deep it goes
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == REDIRECT:
                    found.extend(_codes(inner))

                names = names_of_objects if isinstance(inner, dict) else names_of_values
                collect(inner, is_secret=is_secret or key in names)

        elif isinstance(value, list):
            for inner in value:
                collect(inner, is_secret=is_secret)

        elif is_secret and isinstance(value, str | int | float) and not isinstance(value, bool):
            found.append(str(value))

    if isinstance(data, dict):
        # A page token is opaque text that the platform may see: the one `token` that is no secret.
        data.pop("page", None)
        collect(data, is_secret=False)

    return found


def _codes(redirect_uri: Any) -> Iterator[str]:
    """Yield the authorization codes in a redirect, in its query or its fragment."""
    try:
        parts = urlsplit(redirect_uri)
        for query in (parts.query, parts.fragment):
            yield from parse_qs(query).get("code", ())
    except (AttributeError, TypeError, ValueError):  # no address
        return


def _recognisable(secret: str) -> Iterator[str]:
    """Yield what of a secret is looked for: all of it, and of a PEM each long line too."""
    for whole in {secret, secret.strip()}:
        if len(whole) >= SHORTEST_SECRET:
            yield whole

    for line in secret.splitlines() if "\n" in secret else ():
        stripped = line.strip()
        if len(stripped) >= LONG_PEM_LINE and not stripped.startswith("-----"):
            yield stripped


def _without(values: set[str], text: str) -> str:
    """Return `text` without the parts of it that are a form of one of the values."""
    if len(values) > MOST_SECRETS:
        return REPLACEMENT

    while True:
        spans = sorted(find_spans(values, text))
        if not spans:
            return text

        parts, end = [], 0
        for start, stop in spans:
            if start >= end:
                parts += [text[end:start], REPLACEMENT]

            end = max(end, stop)

        # Once more: a replacement could join two halves of another secret.
        text = "".join([*parts, text[end:]])
