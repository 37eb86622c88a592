"""Integration: where a connector declares itself and registers its capabilities."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from connector_sdk.capability import (
    CapabilityMetadata,
    DuplicateCapabilityError,
    IntegrationError,
    check_custom_name,
    check_standard_name,
    describe_function,
    make_capability,
)
from connector_sdk.declaration import Declaration, DescriptionData
from connector_sdk.dispatch import dispatch
from connector_sdk.errors import ErrorMap
from connector_sdk.info import make_info
from connector_sdk.models import CredentialConfig, EntitlementType, InfoResponse, ResourceType
from connector_sdk.models.base import WireModel
from connector_sdk.modules import DeveloperCommands, IntegrationModule, OAuthSettingsLike

FunctionT = TypeVar("FunctionT", bound=Callable[[Any], Any])

Registration = Callable[[Any], Any] | tuple[Callable[[Any], Any], CapabilityMetadata]
"""A capability's function, alone or with how it is presented."""


class Integration(Declaration):
    """One app's integration: its declaration, and the capabilities that a platform can call.

    Parameters:
        app_id: the connector's name for machines, in letters, digits and underscores.
        version: the connector's version.
        exception_handlers: `(exception type, handler, error code or None)`, read like `except`
            clauses (contract, section 5).
        description_data: how the connector is presented to people.
        auth: the one kind of credential that requests carry in `auth`, such as `BasicCredential`.
        credentials: the several credentials that requests carry in `credentials`. Not both.
        handle_errors: whether failures of capabilities become error replies; False lets them
            through, for a debugger.
        resource_types: the types of resource that the app has.
        entitlement_types: the types of entitlement that the app has.
        settings_model: the model of a connection's settings.
        oauth_settings: makes the module that implements the OAuth capabilities, such as
            `connector_oauth.OAuthSettings`.

    Raises:
        IntegrationError: the app id is blank, `auth` and `credentials` are both declared, or a
            credential is declared twice.
    """

    def __init__(
        self,
        *,
        app_id: str,
        version: str,
        exception_handlers: ErrorMap,
        description_data: DescriptionData,
        auth: type[WireModel] | None = None,
        credentials: Sequence[CredentialConfig] | None = None,
        handle_errors: bool = True,
        resource_types: Sequence[ResourceType] | None = None,
        entitlement_types: Sequence[EntitlementType] | None = None,
        settings_model: type[BaseModel] | None = None,
        oauth_settings: OAuthSettingsLike | None = None,
    ) -> None:
        super().__init__(
            app_id=app_id,
            version=version,
            exception_handlers=exception_handlers,
            description_data=description_data,
            auth=auth,
            credentials=credentials,
            handle_errors=handle_errors,
            resource_types=resource_types,
            entitlement_types=entitlement_types,
            settings_model=settings_model,
            oauth_settings=oauth_settings,
        )
        self._module_registers = False
        if oauth_settings is not None:
            self.add_module(oauth_settings.make_module())

    def add_module(self, module: IntegrationModule) -> None:
        """Let a module register its capabilities; they yield to the connector's own.

        Raises:
            IntegrationError, TypeError: the module, or what it registers, is not as it must be.
        """
        if not callable(getattr(module, "register", None)):
            raise TypeError(f"a module must have a method register(integration); found {module!r}")

        outer = self._module_registers
        self._module_registers = True
        try:
            module.register(self)
        finally:
            self._module_registers = outer

        self._refuse_shared_words(module)
        self.modules.append(module)

    def register_capability(
        self,
        name: str,
        display_name: str | None = None,
        description: str | None = None,
    ) -> Callable[[FunctionT], FunctionT]:
        """Return a decorator that registers a function for a standard capability.

        Parameters:
            name: a member of `StandardCapabilityName`, or its value.
            display_name: its name for people; by default the name in title case.
            description: what it does in this app, in a sentence.

        Raises:
            IntegrationError: no function can be registered for the name, or one is already.
            TypeError: by the decorator, when the function does not fit the capability.
        """
        name = _plain(name)
        check_standard_name(name)
        return self._decorator(name, CapabilityMetadata(display_name, description))

    def register_custom_capability(
        self,
        name: str,
        display_name: str | None = None,
        description: str | None = None,
    ) -> Callable[[FunctionT], FunctionT]:
        """Return a decorator that registers a function for a capability of the connector's own.

        The function's request model has a field `request`, its response model a field `response`.

        Parameters:
            name: snake_case, made of the letters a-z.
            display_name: its name for people; by default the name in title case.
            description: what it does, in a sentence.

        Raises:
            IntegrationError: the name is reserved, not valid, or registered already.
            TypeError: by the decorator, when the function does not fit.
        """
        name = _plain(name)
        check_custom_name(name)
        return self._decorator(name, CapabilityMetadata(display_name, description))

    def register_capabilities(self, capabilities: Mapping[Any, Registration]) -> None:
        """Register functions for several standard capabilities.

        Parameters:
            capabilities: by `StandardCapabilityName`, a function, or a function with its
                `CapabilityMetadata`.

        Raises:
            IntegrationError, TypeError: as `register_capability`.
        """
        for name, registration in capabilities.items():
            plain = _plain(name)
            check_standard_name(plain)
            function, metadata = _function_and_metadata(plain, registration)
            self._register(plain, function, metadata, from_module=self._module_registers)

    async def dispatch(self, name: str, request_string: str | bytes) -> str:
        """Answer one request (contract, section 4).

        Parameters:
            name: the capability's name, with underscores.
            request_string: the request, as JSON text.

        Returns:
            The reply as one line of JSON: of success, or an error reply.

        Raises:
            NotImplementedError: there is no such capability, and `handle_errors` is False.
            Exception: what the capability raised, when `handle_errors` is False.
        """
        return await dispatch(self, _plain(name), request_string)

    def info(self) -> InfoResponse:
        """Return the info document (contract, section 6)."""
        return make_info(self)

    def _decorator(
        self, name: str, metadata: CapabilityMetadata
    ) -> Callable[[FunctionT], FunctionT]:
        from_module = self._module_registers
        self._refuse_duplicate(name, from_module=from_module)

        def register(function: FunctionT) -> FunctionT:
            self._register(name, function, metadata, from_module=from_module)
            return function

        return register

    def _register(
        self,
        name: str,
        function: Callable[[Any], Any],
        metadata: CapabilityMetadata,
        *,
        from_module: bool,
    ) -> None:
        capability = make_capability(name, function, metadata=metadata, from_module=from_module)
        self._refuse_duplicate(name, from_module=from_module)
        existing = self.capabilities.get(name)
        if existing is None or existing.from_module:
            self.capabilities[name] = capability

    def _refuse_duplicate(self, name: str, *, from_module: bool) -> None:
        """Refuse a second function of the same origin; a module's and an author's can both come."""
        existing = self.capabilities.get(name)
        if existing is None or existing.from_module != from_module:
            return

        by = describe_function(existing.function)
        if from_module:
            raise DuplicateCapabilityError(name, by, "two modules bring it, leave it to one")

        raise DuplicateCapabilityError(name, by)

    def _refuse_shared_words(self, module: IntegrationModule) -> None:
        """Refuse a developer command whose word another module has for something else."""
        others = [each for each in self.modules if isinstance(each, DeveloperCommands)]
        if not others or not isinstance(module, DeveloperCommands):
            return  # as in nearly all connectors: nobody is asked for commands

        commands = module.developer_commands()
        for other in others:
            for word, command in other.developer_commands().items():
                if word in commands and commands[word] != command:
                    raise IntegrationError(
                        f"the developer command {word!r} of {type(module).__name__} is one of "
                        f"{type(other).__name__} already; name one of them otherwise in its "
                        "developer_commands()"
                    )


def _function_and_metadata(
    name: str, registration: Any
) -> tuple[Callable[[Any], Any], CapabilityMetadata]:
    match registration:
        case (function, CapabilityMetadata() as metadata):
            return function, metadata

        case tuple():
            raise TypeError(
                f"{name!r} must be registered with a function, or with (function, "
                f"CapabilityMetadata); found {registration!r}"
            )

    return registration, CapabilityMetadata()


def _plain(name: str) -> str:
    """Return a capability's name as plain text, also when it is a member of an enum."""
    return name if type(name) is str else str(getattr(name, "value", name))
