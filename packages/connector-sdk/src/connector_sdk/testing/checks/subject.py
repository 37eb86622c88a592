"""The connector that is checked, and what its author says of it."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
from pydantic import BaseModel

from connector_sdk import Integration
from connector_sdk.examples import example
from connector_sdk.models import ErrorCode
from connector_sdk.redaction import SECRET_NAMES, SHORTEST_SECRET, secret_field_names
from connector_sdk.standard import CapabilityCategory, category_of
from connector_sdk.testing.calls import Reply, call
from connector_sdk.testing.interception import intercept
from connector_sdk.testing.responses import MockedResponse
from connector_sdk.testing.waiting import without_waiting

AppFunction = Callable[[httpx.Request], MockedResponse]
"""The app, as far as the checks need it: its response to a request."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A connector, and the samples with which it is called; see `connector_checks`."""

    integration: Integration
    connection: Mapping[str, Any]
    payloads: Mapping[str, Any]
    app: AppFunction | None
    items: Mapping[str, int]
    offline: Collection[str]
    outcomes: Mapping[tuple[str, str], ErrorCode | None]

    def __post_init__(self) -> None:
        """Refuse what would make checks that cannot fail.

        Raises:
            ValueError: a name is not of a registered capability, the connector has none, or a
                sample secret is too short to be recognised.
        """
        registered = self.integration.capabilities
        if not registered:
            raise ValueError(f"{self.integration.app_id} registers no capability to check")

        named = {*self.payloads, *self.items, *self.offline, *(name for name, _ in self.outcomes)}
        unknown = sorted(named - set(registered))
        if unknown:
            raise ValueError(f"{self.integration.app_id} does not register {', '.join(unknown)}")

        if any(len(secret) < SHORTEST_SECRET for secret in self.secrets):
            raise ValueError(
                f"connection: make each sample secret at least {SHORTEST_SECRET} characters long, "
                "or nobody can tell whether it leaks"
            )

    @property
    def capabilities(self) -> list[str]:
        """Names of the registered capabilities, sorted."""
        return sorted(self.integration.capabilities)

    @property
    def online(self) -> list[str]:
        """Names of the capabilities that call the app."""
        return [name for name in self.capabilities if name not in self.offline]

    @cached_property
    def info(self) -> dict[str, Any]:
        """The connector's info document."""
        reply = call(self.integration, "info")
        if "response" not in reply:
            raise ValueError(f"info cannot be answered: {reply['error']['message']}")

        document: dict[str, Any] = reply["response"]
        return document

    @cached_property
    def secrets(self) -> list[str]:
        """The secret values of the connection and of the payloads."""
        names = SECRET_NAMES | secret_field_names(self._models())
        return sorted(set(_values_at(names, [self.connection, self.payloads])))

    def request(self, capability: str) -> dict[str, Any]:
        """Return a request to a capability: the sample's, or one made from its schema."""
        payload = self.payloads.get(capability)
        if payload is None:
            payload = example(self.info["capability_schema"][capability]["argument"])

        return {**self.connection, "request": payload}

    def call(self, capability: str, **envelope: Any) -> Reply:
        """Call a capability with the samples; `envelope` gives other members of the request."""
        return call(self.integration, capability, {**self.request(capability), **envelope})

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Let the sample app answer every request, if there is one."""
        app = self.app
        if app is None:
            yield
            return

        with without_waiting(), intercept(lambda request: app(request).as_httpx(request)):
            yield

    def is_oauth(self, capability: str) -> bool:
        """Tell whether a capability speaks with the provider of tokens, not with the app."""
        return category_of(capability) is CapabilityCategory.OAUTH

    def is_of_module(self, capability: str) -> bool:
        """Tell whether a capability is one that a module adds to the contract's."""
        is_custom = category_of(capability) is CapabilityCategory.CUSTOM
        return is_custom and self.integration.capabilities[capability].from_module

    def _models(self) -> Iterator[type[BaseModel]]:
        yield self.integration.settings_model
        yield from (each.input_model for each in self.integration.credentials if each.input_model)


def error_code(reply: Reply) -> str | None:
    """Return the code of an error reply; None of a success."""
    return str(reply["error"]["error_code"]) if reply.get("is_error") else None


def as_text(reply: Reply) -> str:
    """Return a reply as text, without escapes in which a secret could hide."""
    return json.dumps(reply, ensure_ascii=False)


def _values_at(names: Collection[str], value: Any) -> Iterator[str]:
    """Yield the texts below keys of these names."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner) if key in names else _values_at(names, inner)

    elif isinstance(value, list):
        for inner in value:
            yield from _values_at(names, inner)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [value]

    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]

    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else []
