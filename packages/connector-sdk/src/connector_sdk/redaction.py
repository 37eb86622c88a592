"""Secrets of a call, and keeping them out of everything that leaves it (contract, section 5).

Every call keeps what it needs to recognise its secrets in a context variable. Nothing is searched
or computed until something is about to leave: a successful call pays for one small object only.
"""

import json
import logging
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar, Token
from typing import Any, get_args
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

from pydantic import BaseModel, SecretBytes, SecretStr

from connector_sdk.fields import FieldType, field_type

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

SHORTEST_SECRET = 6
"""Characters. Shorter values are left alone: replacing them would garble every message."""

LONG_PEM_LINE = 16
"""Characters. A line of a PEM of this length or more is recognised by itself."""

LONGEST_COMPANION = 256
"""Characters. No longer text beside a secret is tried as its user name in HTTP Basic."""

REPLACEMENT = "***"
"""Shorter than any secret, so that replacing always ends and never writes a secret."""


_Secret = tuple[str, tuple[str, ...]]
"""A secret, with the texts beside it that could be its user name in HTTP Basic."""


class CallSecrets:
    """What is secret in one call: found in its request when asked for, or received on the way."""

    __slots__ = ("_found", "_models", "_received", "_text")

    def __init__(self, text: str | bytes, models: Iterable[type[BaseModel]]) -> None:
        self._text = text
        self._models = models
        self._received: list[str] = []
        self._found: list[_Secret] | None = None

    def add(self, value: str) -> None:
        """Treat `value` as secret for the rest of the call."""
        self._received.append(value)

    def redact(self, text: str) -> str:
        """Return `text` with every form of every secret replaced."""
        if self._found is None:
            self._found = list(_secrets_of_request(self._text, secret_field_names(self._models)))

        received: list[_Secret] = [(value, ()) for value in self._received]
        forms = {
            form
            for secret, companions in self._found + received
            if SHORTEST_SECRET <= len(secret) <= len(text)
            for form in _forms(secret, companions)
        }
        for secret, _ in self._found + received:
            if "\n" in secret:
                forms.update(form for line in _long_lines(secret) for form in _forms(line, ()))

        return _replace_all(text, sorted(forms, key=len, reverse=True))


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
    """
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
    for secrets in list(calls):
        text = secrets.redact(text)

    return text


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
    import traceback

    return redact("".join(traceback.format_exception(error)).rstrip())


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
            record.exc_text = logging.Formatter().formatException(record.exc_info)

        if record.exc_text:
            record.exc_text = redact(record.exc_text)

        if record.stack_info:
            record.stack_info = redact(record.stack_info)

        return True


def _message_of(record: logging.LogRecord) -> str:
    """Return a record's message, without its arguments if they do not fit."""
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a wrong log call must not fail where the connector logs
        return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


def secret_field_names(models: Iterable[type[BaseModel]]) -> frozenset[str]:
    """Return the names and aliases of all fields that models, or models in them, mark secret."""
    names: set[str] = set()
    waiting = list(models)
    seen: set[type[BaseModel]] = set()
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue

        seen.add(model)
        for name, field in model.model_fields.items():
            types = list(_types_in(field.annotation))
            if field_type(field) is FieldType.SECRET or SecretStr in types or SecretBytes in types:
                aliases = (field.alias, field.validation_alias, field.serialization_alias)
                names.update((name, *(alias for alias in aliases if isinstance(alias, str))))

            waiting.extend(
                part for part in types if isinstance(part, type) and issubclass(part, BaseModel)
            )

    return frozenset(names)


def _types_in(annotation: Any) -> Iterator[Any]:
    """Yield an annotation and all it is made of: of `list[X] | None`, X and None too."""
    yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)


def _secrets_of_request(text: str | bytes, marked: frozenset[str]) -> Iterator[_Secret]:
    """Yield the secrets in a request: by the names of the contract, and by its models' marks."""
    try:
        data = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return

    if not isinstance(data, dict):
        return

    settings = tuple(_short_texts(data.get("settings")))
    # A page token is opaque text that the platform may see: the one `token` that is no secret.
    waiting: list[Any] = [{key: value for key, value in data.items() if key != "page"}]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from _secrets_of_object(value, SECRET_NAMES | marked, settings)
            waiting.extend(value.values())

        elif isinstance(value, list):
            waiting.extend(value)


def _secrets_of_object(
    value: dict[str, Any], names: frozenset[str], settings: tuple[str, ...]
) -> Iterator[_Secret]:
    companions = (*_short_texts(value), *settings)
    for key, inner in value.items():
        if key in names:
            for secret in _leaves(inner):
                yield secret, companions
                yield secret.strip(), companions

        elif key == "redirect_uri_with_code" and isinstance(inner, str):
            yield from ((code, ()) for code in _codes(inner))


def _short_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (
            text
            for text in value.values()
            if isinstance(text, str) and len(text) <= LONGEST_COMPANION
        )


def _leaves(value: Any) -> Iterator[str]:
    """Yield the texts and numbers in a JSON value."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            yield value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield str(value)


def _codes(redirect_uri: str) -> Iterator[str]:
    """Yield the authorization codes in a redirect, in its query or its fragment."""
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        return

    for query in (parts.query, parts.fragment):
        yield from parse_qs(query).get("code", ())


def _long_lines(pem: str) -> Iterator[str]:
    for line in pem.splitlines():
        stripped = line.strip()
        if len(stripped) >= LONG_PEM_LINE and not stripped.startswith("-----"):
            yield stripped


def _forms(secret: str, companions: Iterable[str]) -> Iterator[str]:
    """Yield the forms in which a secret could appear in text (contract, section 5)."""
    yield secret
    yield quote(secret, errors="replace")
    yield quote(secret, safe="", errors="replace")
    yield quote_plus(secret, errors="replace")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield from _base64(secret)
    form_encoded = quote_plus(secret, errors="replace")
    for user in ("", *companions):
        yield from _base64(f"{user}:{secret}")
        yield from _base64(f"{quote_plus(user, errors='replace')}:{form_encoded}")

    # Some services take an API key as the user name, with an empty password.
    yield from _base64(f"{secret}:")


def _base64(text: str) -> tuple[str, str]:
    """Return base64 and base64url of a text, without the padding, so that both spellings match."""
    data = text.encode(errors="replace")
    return b64encode(data).decode().rstrip("="), urlsafe_b64encode(data).decode().rstrip("=")


def _replace_all(text: str, forms: Iterable[str]) -> str:
    """Replace all forms until none is left: a replacement could join two halves of another."""
    while True:
        redacted = text
        for form in forms:
            redacted = redacted.replace(form, REPLACEMENT)

        if redacted == text:
            return text

        text = redacted
