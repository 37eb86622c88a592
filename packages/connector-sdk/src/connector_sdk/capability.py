"""One capability: its function, the models of its request and response, and the rules for both.

Everything that can be wrong with a capability is found here, when it is registered (contract,
section 3), so that a call has nothing left to check but its request.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar, get_args, get_origin

from pydantic import BaseModel

from connector_sdk.models import StandardCapabilityName
from connector_sdk.standard import REGISTERABLE, standard_capability

COMMAND_WORDS = frozenset({"call", "dev", "example", "hacking", "worker"})
"""Words of a connector's command line that a custom capability would hide."""

ANSWERED_BY_THE_SDK = "cannot be registered: the SDK answers it itself"
"""Why no connector can have a function for `info` and `connected_info`."""

_SNAKE_CASE = re.compile(r"[a-z]+(_[a-z]+)*")

RequestT_contra = TypeVar("RequestT_contra", bound=BaseModel, contravariant=True)
ResponseT_co = TypeVar("ResponseT_co", bound=BaseModel, covariant=True)


class CapabilityFunction(Protocol[RequestT_contra, ResponseT_co]):
    """What a connector registers: `async def`, plain `def`, a callable object or a partial."""

    def __call__(self, args: RequestT_contra, /) -> ResponseT_co | Awaitable[ResponseT_co]:
        """Answer one request; a plain function is called in a thread of its own."""


class IntegrationError(Exception):
    """A declaration or a registration is wrong; the connector's author has to change it."""


class DuplicateCapabilityError(IntegrationError):
    """A capability was registered twice."""

    def __init__(
        self,
        capability_name: str,
        by: str | None = None,
        advice: str = "each can have one function",
    ) -> None:
        super().__init__(
            f"the capability {capability_name!r} is registered already"
            + (f", with {by}" if by else "")
            + f"; {advice}"
        )
        self.capability_name = capability_name
        self.by = by


class ReservedCapabilityNameError(IntegrationError):
    """A name that a connector cannot register: standard ones as custom, command words, `info`."""

    def __init__(self, capability_name: str, reason: str = "is reserved") -> None:
        super().__init__(f"the capability name {capability_name!r} {reason}")


class InvalidCapabilityNameError(IntegrationError):
    """A name that is no name of a capability."""

    def __init__(self, capability_name: str, reason: str | None = None) -> None:
        super().__init__(
            f"{capability_name!r} is not a valid capability name"
            + (f": {reason}" if reason else "")
        )


@dataclass
class CapabilityMetadata:
    """How a capability is presented to people."""

    display_name: str | None = None
    """Its name for people; by default the capability's name in title case."""

    description: str | None = None
    """What it does, in a sentence."""


@dataclass(frozen=True, slots=True)
class Capability:
    """A registered capability, checked and ready to be called."""

    name: str
    function: Callable[[Any], Any]
    request_model: type[BaseModel]
    response_model: type[BaseModel]
    display_name: str | None
    description: str | None
    is_async: bool
    """Whether calling the function only makes a coroutine, so that it needs no thread."""

    takes_credentials: bool
    """Whether its requests have the fields `auth` and `credentials`."""

    takes_settings: bool
    """Whether its requests have the field `settings`."""

    from_module: bool = False
    """Whether a module brought it; then the connector's own takes its place."""

    @property
    def words(self) -> str:
        """What it does, for people: in the connector's words, else in those of the contract."""
        if self.description:
            return self.description

        if self.name in REGISTERABLE:
            return standard_capability(self.name).description

        return "A capability of this connector."


def make_capability(
    name: str,
    function: Callable[[Any], Any],
    *,
    metadata: CapabilityMetadata,
    from_module: bool = False,
) -> Capability:
    """Check a function against the rules for its name, and return the capability.

    Parameters:
        name: a standard or a custom name that `check_standard_name` or `check_custom_name` passed.
        function: what is called with the request.
        metadata: how it is presented.
        from_module: whether a module brings it.

    Raises:
        TypeError: the function's parameters or annotations are not those of the capability.
    """
    request_model, response_model = read_models(function)
    _check_metadata(function, metadata)
    _check_models(name, function, request_model, response_model)
    return Capability(
        name=name,
        function=function,
        request_model=request_model,
        response_model=response_model,
        display_name=metadata.display_name,
        description=metadata.description,
        is_async=_is_async(function),
        takes_credentials=takes_credentials(request_model),
        takes_settings="settings" in request_model.model_fields,
        from_module=from_module,
    )


def check_standard_name(name: str) -> None:
    """Check that a connector can register a function for this standard capability.

    Raises:
        ReservedCapabilityNameError: the SDK answers it itself.
        InvalidCapabilityNameError: there is no standard capability of this name.
    """
    if name in REGISTERABLE:
        return

    if name in set(StandardCapabilityName):
        raise ReservedCapabilityNameError(name, ANSWERED_BY_THE_SDK)

    raise InvalidCapabilityNameError(
        name,
        "it is not a standard one; use register_custom_capability for a capability of your own. "
        f"The standard ones are {', '.join(sorted(REGISTERABLE))}",
    )


def check_custom_name(name: str) -> None:
    """Check that a connector can have a custom capability of this name.

    Raises:
        ReservedCapabilityNameError: it is the name of a standard capability or a command word.
        InvalidCapabilityNameError: it is not snake_case made of the letters a-z.
    """
    if name in REGISTERABLE:
        raise ReservedCapabilityNameError(
            name, "is that of a standard capability; use register_capability for it"
        )

    if name in set(StandardCapabilityName):
        raise ReservedCapabilityNameError(name, ANSWERED_BY_THE_SDK)

    if name in COMMAND_WORDS:
        raise ReservedCapabilityNameError(name, "is a word of the connector's command line")

    if not _SNAKE_CASE.fullmatch(name):
        raise InvalidCapabilityNameError(
            name, "use snake_case, made of the letters a-z and underscores, such as 'sync_badges'"
        )


def read_models(function: Callable[..., Any]) -> tuple[type[BaseModel], type[BaseModel]]:
    """Return the models with which a capability's function is annotated: request, response.

    Raises:
        TypeError: it does not take exactly one request, or an annotation is missing, cannot be
            resolved, or is no pydantic model.
    """
    parameter, returns = _signature(function)
    request_model = _resolve(function, parameter.annotation, f"its parameter {parameter.name!r}")
    response_model = _resolve(function, returns, "its return value")
    if get_origin(response_model) in (Awaitable, Coroutine):
        response_model = get_args(response_model)[-1]

    return (
        _checked_model(function, request_model, f"its parameter {parameter.name!r}", "request"),
        _checked_model(function, response_model, "its return value", "response"),
    )


def takes_credentials(request_model: type[BaseModel]) -> bool:
    """Tell whether requests of a model carry credentials, in `auth` or in `credentials`."""
    return not request_model.model_fields.keys().isdisjoint(("auth", "credentials"))


def describe_function(function: Callable[..., Any]) -> str:
    """Return how messages name a function: `module.qualified_name`."""
    while isinstance(function, partial):
        function = function.func

    named: Any = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


def _signature(function: Callable[..., Any]) -> tuple[inspect.Parameter, Any]:
    if not callable(function):
        raise TypeError(f"a capability is a function, not {type(function).__name__} ({function!r})")

    who = describe_function(function)
    try:
        signature = inspect.signature(function)
    except ValueError as error:
        raise TypeError(f"{who} cannot be registered: Python cannot tell its parameters") from error
    except NameError as error:  # annotations are evaluated here from Python 3.14 on
        raise TypeError(f"{who} has an annotation that cannot be resolved: {error}") from error

    bound = function.keywords.keys() if isinstance(function, partial) else ()
    parameters = [each for name, each in signature.parameters.items() if name not in bound]
    if len(parameters) != 1:
        found = ", ".join(str(each) for each in parameters) or "none"
        raise TypeError(f"{who} must take exactly one parameter, the request; found {found}")

    parameter = parameters[0]
    if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
        raise TypeError(
            f"{who} must take the request as a positional parameter; found '{parameter}'"
        )

    return parameter, signature.return_annotation


def _resolve(function: Callable[..., Any], annotation: Any, of_what: str) -> Any:
    """Return what an annotation stands for, also when it is text, as under PEP 563."""
    who = describe_function(function)
    if annotation is inspect.Parameter.empty:
        raise TypeError(f"{who} has no annotation for {of_what}; found none, expected a model")

    if not isinstance(annotation, str):
        return annotation

    while isinstance(function, partial):
        function = function.func

    if not hasattr(function, "__code__"):
        function = type(function).__call__

    function = inspect.unwrap(function)
    names = {**getattr(function, "__globals__", {}), **inspect.getclosurevars(function).nonlocals}
    try:
        return eval(annotation, names)  # noqa: S307 # the author's own annotation, as Python does it
    except Exception as error:
        raise TypeError(
            f"{who} has the annotation {annotation!r} for {of_what}, which cannot be resolved "
            f"({error}); import the model at the top of the module, not under TYPE_CHECKING"
        ) from error


def _checked_model(
    function: Callable[..., Any], model: Any, of_what: str, field: str
) -> type[BaseModel]:
    who = describe_function(function)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        found = model.__name__ if isinstance(model, type) else repr(model)
        raise TypeError(
            f"{who} must annotate {of_what} with the capability's {field} model "
            f"(a pydantic model with a field '{field}'); found {found}"
        )

    if field not in model.model_fields:
        raise TypeError(
            f"{who} annotates {of_what} with {model.__name__}, which has no field '{field}'; "
            f"expected an envelope such as ListAccounts{field.title()}"
        )

    return model


def _check_metadata(function: Callable[..., Any], metadata: CapabilityMetadata) -> None:
    for field in ("display_name", "description"):
        value: object = getattr(metadata, field)
        if not (value is None or isinstance(value, str)):
            raise TypeError(
                f"{describe_function(function)} is registered with the {field} {value!r}; "
                "expected a text or None"
            )


def _check_models(
    name: str,
    function: Callable[..., Any],
    request_model: type[BaseModel],
    response_model: type[BaseModel],
) -> None:
    """Check that a standard capability has the payload and the response of the contract."""
    if name not in REGISTERABLE:
        return

    standard = standard_capability(name)
    expected_request, expected_response = standard.request_model, standard.response_model
    assert expected_request is not None  # all that can be registered have one
    who = describe_function(function)

    expected = expected_request.model_fields["request"].annotation
    found = request_model.model_fields["request"].annotation
    if not (isinstance(found, type) and isinstance(expected, type) and issubclass(found, expected)):
        raise TypeError(
            f"{who} cannot be registered as {name!r}: expected a request like "
            f"{expected_request.__name__}, whose payload is {_type_name(expected)} or a "
            f"subclass of it; found {request_model.__name__} with the payload {_type_name(found)}"
        )

    if not issubclass(response_model, expected_response):
        raise TypeError(
            f"{who} cannot be registered as {name!r}: expected it to return "
            f"{expected_response.__name__}; found {response_model.__name__}"
        )


def _type_name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _is_async(function: Callable[..., Any]) -> bool:
    while isinstance(function, partial):
        function = function.func

    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004 # the bound method of a callable object
    )
