"""Declaring and registering (contract, section 3): what works, and what is refused with why."""

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector_sdk import (
    CapabilityMetadata,
    DefaultHandler,
    DescriptionData,
    DuplicateCapabilityError,
    Integration,
    IntegrationError,
    IntegrationModule,
    InvalidAppIdError,
    InvalidCapabilityNameError,
    ReservedCapabilityNameError,
    SecretField,
)
from connector_sdk.models import (
    AuthenticatedRequest,
    AuthModel,
    BasicCredential,
    CredentialConfig,
    ErrorCode,
    ListAccounts,
    ListAccountsRequest,
    ListAccountsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
    ResponseEnvelope,
    StandardCapabilityName,
    TokenCredential,
)
from connector_sdk.standard import REGISTERABLE

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]

NONE = ListAccountsResponse(response=[])


class SecretSettings(BaseModel):
    """Settings with a secret."""

    pin: str = SecretField()


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List no accounts."""
    return NONE


def plain(args: ListAccountsRequest) -> ListAccountsResponse:
    """List no accounts, without a coroutine."""
    return NONE


def returns_a_coroutine(
    args: ListAccountsRequest,
) -> Coroutine[Any, Any, ListAccountsResponse]:
    """List no accounts, later."""
    return list_accounts(args)


def returns_an_awaitable(args: ListAccountsRequest) -> Awaitable[ListAccountsResponse]:
    """List no accounts, later."""
    return list_accounts(args)


async def with_more(prefix: str, args: ListAccountsRequest, *, suffix: str) -> ListAccountsResponse:
    """List no accounts, with what a partial adds."""
    return NONE


@functools.wraps(list_accounts)
async def wrapped(*args: Any, **kwargs: Any) -> Any:
    """List no accounts, through a decorator."""
    return await list_accounts(*args, **kwargs)


async def in_quotes(args: "ListAccountsRequest") -> "ListAccountsResponse":
    """List no accounts, annotated with texts."""
    return NONE


class Accounts:
    """Lists no accounts, in several ways."""

    async def __call__(self, args: ListAccountsRequest) -> ListAccountsResponse:
        """List no accounts."""
        return NONE

    async def method(self, args: "ListAccountsRequest") -> "ListAccountsResponse":
        """List no accounts."""
        return NONE

    @classmethod
    def of_class(cls, args: "ListAccountsRequest") -> "ListAccountsResponse":
        """List no accounts."""
        return NONE

    @staticmethod
    def static(args: "ListAccountsRequest") -> "ListAccountsResponse":
        """List no accounts."""
        return NONE


class PlainAccounts:
    """Lists no accounts when called, annotated with texts."""

    def __call__(self, args: "ListAccountsRequest") -> "ListAccountsResponse":
        """List no accounts."""
        return NONE


GOOD: dict[str, Callable[..., Any]] = {
    "async def": list_accounts,
    "def": plain,
    "a def that returns a coroutine": returns_a_coroutine,
    "a def that returns an awaitable": returns_an_awaitable,
    "a partial of an async def": functools.partial(with_more, "-", suffix="-"),
    "a partial of a partial": functools.partial(functools.partial(with_more, "-"), suffix="-"),
    "a partial of a def": functools.partial(plain),
    "a partial of a callable object": functools.partial(Accounts()),
    "a partial of a method": functools.partial(Accounts().method),
    "a decorated function": wrapped,
    "a callable object": Accounts(),
    "a plain callable object": PlainAccounts(),
    "a method": Accounts().method,
    "a class method": Accounts.of_class,
    "a static method": Accounts.static,
    "string annotations": in_quotes,
}


@parametrize("kind", GOOD)
def test_every_kind_of_function_can_be_registered(declare: Declare, ask: Ask, kind: str) -> None:
    """Whatever can be called with a request, and tells its models, answers calls."""
    integration = declare()

    assert GOOD[kind] is integration.register_capability("list_accounts")(GOOD[kind])
    assert {"response": [], "raw_data": None, "page": None} == ask(
        integration, "list_accounts", {"request": {}}
    )


def module_of(source: str, **names: object) -> ModuleType:
    """Return a module made from source text under `from __future__ import annotations`."""
    module = ModuleType("future_connector")
    vars(module).update(names)
    exec(f"from __future__ import annotations\n{source}", vars(module))
    return module


FUTURE = """
import functools

async def list_accounts(args: Asked) -> Answered:
    return Answered(response=[])

def plain(args: Asked) -> Answered:
    return Answered(response=[])

class Accounts:
    def __call__(self, args: Asked) -> Answered:
        return Answered(response=[])

    async def method(self, args: Asked) -> Answered:
        return Answered(response=[])

def locally():
    Local = Asked
    async def local(args: Local) -> Answered:
        Local
        return Answered(response=[])
    return local

def awaits(args: Asked) -> Awaitable[Answered]:
    return list_accounts(args)

callable_object = Accounts()
method = Accounts().method
partial = functools.partial(list_accounts)
local = locally()

@functools.wraps(list_accounts)
async def wrapped(*args, **kwargs):
    return await list_accounts(*args, **kwargs)
"""


@parametrize(
    "name",
    [
        "list_accounts",
        "plain",
        "callable_object",
        "method",
        "partial",
        "local",
        "wrapped",
        "awaits",
    ],
)
def test_annotations_may_be_text(declare: Declare, ask: Ask, name: str) -> None:
    """Under `from __future__ import annotations` every kind of function still tells its models."""
    module = module_of(
        FUTURE, Asked=ListAccountsRequest, Answered=ListAccountsResponse, Awaitable=Awaitable
    )
    integration = declare()

    integration.register_capabilities({"list_accounts": getattr(module, name)})

    assert [] == ask(integration, "list_accounts", {"request": {}})["response"]


def test_text_is_read_where_it_was_written(declare: Declare, ask: Ask) -> None:
    """A decorator of another module does not know the names that the annotations use."""
    module = module_of(FUTURE, Asked=ListAccountsRequest, Answered=ListAccountsResponse)
    integration = declare()

    @functools.wraps(module.list_accounts)
    async def decorated(*args: Any) -> Any:
        return await module.list_accounts(*args)

    integration.register_capability("list_accounts")(decorated)

    assert [] == ask(integration, "list_accounts", {"request": {}})["response"]


class BiggerPayload(ListAccounts):
    """The standard payload and more."""

    limit: int


class BiggerRequest(ListAccountsRequest):
    """A request with a payload of our own."""

    request: BiggerPayload


class OwnEnvelope(BaseModel):
    """A request with the standard payload in an envelope of our own."""

    request: ListAccounts


class BiggerResponse(ListAccountsResponse):
    """The standard response and more."""

    total: int = 0


def test_models_may_add_to_the_standard_ones(declare: Declare, ask: Ask) -> None:
    """A payload may be a subclass, and so may the response; the envelope may be any."""
    integration = declare(auth=BasicCredential)

    async def bigger(args: BiggerRequest) -> BiggerResponse:
        return BiggerResponse(response=[], total=args.request.limit)

    integration.register_capability("list_accounts")(bigger)
    request = {"auth": {"basic": {"username": "", "password": ""}}, "request": {"limit": 3}}

    assert 3 == ask(integration, "list_accounts", request)["total"]


def test_an_envelope_of_the_connectors_own_needs_no_credentials(declare: Declare, ask: Ask) -> None:
    """A capability whose request has no fields for credentials can be called without."""
    integration = declare(auth=BasicCredential)

    async def own(args: OwnEnvelope) -> ListAccountsResponse:
        return NONE

    integration.register_capability("list_accounts")(own)

    assert [] == ask(integration, "list_accounts", {"request": {}})["response"]


class CountRequest(AuthenticatedRequest):
    """A request of a custom capability."""

    request: BiggerPayload


class CountResponse(ResponseEnvelope):
    """A response of a custom capability."""

    response: int


def test_a_custom_capability_has_models_of_its_own(declare: Declare, ask: Ask) -> None:
    """It is registered, listed and answered as the standard ones are."""
    integration = declare()

    @integration.register_custom_capability("count_seats")
    async def count(args: CountRequest) -> CountResponse:
        return CountResponse(response=args.request.limit)

    assert 7 == ask(integration, "count_seats", {"request": {"limit": 7}})["response"]
    assert ["count_seats"] == integration.info().response.capabilities


def test_several_capabilities_are_registered_at_once(declare: Declare) -> None:
    """By enum member or name, with or without how each is presented."""
    integration = declare()

    async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
        return ListResourcesResponse(response=[])

    integration.register_capabilities(
        {
            StandardCapabilityName.LIST_ACCOUNTS: list_accounts,
            "list_resources": (list_resources, CapabilityMetadata("Rooms", "All rooms.")),
        }
    )
    schemas = integration.info().response.capability_schema

    assert ["List Accounts", "Rooms"] == [schema.display_name for schema in schemas.values()]
    assert [None, "All rooms."] == [schema.description for schema in schemas.values()]


def no_parameter() -> ListAccountsResponse:
    """Take nothing."""
    return NONE


def two_parameters(args: ListAccountsRequest, more: int) -> ListAccountsResponse:
    """Take too much."""
    return NONE


def two_with_default(args: ListAccountsRequest, more: int = 0) -> ListAccountsResponse:
    """Take too much, if one wants to."""
    return NONE


def any_number(*args: ListAccountsRequest) -> ListAccountsResponse:
    """Take any number."""
    return NONE


def by_keyword(*, args: ListAccountsRequest) -> ListAccountsResponse:
    """Take the request by its name only."""
    return NONE


def no_annotation(args):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201 # it is the mistake
    """Tell nothing."""
    return NONE


def no_request(args) -> ListAccountsResponse:  # type: ignore[no-untyped-def] # noqa: ANN001 # likewise
    """Tell the response only."""
    return NONE


def no_response(args: ListAccountsRequest):  # type: ignore[no-untyped-def] # noqa: ANN201 # likewise
    """Tell the request only."""
    return NONE


def no_model(args: dict[str, Any]) -> ListAccountsResponse:
    """Take something else than a model."""
    return NONE


def no_response_model(args: ListAccountsRequest) -> None:
    """Return nothing."""


def optional_response(args: ListAccountsRequest) -> ListAccountsResponse | None:
    """Return a response, or not."""
    return None


def no_envelope(args: ListAccounts) -> ListAccountsResponse:
    """Take the payload alone."""
    return NONE


def no_response_envelope(args: ListAccountsRequest) -> BasicCredential:
    """Return a model that is no envelope."""
    return BasicCredential(username="", password="")


def other_request(args: ListResourcesRequest) -> ListAccountsResponse:
    """Take the request of another capability."""
    return NONE


def other_response(args: ListAccountsRequest) -> ListResourcesResponse:
    """Return the response of another capability."""
    return ListResourcesResponse(response=[])


def base_response(args: ListAccountsRequest) -> ResponseEnvelope:
    """Return an envelope that can hold anything."""
    return NONE


def any_payload(args: AuthenticatedRequest) -> ListAccountsResponse:
    """Take an envelope that can hold anything."""
    return NONE


def unknown_request(args: "Unknown") -> ListAccountsResponse:  # type: ignore[name-defined] # noqa: F821 # likewise
    """Take something unknown."""
    return NONE


def unknown_response(args: ListAccountsRequest) -> "Unknown":  # type: ignore[name-defined] # noqa: F821 # likewise
    """Return something unknown."""
    return NONE


class NoCall:
    """An object that cannot be called."""


class BadCall:
    """An object whose call takes too much."""

    def __call__(self, args: ListAccountsRequest, more: int) -> ListAccountsResponse:
        """Take too much."""
        return NONE


WRONG: dict[str, tuple[Any, list[str]]] = {
    "nothing": (None, ["a capability is a function", "NoneType", "None"]),
    "no function": (NoCall(), ["a capability is a function", "NoCall"]),
    "no parameter": (no_parameter, ["no_parameter", "exactly one parameter", "found none"]),
    "two parameters": (
        two_parameters,
        ["two_parameters", "exactly one parameter", "args: ", "ListAccountsRequest, more: int"],
    ),
    "a default": (two_with_default, ["two_with_default", "exactly one", "more: int = 0"]),
    "any number": (any_number, ["any_number", "positional parameter", "*args"]),
    "by keyword": (by_keyword, ["by_keyword", "positional parameter", "args"]),
    "a partial": (functools.partial(two_parameters), ["two_parameters", "exactly one parameter"]),
    "a partial by keyword": (
        functools.partial(with_more, prefix="", suffix=""),
        ["with_more", "positional parameter"],
    ),
    "an object": (BadCall(), ["BadCall", "exactly one parameter", "more: int"]),
    "no annotation": (no_annotation, ["no_annotation", "parameter 'args'", "none", "model"]),
    "no request": (no_request, ["no_request", "parameter 'args'", "found none"]),
    "no response": (no_response, ["no_response", "return value", "found none"]),
    "no model": (no_model, ["no_model", "parameter 'args'", "request model", "dict[str,"]),
    "no response model": (no_response_model, ["no_response_model", "response model", "None"]),
    "an optional response": (optional_response, ["optional_response", "response model", "| None"]),
    "no envelope": (no_envelope, ["no_envelope", "ListAccounts", "no field 'request'"]),
    "no response envelope": (
        no_response_envelope,
        ["no_response_envelope", "BasicCredential", "no field 'response'"],
    ),
    "another request": (
        other_request,
        ["other_request", "ListAccountsRequest", "ListResourcesRequest", "payload ListResources"],
    ),
    "another response": (
        other_response,
        ["other_response", "ListAccountsResponse", "found ListResourcesResponse"],
    ),
    "a base response": (
        base_response,
        ["base_response", "ListAccountsResponse", "found ResponseEnvelope"],
    ),
    "any payload": (
        any_payload,
        ["any_payload", "ListAccountsRequest", "AuthenticatedRequest with the payload", "Any"],
    ),
    "an unknown request": (
        unknown_request,
        ["unknown_request", "'Unknown'", "parameter 'args'", "not defined"],
    ),
    "an unknown response": (
        unknown_response,
        ["unknown_response", "'Unknown'", "return value", "not defined"],
    ),
    "a class": (NoCall, ["NoCall"]),
    "a builtin": (print, ["print"]),
    "a lambda": (lambda args: NONE, ["<lambda>", "parameter 'args'"]),
}


@parametrize("mistake", WRONG)
def test_a_wrong_function_is_refused_when_it_is_registered(declare: Declare, mistake: str) -> None:
    """As a TypeError that names the function, what was expected, and what was found."""
    function, words = WRONG[mistake]
    integration = declare()

    with pytest.raises(TypeError) as by_decorator:
        integration.register_capability("list_accounts")(function)
    with pytest.raises(TypeError) as at_once:
        integration.register_capabilities({"list_accounts": function})

    assert str(by_decorator.value) == str(at_once.value)
    for word in words:
        assert word in str(at_once.value)
    assert [] == integration.info().response.capabilities


@parametrize(
    "registration",
    [(list_accounts,), (list_accounts, "List"), (list_accounts, CapabilityMetadata(), 3), ()],
    ids=["alone", "a text", "three", "empty"],
)
def test_a_registration_of_another_shape_is_refused(declare: Declare, registration: Any) -> None:
    """A tuple is a function and its metadata."""
    with pytest.raises(
        TypeError, match=r"'list_accounts' .*\(function, CapabilityMetadata\).*found"
    ):
        declare().register_capabilities({"list_accounts": registration})


@parametrize("field", ["display_name", "description"])
def test_how_a_capability_is_presented_is_text(declare: Declare, field: str) -> None:
    """Anything else would break `info` later."""
    wrong: Any = {field: 3}

    with pytest.raises(TypeError, match=rf"test_registration\.list_accounts .*{field} 3; expected"):
        declare().register_capability("list_accounts", **wrong)(list_accounts)


def test_annotations_under_type_checking_are_refused_with_advice(declare: Declare) -> None:
    """Text that names what the module does not have at run time says where to import it."""
    module = module_of(
        "async def f(args: ListAccountsRequest) -> ListAccountsResponse: ...",
        ListAccountsRequest=ListAccountsRequest,
    )

    with pytest.raises(TypeError) as refused:
        declare().register_capability("list_accounts")(module.f)

    assert "future_connector.f" in str(refused.value)
    assert "not under TYPE_CHECKING" in str(refused.value)


@parametrize("name", ["list_account", "", "LIST_ACCOUNTS", "list-accounts", "sync_badges"])
def test_an_unknown_standard_name_is_refused(declare: Declare, name: str) -> None:
    """The message lists those there are, and says what is for a connector's own."""
    with pytest.raises(InvalidCapabilityNameError) as by_decorator:
        declare().register_capability(name)
    with pytest.raises(InvalidCapabilityNameError) as at_once:
        declare().register_capabilities({name: list_accounts})

    assert str(by_decorator.value) == str(at_once.value)
    for word in (repr(name), "register_custom_capability", "list_accounts", "assign_entitlement"):
        assert word in str(at_once.value)


@parametrize("name", [StandardCapabilityName.INFO, StandardCapabilityName.CONNECTED_INFO])
def test_what_the_sdk_answers_cannot_be_registered(
    declare: Declare, name: StandardCapabilityName
) -> None:
    """Neither as a standard capability nor as a custom one."""
    with pytest.raises(ReservedCapabilityNameError, match=f"'{name.value}' .*the SDK"):
        declare().register_capability(name)
    with pytest.raises(ReservedCapabilityNameError, match=f"'{name.value}' .*the SDK"):
        declare().register_custom_capability(name)


@parametrize("name", sorted(REGISTERABLE))
def test_a_standard_name_is_no_custom_one(declare: Declare, name: str) -> None:
    """The message says how a standard one is registered."""
    with pytest.raises(ReservedCapabilityNameError, match=f"'{name}' .*register_capability"):
        declare().register_custom_capability(name)


@parametrize("name", ["call", "dev", "example", "hacking", "worker"])
def test_a_word_of_the_command_line_is_no_custom_name(declare: Declare, name: str) -> None:
    """It could not be called from there."""
    with pytest.raises(ReservedCapabilityNameError, match=f"'{name}' .*command line"):
        declare().register_custom_capability(name)


@parametrize(
    "name",
    ["", "Sync", "syncBadges", "sync-badges", "sync badges", "sync__badges", "_sync", "sync_",
     "sync2", "2sync", "sync.badges", "syncé", "sync\n", "SYNC"],
)  # fmt: skip
def test_a_custom_name_is_snake_case_of_letters(declare: Declare, name: str) -> None:
    """Anything else is refused with an example of what is right."""
    with pytest.raises(InvalidCapabilityNameError) as refused:
        declare().register_custom_capability(name)

    assert repr(name) in str(refused.value)
    assert "snake_case" in str(refused.value)


@parametrize("name", ["sync", "sync_badges", "a_b_c"])
def test_snake_case_is_a_custom_name(declare: Declare, name: str) -> None:
    """One word or several."""
    integration = declare()

    async def custom(args: CountRequest) -> CountResponse:
        return CountResponse(response=0)

    integration.register_custom_capability(name)(custom)

    assert [name] == integration.info().response.capabilities


def test_a_second_function_is_refused(declare: Declare) -> None:
    """By each way of registering, before the function is looked at."""
    integration = declare()
    integration.register_capability("list_accounts")(list_accounts)

    with pytest.raises(DuplicateCapabilityError, match="'list_accounts'"):
        integration.register_capability(StandardCapabilityName.LIST_ACCOUNTS)
    with pytest.raises(DuplicateCapabilityError, match="'list_accounts'"):
        integration.register_capabilities({"list_accounts": plain})


def test_a_second_custom_function_is_refused(declare: Declare) -> None:
    """A custom capability has one function, too."""
    integration = declare()

    async def count(args: CountRequest) -> CountResponse:
        return CountResponse(response=0)

    integration.register_custom_capability("count_seats")(count)

    with pytest.raises(DuplicateCapabilityError, match="'count_seats'"):
        integration.register_custom_capability("count_seats")


def test_two_decorators_made_before_either_is_applied_are_one_too_many(declare: Declare) -> None:
    """The second one is refused when it is applied."""
    integration = declare()
    first = integration.register_capability("list_accounts")
    second = integration.register_capability("list_accounts")
    first(list_accounts)

    with pytest.raises(DuplicateCapabilityError, match="'list_accounts'"):
        second(plain)


def test_a_second_function_is_told_of_the_first(declare: Declare) -> None:
    """The message names the function that stands there, by its module and name."""
    integration = declare()
    integration.register_capability("list_accounts")(list_accounts)

    with pytest.raises(DuplicateCapabilityError) as refused:
        integration.register_capability("list_accounts")

    assert f"with {list_accounts.__module__}.list_accounts;" in str(refused.value)


def test_every_error_is_an_integration_error() -> None:
    """One except clause catches what is wrong with a declaration."""
    assert all(
        issubclass(error, IntegrationError)
        for error in (
            DuplicateCapabilityError,
            InvalidAppIdError,
            InvalidCapabilityNameError,
            ReservedCapabilityNameError,
        )
    )


@parametrize("app_id", ["", "  ", "\t\n", None, 3], ids=repr)
def test_an_app_id_is_needed(declare: Declare, app_id: Any) -> None:
    """Blank is none."""
    with pytest.raises(InvalidAppIdError, match="app_id") as refused:
        declare(app_id=app_id)

    assert repr(app_id) in str(refused.value)


def test_auth_and_credentials_cannot_both_be_declared(declare: Declare) -> None:
    """The message says when to use which."""
    several = [CredentialConfig(id="main", type=AuthModel.BASIC, description="")]

    with pytest.raises(IntegrationError, match="'acme' declares both auth and credentials"):
        declare(auth=BasicCredential, credentials=several)


def test_a_credential_is_declared_once(declare: Declare) -> None:
    """A request could not say which of two with one id it brings."""
    twice = [CredentialConfig(id="main", type=AuthModel.BASIC, description="")] * 2

    with pytest.raises(IntegrationError, match="twice with the id main"):
        declare(credentials=twice)


@parametrize("auth", [BaseModel, "basic", type("Own", (TokenCredential,), {})], ids=repr)
def test_auth_is_one_of_the_kinds_of_credential(declare: Declare, auth: Any) -> None:
    """The message names them, and what a credential with more fields needs."""
    with pytest.raises(IntegrationError, match=r"BasicCredential.*input_model"):
        declare(auth=auth)


@parametrize(
    "name, value, found",
    [
        ("settings_model", int, "int"),
        ("settings_model", SecretSettings(pin="hunter2"), "an object of SecretSettings"),
        ("auth", BasicCredential(username="ada", password="hunter2"), "an object of BasicCred"),
        ("credentials", ["hunter2"], "an object of str"),
        ("oauth_settings", SecretSettings(pin="hunter2"), "an object of SecretSettings"),
        ("description_data", None, "an object of NoneType"),
        ("version", None, "an object of NoneType"),
        ("exception_handlers", None, "an object of NoneType"),
    ],
)
def test_a_declaration_of_another_kind_is_refused(
    declare: Declare, name: str, value: Any, found: str
) -> None:
    """At once, with its name and what was found there, and never a value."""
    with pytest.raises(IntegrationError, match=name) as refused:
        declare(**{name: value})

    assert f"found {found}" in str(refused.value)
    assert "hunter2" not in str(refused.value)


@parametrize(
    "entry",
    [
        (ValueError, DefaultHandler),
        (ValueError, DefaultHandler(), None),
        (ValueError(), DefaultHandler, None),
        ("ValueError", DefaultHandler, None),
        (int, DefaultHandler, None),
        (ValueError, dict, None),
        (ValueError, DefaultHandler, "no_such_code"),
        (ValueError, DefaultHandler, []),
        ValueError,
        None,
    ],
    ids=[
        "a pair",
        "an instance of a handler",
        "an instance of an exception",
        "a name of an exception",
        "no exception",
        "no handler",
        "no code",
        "a list of codes",
        "an exception",
        "nothing",
    ],
)
def test_an_exception_handler_of_another_shape_is_refused(declare: Declare, entry: Any) -> None:
    """When it is declared, not when the first call fails."""
    with pytest.raises(
        IntegrationError, match="exception type, handler class, error code"
    ) as wrong:
        declare(exception_handlers=[(KeyError, DefaultHandler, ErrorCode.NOT_FOUND), entry])

    assert repr(entry) in str(wrong.value)


def test_an_exception_handler_may_be_any_class_with_a_handle(declare: Declare) -> None:
    """It need not derive from ours."""

    class Own:
        @staticmethod
        def handle(e: Exception, original_func: Any, response: Any, error_code: Any = None) -> Any:
            return response

    assert 1 == len(declare(exception_handlers=[(httpx.HTTPError, Own, None)]).exception_handlers)


class Module(IntegrationModule):
    """A module that lists resources, and one account fewer than none."""

    def register(self, integration: Integration) -> None:
        """Register by decorator and at once."""

        async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
            return ListResourcesResponse(response=[], raw_data="module")

        async def from_module(args: ListAccountsRequest) -> ListAccountsResponse:
            return ListAccountsResponse(response=[], raw_data="module")

        integration.register_capability("list_accounts")(from_module)
        integration.register_capabilities({"list_resources": list_resources})
        self.add_capability("list_accounts")


class Outer(IntegrationModule):
    """A module that brings another one along."""

    def register(self, integration: Integration) -> None:
        """Add the other module first."""
        integration.add_module(Empty())
        integration.register_capability("list_accounts")(list_accounts)


class Empty(IntegrationModule):
    """A module whose capabilities are all switched off."""

    def register(self, integration: Integration) -> None:
        """Register nothing."""


class OAuth:
    """Settings that make a module."""

    flow_type = "CODE_FLOW"
    scopes: Mapping[str, str] = MappingProxyType({})
    pkce = None

    def make_module(self) -> IntegrationModule:
        """Return the module."""
        return Module()


async def own_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List no accounts, and say who did."""
    return ListAccountsResponse(response=[], raw_data="connector")


def who_answers(integration: Integration, name: str) -> Any:
    """Return which of the functions above answers a capability."""
    reply = asyncio.run(integration.dispatch(name, json.dumps({"request": {}})))
    return json.loads(reply)["raw_data"]


def test_the_connectors_own_replaces_a_modules_capability(declare: Declare) -> None:
    """The module came first; what it alone has stays."""
    integration = declare(oauth_settings=OAuth())

    integration.register_capability("list_accounts")(own_accounts)

    assert "connector" == who_answers(integration, "list_accounts")
    assert "module" == who_answers(integration, "list_resources")


def test_a_modules_capability_yields_to_the_connectors_own(declare: Declare) -> None:
    """The connector's came first, by either way of registering."""
    integration = declare()
    integration.register_capabilities({"list_accounts": own_accounts})

    integration.add_module(Module())

    assert "connector" == who_answers(integration, "list_accounts")
    assert "module" == who_answers(integration, "list_resources")


def test_the_connectors_own_decorator_wins_when_it_is_applied_late(declare: Declare) -> None:
    """A decorator belongs to whoever made it, not to when it is applied."""
    integration = declare()
    late = integration.register_capability("list_accounts")
    integration.add_module(Module())

    late(own_accounts)

    assert "connector" == who_answers(integration, "list_accounts")


def test_a_capability_is_the_connectors_own_once_only(declare: Declare) -> None:
    """It replaces the module's; a second one of the connector's is one too many."""
    integration = declare(oauth_settings=OAuth())
    integration.register_capability("list_accounts")(own_accounts)

    with pytest.raises(DuplicateCapabilityError):
        integration.register_capability("list_accounts")


def test_two_modules_cannot_bring_the_same(declare: Declare) -> None:
    """Nobody could tell which one is meant."""
    integration = declare(oauth_settings=OAuth())

    with pytest.raises(DuplicateCapabilityError, match="two modules bring it, leave it to one"):
        integration.add_module(Module())


class Speaking(Empty):
    """A module with one developer command."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self.command = command

    def developer_commands(self) -> Mapping[str, Any]:
        """Return the command; that a text is none does not matter here."""
        return {"greet": self.command}


def test_two_modules_cannot_bring_the_same_word(declare: Declare) -> None:
    """One of the two commands would be lost, and nobody told."""
    integration = declare()
    integration.add_module(Speaking("say hello"))

    with pytest.raises(IntegrationError, match="'greet' of Speaking is one of Speaking already"):
        integration.add_module(Speaking("say goodbye"))


def test_two_modules_can_bring_one_command(declare: Declare) -> None:
    """Whichever is run, the same happens."""
    integration = declare()
    integration.add_module(Speaking("say hello"))

    integration.add_module(Speaking("say hello"))

    assert 2 == len(integration.modules)


def test_a_module_may_bring_another(declare: Declare) -> None:
    """What it registers after that is still its own, and yields to the connector's."""
    integration = declare()
    integration.add_module(Outer())

    integration.register_capability("list_accounts")(own_accounts)

    assert "connector" == who_answers(integration, "list_accounts")


def test_modules_are_remembered(declare: Declare) -> None:
    """With the names that each has noted, in order."""
    integration = declare(oauth_settings=OAuth())
    integration.add_module(Empty())

    assert [Module, Empty] == [type(module) for module in integration.modules]
    assert [["list_accounts"], []] == [module.capabilities for module in integration.modules]


def test_what_is_switched_off_is_absent(declare: Declare) -> None:
    """A module registers what it offers, and nothing stands in for the rest."""
    integration = declare()
    integration.add_module(Empty())

    assert [] == integration.info().response.capabilities


@parametrize("module", [None, object(), Module], ids=["none", "an object", "a class"])
def test_only_a_module_can_be_added(declare: Declare, module: Any) -> None:
    """Something else is refused with what is missing."""
    with pytest.raises(TypeError, match="register"):
        declare().add_module(module)


def test_a_module_that_registers_nothing_is_unfinished(declare: Declare) -> None:
    """The base class says which method to write."""
    with pytest.raises(NotImplementedError, match=r"IntegrationModule does not implement register"):
        declare().add_module(IntegrationModule())


def test_integration_takes_its_arguments_by_name() -> None:
    """In any order, and only so."""
    with pytest.raises(TypeError):
        Integration("acme", "1.0", [], DescriptionData("Acme", []))  # type: ignore[call-arg]


def test_an_error_names_the_function_with_its_module() -> None:
    """The module is part of the name: several connectors have a `list_accounts`."""
    integration = Integration(
        app_id="acme",
        version="1",
        exception_handlers=[],
        description_data=DescriptionData("Acme", []),
    )

    with pytest.raises(TypeError) as refused:
        integration.register_capability("list_accounts")(no_request)

    assert f"{__name__}.no_request " in str(refused.value)
