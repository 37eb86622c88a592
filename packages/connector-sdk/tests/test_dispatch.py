"""dispatch (contract, section 4): each row of its table, and what passes through it."""

import asyncio
import contextvars
import functools
import json
import re
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Coroutine, Sequence
from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pytest_cases import parametrize

from connector_sdk import (
    ConnectorError,
    Integration,
    get_credential,
    get_page,
    get_settings,
)
from connector_sdk.models import (
    AuthCredential,
    AuthenticatedRequest,
    AuthModel,
    BasicCredential,
    CreateAccountRequest,
    CreateAccountResponse,
    CredentialConfig,
    ErrorCode,
    FoundAccountData,
    GetAuthorizationUrlRequest,
    GetAuthorizationUrlResponse,
    JWTCredential,
    ListAccountsRequest,
    ListAccountsResponse,
    ListResourcesRequest,
    ListResourcesResponse,
    OAuthClientCredential,
    OAuthCredential,
    ResponseEnvelope,
    TokenCredential,
    WireModel,
)

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]

MARK = "xX-from-the-request-Xx"
"""What no error reply may repeat."""

AUTH = {"basic": {"username": "ada", "password": MARK}}
"""The credential of a good request."""

GOOD = {"auth": AUTH, "request": {}, "settings": {"region": "eu"}}
"""A request that is as it must be."""


class Settings(BaseModel):
    """What a tenant chooses."""

    region: Literal["eu", "us"]
    retries: StrictInt = 3


def answer(args: ListAccountsRequest) -> ListAccountsResponse:
    """Answer as the request asks: with an account, with something wrong, or not at all."""
    wish, *_ = args.request.custom_attributes or [""]
    if wish == "wrong":
        return "a text"  # type: ignore[return-value] # it is the mistake

    if wish == "raise":
        raise ValueError("boom")

    return ListAccountsResponse(response=[FoundAccountData(integration_specific_id="1")])


async def async_def(args: ListAccountsRequest) -> ListAccountsResponse:
    """Answer as a coroutine."""
    return answer(args)


async def with_text(args: "ListAccountsRequest") -> "ListAccountsResponse":
    """Answer, annotated with texts."""
    return answer(args)


def later(args: ListAccountsRequest) -> Coroutine[Any, Any, ListAccountsResponse]:
    """Answer by a coroutine that a plain function makes."""
    return async_def(args)


async def with_prefix(prefix: str, args: ListAccountsRequest) -> ListAccountsResponse:
    """Answer as part of a partial."""
    return answer(args)


class Callables:
    """Answers as an object."""

    def __call__(self, args: ListAccountsRequest) -> ListAccountsResponse:
        """Answer."""
        return answer(args)


class AsyncCallables:
    """Answers as an object, by a coroutine."""

    async def __call__(self, args: ListAccountsRequest) -> ListAccountsResponse:
        """Answer."""
        return answer(args)


KINDS: dict[str, Callable[..., Any]] = {
    "async def": async_def,
    "def": answer,
    "def that returns a coroutine": later,
    "callable object": Callables(),
    "async callable object": AsyncCallables(),
    "partial": functools.partial(with_prefix, "-"),
    "plain partial": functools.partial(answer),
    "string annotations": with_text,
}
"""One capability, written in each way."""

ROWS: dict[str, tuple[Any, str, str]] = {
    "2 not JSON": ("{" + MARK, "bad_request", "the request is not JSON: .* at line 1 column 2"),
    "2 no object": (f'["{MARK}"]', "bad_request", "the request is JSON, but not an object"),
    "3 both": (
        {**GOOD, "credentials": [{"id": "main", **AUTH}]},
        "bad_request",
        "auth and credentials are both given; give one of them",
    ),
    "4 unknown credential": (
        {**GOOD, "auth": None, "credentials": [{"id": MARK, **AUTH}]},
        "bad_request",
        r"credentials\[0\].id: unknown; this integration has none",
    ),
    "5 malformed": (
        {**GOOD, "auth": {"basic": {"username": 3, "password": [MARK]}}},
        "bad_request",
        (
            "auth.basic.username: Input should be a valid string; "
            "auth.basic.password: Input should be a valid string"
        ),
    ),
    "5 another kind": (
        {**GOOD, "auth": {"token": {"token": MARK}}},
        "bad_request",
        "auth.basic: required by this integration",
    ),
    "6 neither": ({**GOOD, "auth": None}, "bad_request", "auth: required, with basic"),
    "6 and 8": (
        {**GOOD, "auth": None, "settings": {"region": MARK}},
        "bad_request",
        "auth: required, with basic; settings.region: Input should be 'eu' or 'us'",
    ),
    "7 unfit": (
        {**GOOD, "request": {"custom_attributes": MARK}, "page": {"size": MARK}},
        "bad_request",
        (
            "request.custom_attributes: Input should be a valid array; "
            "page.size: Input should be a valid integer"
        ),
    ),
    "8 settings": (
        {**GOOD, "settings": {"region": MARK, "retries": "3"}},
        "bad_request",
        (
            "settings.region: Input should be 'eu' or 'us'; "
            "settings.retries: Input should be a valid integer"
        ),
    ),
    "9 wrong return": (
        {**GOOD, "request": {"custom_attributes": ["wrong"]}},
        "internal_error",
        r"\S+:\w+ must return ListAccountsResponse; it returned str",
    ),
    "10 raises": (
        {**GOOD, "request": {"custom_attributes": ["raise"]}},
        "unexpected_error",
        "boom",
    ),
}
"""A request for each row of the table, its error code, and what the message says."""


@pytest.fixture(scope="module")
def integrations(declare: Declare) -> dict[str, Integration]:
    """Return an integration for each way to write a capability."""
    made = {kind: declare(auth=BasicCredential, settings_model=Settings) for kind in KINDS}
    for kind, function in KINDS.items():
        made[kind].register_capability("list_accounts")(function)

    return made


@parametrize("kind", KINDS)
@parametrize("row", ROWS)
def test_each_row_of_the_table(
    integrations: dict[str, Integration], ask: Ask, row: str, kind: str
) -> None:
    """The reply is an error with the row's code, in the data's order, and repeats nothing."""
    request, error_code, message = ROWS[row]

    reply = ask(integrations[kind], "list_accounts", request)

    assert ["is_error", "error", "raw_data", "page"] == list(reply)
    assert (True, None, None) == (reply["is_error"], reply["raw_data"], reply["page"])
    assert [
        "message",
        "status_code",
        "app_error_code",
        "error_code",
        "app_id",
        "raised_by",
        "raised_in",
    ] == list(reply["error"])
    assert error_code == reply["error"]["error_code"]
    assert re.fullmatch(message, reply["error"]["message"])
    assert MARK not in json.dumps(reply)


@parametrize("kind", KINDS)
def test_a_good_request_is_answered(
    integrations: dict[str, Integration], ask: Ask, kind: str
) -> None:
    """With the response, nulls written, in the data's order."""
    reply = ask(integrations[kind], "list_accounts", GOOD)

    assert ["response", "raw_data", "page"] == list(reply)
    assert [
        {
            "integration_specific_id": "1",
            "email": None,
            "given_name": None,
            "family_name": None,
            "username": None,
            "user_status": None,
            "extra_data": None,
            "custom_attributes": None,
            "account_type": None,
        }
    ] == reply["response"]


def test_a_reply_is_compact_unicode(declare: Declare) -> None:
    """No space between tokens, no escape where UTF-8 will do."""
    integration = declare()

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        return ListAccountsResponse(response=[], raw_data={"naïve": "☃\n"})

    reply = asyncio.run(integration.dispatch("list_accounts", '{"request": {}}'))

    assert '{"response":[],"raw_data":{"naïve":"☃\\n"},"page":null}' == reply


# Row 1


@parametrize("name", ["list_accounts", "connected_info", MARK, "", "List_Accounts"])
def test_what_is_not_there_is_not_implemented(declare: Declare, ask: Ask, name: str) -> None:
    """The message names what there is, and repeats a name only if it is one of the contract."""
    integration = declare()

    @integration.register_capability("list_resources")
    async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
        return ListResourcesResponse(response=[])

    reply = ask(integration, name, "not even JSON")

    shown = name if name in {"list_accounts", "connected_info"} else "of this name"
    assert (
        f"acme has no capability {shown}; it has info, list_resources" == reply["error"]["message"]
    )
    assert "not_implemented" == reply["error"]["error_code"]
    assert "acme" == reply["error"]["app_id"]
    assert (None, None) == (reply["error"]["raised_by"], reply["error"]["raised_in"])


# Row 2

MALFORMED: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "at line 1 column 0"),
    "blank": (" \n ", "at line 2 column 1"),
    "half": ('{"request": {', "at line 1 column 13"),
    "two": ("{} {}", "at line 1 column 4"),
    "a comment": ("{} // x", "at line 1 column 4"),
    "a trailing comma": ('{"request": {},}', "at line 1 column 16"),
    "on another line": ('{\n"request": x}', "at line 2 column 12"),
    "a control character": (f'{{"{MARK}\n": 1}}', "at line"),
    "a lone surrogate": ('{"request": "\\ud800"}', "at line"),
    "a byte order mark": ("\ufeff{}", "at line 1 column 1"),
    "not UTF-8": (b'{"request": "\xff"}', ""),
    "UTF-16": ('{"request": {}}'.encode("utf-16"), ""),
    "a surrogate in the text": ("\ud800", "Unicode"),
    "a huge number": (f'{{"request": {"1" * 5000}}}', "out of range"),
    "a deep list": ("[" * 100_000, "recursion limit"),
    "a deep object": ('{"a":' * 100_000, "recursion limit"),
    "a list": (f'["{MARK}"]', "JSON, but not an object"),
    "a text": (f'"{MARK}"', "JSON, but not an object"),
    "a number": ("75497", "JSON, but not an object"),
    "null": ("null", "JSON, but not an object"),
    "true": ("true", "JSON, but not an object"),
}
"""Texts that are no request, and what the message says of where."""


class OwnToken(TokenCredential):
    """A token in a region."""

    region: str


OWN = CredentialConfig(id="own", type=AuthModel.TOKEN, description="", input_model=OwnToken)


@parametrize("name", ["list_accounts", "info"])
@parametrize("several", [False, True], ids=["auth", "credentials"])
@parametrize("text", MALFORMED)
def test_text_that_is_no_request_is_a_bad_request(
    declare: Declare,
    ask: Ask,
    text: str,
    several: bool,
    name: str,
) -> None:
    """Whichever way the integration reads requests; it says where, never what."""
    given, where = MALFORMED[text]
    integration = declare(credentials=[OWN]) if several else declare(auth=BasicCredential)
    integration.register_capability("list_accounts")(async_def)

    reply = ask(integration, name, given)

    assert "bad_request" == reply["error"]["error_code"]
    assert reply["error"]["message"].startswith("the request is ")
    assert where in reply["error"]["message"]
    for echo in (MARK, "ud800", "75497", "xff", "ufeff", "11111"):
        assert echo not in reply["error"]["message"].lower()


@parametrize("wrong", [None, 3, {}, GOOD], ids=["none", "number", "empty", "data"])
def test_a_request_is_text(declare: Declare, wrong: Any) -> None:
    """Data that was parsed already is refused as well, with what is expected."""
    integration = declare()
    integration.register_capability("list_accounts")(async_def)

    for name in ("list_accounts", "info"):
        reply = json.loads(asyncio.run(integration.dispatch(name, wrong)))

        assert "bad_request" == reply["error"]["error_code"]
        assert "the request must be JSON text" == reply["error"]["message"]


@parametrize("encode", [str, str.encode])
def test_a_request_has_no_more_than_a_million_values(
    declare: Declare, ask: Ask, encode: Callable[[str], Any]
) -> None:
    """Nothing else bounds what becomes of a long list; commas within a text do not count."""
    integration = declare()
    integration.register_capability("list_accounts")(async_def)
    commas = "," * 1_000_000

    many = ask(
        integration, "list_accounts", encode(f'{{"request": {{}}, "a": [0{",0" * 999_999}]}}')
    )
    text = encode(f'{{"request": {{}}, "settings": {{"a": "\\"{commas}\\\\"}}}}')

    assert ("bad_request", "the request has more than 1000000 values") == (
        many["error"]["error_code"],
        many["error"]["message"],
    )
    assert "response" in ask(integration, "list_accounts", text)


@parametrize("shape", ['{"a": {"b": 0}}', "[[]]"])
def test_values_inside_one_another_count(declare: Declare, ask: Ask, shape: str) -> None:
    """A value alone in its object or list has no comma, and takes as much memory."""
    integration = declare()
    integration.register_capability("list_accounts")(async_def)
    deep = ", ".join([shape] * 400_000)

    reply = ask(integration, "list_accounts", f'{{"request": {{}}, "a": [{deep}]}}')

    assert "the request has more than 1000000 values" == reply["error"]["message"]


def test_a_request_that_is_too_large_is_not_read_for_its_secrets(declare: Declare) -> None:
    """Nothing but counting happens to it, in little more memory than it takes itself."""
    integration = declare(auth=BasicCredential)
    integration.register_capability("list_accounts")(async_def)
    request = f'{{"a": [0{",{}" * 1_000_000}]}}'
    tracemalloc.start()

    asyncio.run(integration.dispatch("list_accounts", request))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 10 * len(request)


@parametrize("encode", [str.encode, lambda text: bytearray(text.encode()), str])
def test_a_request_may_be_bytes(declare: Declare, encode: Callable[[str], Any]) -> None:
    """UTF-8, as it came from a socket."""
    integration = declare()
    integration.register_capability("list_accounts")(async_def)

    reply = asyncio.run(integration.dispatch("list_accounts", encode('{"request": {"ü": 1}}')))

    assert reply.startswith('{"response":')


# Rows 3 to 6


def declare_several(declare: Declare, **more: Any) -> Integration:
    """Declare two credentials, the second optional, and a capability that tells which came."""
    integration = declare(
        credentials=[
            CredentialConfig(id="main", type=AuthModel.BASIC, description=""),
            CredentialConfig(id="extra", type=AuthModel.TOKEN, description="", optional=True),
        ],
        **more,
    )

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        ids = [credential.id for credential in args.credentials or ()]
        return ListAccountsResponse(response=[], raw_data=ids)

    return integration


MAIN = {"id": "main", **AUTH}
EXTRA = {"id": "extra", "token": {"token": MARK}}

SEVERAL: dict[str, tuple[Any, str]] = {
    "not a list": ({"credentials": {"main": MAIN}}, "credentials: Input should be a valid array"),
    "a text": ({"credentials": MARK}, "credentials: Input should be a valid array"),
    "malformed element": (
        {"credentials": [MAIN, MARK]},
        "credentials[1]: Input should be an object",
    ),
    "malformed credential": (
        {"credentials": [{"id": "main", "basic": {"username": MARK}}]},
        "credentials[0].basic.password: Field required",
    ),
    "malformed unused kind": (
        {"credentials": [{**MAIN, "token": MARK}]},
        "credentials[0].token: Input should be an object",
    ),
    "without id": ({"credentials": [AUTH]}, "credentials[0].id: required"),
    "id of another type": (
        {"credentials": [{**MAIN, "id": 3}]},
        "credentials[0].id: Input should be a valid string",
    ),
    "unknown id": (
        {"credentials": [MAIN, {**EXTRA, "id": MARK}]},
        "credentials[1].id: unknown; this integration has main, extra",
    ),
    "repeated id": ({"credentials": [MAIN, MAIN]}, "credentials[1].id: given twice"),
    "another kind": (
        {"credentials": [{"id": "main", "token": {"token": MARK}}]},
        "credentials[0].basic: required",
    ),
    "missing": ({"credentials": [EXTRA]}, "credentials: main missing"),
    "empty": ({"credentials": []}, "credentials: required, with the ids main, extra"),
    "neither": ({}, "credentials: required, with the ids main, extra"),
    "null": (
        {"credentials": None, "auth": None},
        "credentials: required, with the ids main, extra",
    ),
    "auth instead": (
        {"auth": AUTH},
        "auth: this integration takes credentials, with the ids main, extra",
    ),
    "auth beside an empty list": (
        {"auth": AUTH, "credentials": []},
        "auth: this integration takes credentials, with the ids main, extra",
    ),
    "both": (
        {"auth": AUTH, "credentials": [MAIN]},
        "auth and credentials are both given; give one of them",
    ),
}
"""Requests with wrong credentials, and what the message says."""


@parametrize("mistake", SEVERAL)
def test_wrong_credentials_are_a_bad_request(declare: Declare, ask: Ask, mistake: str) -> None:
    """The message says which of them and what is wrong, and repeats nothing."""
    request, message = SEVERAL[mistake]

    reply = ask(declare_several(declare), "list_accounts", {**request, "request": {}})

    assert ("bad_request", message) == (reply["error"]["error_code"], reply["error"]["message"])


@parametrize(
    "credentials, ids",
    [([MAIN], ["main"]), ([MAIN, EXTRA], ["main", "extra"]), ([EXTRA, MAIN], ["extra", "main"])],
    ids=["the needed one", "both", "the other way round"],
)
def test_good_credentials_reach_the_capability(
    declare: Declare, ask: Ask, credentials: Any, ids: list[str]
) -> None:
    """In any order, an optional one may be missing."""
    request = {"credentials": credentials, "request": {}}

    assert ids == ask(declare_several(declare), "list_accounts", request)["raw_data"]


KIND_VALUES: dict[type[WireModel], dict[str, Any]] = {
    OAuthCredential: {"oauth": {"access_token": MARK}},
    OAuthClientCredential: {
        "oauth_client_credentials": {
            "access_token": MARK,
            "client_id": MARK,
            "client_secret": MARK,
            "scopes": [],
        }
    },
    BasicCredential: AUTH,
    TokenCredential: {"token": {"token": MARK}},
    JWTCredential: {"jwt": {"headers": {}, "claims": {}, "secret": MARK}},
}
"""A value for each kind of credential."""


@parametrize("model", KIND_VALUES)
@parametrize("given", KIND_VALUES)
def test_every_kind_of_auth_is_checked(
    declare: Declare, ask: Ask, model: type[WireModel], given: type[WireModel]
) -> None:
    """The kind that the integration declares must be there, and any other is not enough."""
    integration = declare(auth=model)
    integration.register_capability("list_accounts")(async_def)
    (kind,) = KIND_VALUES[model]

    reply = ask(integration, "list_accounts", {"auth": KIND_VALUES[given], "request": {}})

    if model is given:
        assert "response" in reply
    else:
        assert f"auth.{kind}: required by this integration" == reply["error"]["message"]


def test_an_empty_list_beside_auth_is_none(declare: Declare, ask: Ask) -> None:
    """It does not count as credentials."""
    integration = declare(auth=BasicCredential)
    integration.register_capability("list_accounts")(async_def)

    assert "response" in ask(integration, "list_accounts", {**GOOD, "credentials": []})


def test_an_integration_without_credentials_needs_none(declare: Declare, ask: Ask) -> None:
    """It may get an `auth`, which is nobody's mistake."""
    integration = declare()
    integration.register_capability("list_accounts")(async_def)

    assert "response" in ask(integration, "list_accounts", {"request": {}})
    assert "response" in ask(integration, "list_accounts", GOOD)


def test_a_capability_without_the_fields_needs_no_credentials(declare: Declare, ask: Ask) -> None:
    """As those of OAuth, which are called before there are any."""
    integration = declare(auth=BasicCredential)

    @integration.register_capability("get_authorization_url")
    async def url(args: GetAuthorizationUrlRequest) -> GetAuthorizationUrlResponse:
        raise ConnectorError(message="reached", error_code=ErrorCode.API_ERROR)

    request = {"request": {"client_id": "", "scopes": [], "redirect_uri": "", "state": ""}}

    assert "reached" == ask(integration, "get_authorization_url", request)["error"]["message"]


class AuthOnlyRequest(WireModel):
    """A request that has one of the two fields for credentials."""

    auth: AuthCredential | None = None
    request: Any = None


def test_a_custom_request_may_have_auth_alone(declare: Declare, ask: Ask) -> None:
    """Its `credentials` are an unknown key then, also where input models are declared."""
    integration = declare(credentials=[OWN.model_copy(update={"optional": True})])

    @integration.register_custom_capability("sync")
    async def sync(args: AuthOnlyRequest) -> ResponseEnvelope:
        return ResponseEnvelope(response="reached")

    token = {"id": "own", "token": {"token": "", "region": "eu"}}

    reply = ask(integration, "sync", {"request": {}, "credentials": [token]})

    assert "credentials: required, one of the ids own" == reply["error"]["message"]


def declare_own(declare: Declare, seen: list[Any]) -> Integration:
    """Declare a credential with an input model, and a capability that notes what came."""
    integration = declare(
        credentials=[OWN, CredentialConfig(id="main", type=AuthModel.BASIC, description="")]
    )

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        seen.append(args)
        return ListAccountsResponse(response=[])

    return integration


def test_an_input_model_stands_where_its_kind_does(declare: Declare, ask: Ask) -> None:
    """The very instance, wherever in the list the credential is."""
    seen: list[Any] = []
    own = {"id": "own", "token": {"token": "t", "region": "eu"}}

    ask(declare_own(declare, seen), "list_accounts", {"credentials": [MAIN, own], "request": {}})

    (args,) = seen
    token = args.credentials[1].token
    assert OwnToken(token="t", region="eu") == token
    assert token is get_credential(args, "own", OwnToken)
    assert BasicCredential(username="ada", password=MARK) == args.credentials[0].basic


@parametrize(
    "token, message",
    [
        ({"token": MARK}, "credentials[1].token.region: Field required"),
        (
            {"token": 3},
            (
                "credentials[1].token.token: Input should be a valid string; "
                "credentials[1].token.region: Field required"
            ),
        ),
        (MARK, "credentials[1].token: Input should be an object"),
        (None, "credentials[1].token: required"),
    ],
    ids=["a field", "fields", "a text", "null"],
)
def test_an_input_model_says_where_it_does_not_fit(
    declare: Declare, ask: Ask, token: Any, message: str
) -> None:
    """As the rest of the request does."""
    credentials = [MAIN, {"id": "own", "token": token}]

    reply = ask(
        declare_own(declare, []), "list_accounts", {"credentials": credentials, "request": {}}
    )

    assert ("bad_request", message) == (reply["error"]["error_code"], reply["error"]["message"])


# Row 7


class Leaf(WireModel):
    """A part of a payload."""

    amount: StrictInt


class Deep(WireModel):
    """A payload of all shapes."""

    many: list[Leaf] = Field(default=[])
    by_name: dict[str, Leaf] = Field(default={})
    free: dict[str, StrictInt] = Field(default={})
    numbers: dict[int, list[int]] = Field(default={})
    choice: Leaf | list[StrictInt] | None = None
    renamed: StrictInt = Field(default=0, alias="re#named")
    either: StrictInt = Field(default=0, validation_alias=AliasChoices("one", "two"))
    again: "Deep | None" = None


class DeepRequest(AuthenticatedRequest):
    """A request with a payload of all shapes."""

    request: Deep


PLACES: dict[str, tuple[Any, str]] = {
    "elements": (
        {"many": [{"amount": 1}, {"amount": MARK}, {}]},
        (
            "request.many[1].amount: Input should be a valid integer; "
            "request.many[2].amount: Field required"
        ),
    ),
    "no object": ({"many": [MARK]}, "request.many[0]: Input should be an object"),
    "a value of a dictionary": (
        {"free": {MARK: MARK}},
        "request.free: Input should be a valid integer",
    ),
    "a model in a dictionary": ({"by_name": {MARK: {}}}, "request.by_name: Field required"),
    "a key like a field": ({"by_name": {"amount": {}}}, "request.by_name: Field required"),
    "a key": (
        {"numbers": {MARK: []}},
        "request.numbers: Input should be a valid integer, unable to parse string as an integer",
    ),
    "a list in a dictionary": (
        {"numbers": {"7": [MARK]}},
        "request.numbers: Input should be a valid integer, unable to parse string as an integer",
    ),
    "a choice": (
        {"choice": {MARK: 1}},
        "request.choice: Field required; request.choice: Input should be a valid array",
    ),
    "an alias": ({"re#named": MARK}, "request.re#named: Input should be a valid integer"),
    "a name": ({"renamed": MARK}, "request.renamed: Input should be a valid integer"),
    "a choice of aliases": ({"two": MARK}, "request.two: Input should be a valid integer"),
    "recursion": (
        {"again": {"again": {"free": {MARK: None}}}},
        "request.again.again.free: Input should be a valid integer",
    ),
}
"""Payloads that do not fit, and the places that are named."""


@parametrize("shape", PLACES)
def test_all_places_that_do_not_fit_are_named(declare: Declare, ask: Ask, shape: str) -> None:
    """A place in a free dictionary names the field; no key and no value of the data is told."""
    payload, message = PLACES[shape]
    integration = declare()

    @integration.register_custom_capability("deep")
    async def deep(args: DeepRequest) -> ResponseEnvelope:
        return ResponseEnvelope(response=None)

    reply = ask(integration, "deep", {"request": payload})

    assert ("bad_request", message) == (reply["error"]["error_code"], reply["error"]["message"])


def test_a_missing_payload_is_named(declare: Declare, ask: Ask) -> None:
    """The envelope's fields are places too."""
    integration = declare()
    integration.register_capability("list_accounts")(async_def)

    reply = ask(integration, "list_accounts", {"include_raw_data": "yes", "settings": []})

    assert (
        "request: Field required; include_raw_data: Input should be a valid boolean; "
        "settings: Input should be an object" == reply["error"]["message"]
    )


def test_a_message_names_so_many_places_only(declare: Declare, ask: Ask) -> None:
    """Twenty, and how many more there are; of very many the number alone."""
    integration = declare()

    @integration.register_custom_capability("deep")
    async def deep(args: DeepRequest) -> ResponseEnvelope:
        return ResponseEnvelope(response=None)

    some = ask(integration, "deep", {"request": {"many": [{}] * 25}})["error"]["message"]
    many = ask(integration, "deep", {"request": {"many": [{}] * 3000}})["error"]["message"]

    assert [*(f"request.many[{index}].amount: Field required" for index in range(20)),
            "and 5 more places"] == some.split("; ")  # fmt: skip
    assert "the request: 3000 places do not fit" == many


def test_scalars_are_strict(declare: Declare, ask: Ask) -> None:
    """A text that reads like a number is no number."""
    integration = declare()
    integration.register_capability("list_accounts")(async_def)

    for page in ({"size": "3"}, {"size": 3.0}, {"size": True}, {"token": 3}):
        reply = ask(integration, "list_accounts", {"request": {}, "page": page})

        assert "bad_request" == reply["error"]["error_code"]


def test_unknown_keys_are_ignored(declare: Declare, ask: Ask) -> None:
    """At every level: a newer platform can call an older connector."""
    integration = declare(auth=BasicCredential)
    integration.register_capability("list_accounts")(async_def)
    auth = {"new": 1, "basic": {**AUTH["basic"], "new": 1}}

    request = {"auth": auth, "request": {"new": 1}, "page": {"new": 1}, "new": 1}

    assert "response" in ask(integration, "list_accounts", request)


class Colour(Enum):
    """A choice."""

    RED = "red"


class Choosy(BaseModel):
    """Settings whose own validators speak."""

    model_config = ConfigDict(extra="forbid")

    quoting: str = ""
    quoting_repr: str = ""
    custom: str = ""
    helpful: str = ""
    asserted: str = ""
    firm: str = ""
    silent: str = ""
    colour: Colour = Colour.RED
    start: int = 0
    end: int = 0
    extra: dict[str, Any] = {}

    @field_validator("quoting")
    @classmethod
    def _quote(cls, value: str) -> str:
        if value:
            raise ValueError(f"unknown host {value.upper()}")
        return value

    @field_validator("quoting_repr")
    @classmethod
    def _quote_repr(cls, value: str) -> str:
        if value:
            raise ValueError(f"unknown host {value!r}")
        return value

    @field_validator("custom")
    @classmethod
    def _customise(cls, value: str) -> str:
        if value:
            raise PydanticCustomError("own", "unknown host {host}", {"host": value})
        return value

    @field_validator("helpful")
    @classmethod
    def _help(cls, value: str) -> str:
        if value:
            raise ValueError("must start with https://")
        return value

    @field_validator("asserted")
    @classmethod
    def _assert(cls, value: str) -> str:
        assert not value, f"{value} given"
        return value

    @field_validator("firm")
    @classmethod
    def _insist(cls, value: str) -> str:
        if value:  # by hand: pytest would add the value to the words of an assert
            raise AssertionError("must be empty")
        return value

    @field_validator("silent")
    @classmethod
    def _say_nothing(cls, value: str) -> str:
        if value:
            raise ValueError
        return value

    @model_validator(mode="after")
    def _order(self) -> "Choosy":
        if self.start > self.end:
            raise ValueError("start must not be after end")
        if self.extra:
            raise ValueError(f"extra must not have {', '.join(self.extra)}")
        return self


WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "quoting": ({"quoting": MARK}, "settings.quoting: Value is not valid"),
    "quoting with repr": (
        {"quoting_repr": f"{MARK}\n\\"},
        "settings.quoting_repr: Value is not valid",
    ),
    "a custom error": ({"custom": MARK}, "settings.custom: Value is not valid"),
    "an assertion": ({"asserted": MARK}, "settings.asserted: Value is not valid"),
    "a helpful assertion": ({"firm": MARK}, "settings.firm: must be empty"),
    "without a word": ({"silent": MARK}, "settings.silent: Value is not valid"),
    "helpful": ({"helpful": MARK}, "settings.helpful: must start with https://"),
    "an enum": ({"colour": MARK}, "settings.colour: Input should be 'red'"),
    "an unknown key": ({MARK: 1}, "settings: Extra inputs are not permitted"),
    "a model": ({"start": 1}, "settings: start must not be after end"),
    "a model that quotes a key": ({"extra": {MARK: 1}}, "settings: Value is not valid"),
}
"""Settings that their own validators refuse, and what the message says."""


@parametrize("case", WORDS)
def test_the_words_of_a_validator_are_told_unless_they_quote(
    declare: Declare, ask: Ask, case: str
) -> None:
    """What an author wrote helps; what came with the request is not repeated in any form."""
    settings, message = WORDS[case]
    integration = declare(settings_model=Choosy)
    integration.register_capability("list_accounts")(async_def)

    reply = ask(integration, "list_accounts", {"request": {}, "settings": settings})

    assert message == reply["error"]["message"]


# Row 8 and the settings


def declare_with_settings(declare: Declare, seen: list[Any], model: type[BaseModel]) -> Integration:
    """Declare settings, and a capability that notes them, twice."""
    integration = declare(settings_model=model)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        seen.extend([get_settings(args, model), get_settings(args, model)])
        return ListAccountsResponse(response=[])

    return integration


class Optional(BaseModel):
    """Settings with defaults."""

    model_config = ConfigDict(strict=True)

    region: str = "eu"


@parametrize(
    "request_",
    [{}, {"settings": None}, {"settings": {}}, {"settings": {"unknown": 1}}],
    ids=["missing", "null", "empty", "unknown"],
)
def test_settings_that_are_missing_are_the_defaults(
    declare: Declare, ask: Ask, request_: dict[str, Any]
) -> None:
    """Null and missing count as an empty object."""
    seen: list[Any] = []

    ask(
        declare_with_settings(declare, seen, Optional), "list_accounts", {"request": {}, **request_}
    )

    assert [Optional(), Optional()] == seen


@parametrize(
    "request_", [{}, {"settings": None}, {"settings": {}}], ids=["missing", "null", "empty"]
)
def test_settings_that_are_missing_may_be_required(
    declare: Declare, ask: Ask, request_: dict[str, Any]
) -> None:
    """Then the place says so, also without any settings."""
    integration = declare_with_settings(declare, [], Settings)

    reply = ask(integration, "list_accounts", {"request": {}, **request_})

    assert "settings.region: Field required" == reply["error"]["message"]


def test_settings_are_parsed_once(declare: Declare, ask: Ask) -> None:
    """`get_settings` returns the very object that dispatch has made."""
    parsed: list[Any] = []
    seen: list[Any] = []

    class Counted(BaseModel):
        @model_validator(mode="after")
        def _count(self) -> "Counted":
            parsed.append(self)
            return self

    ask(declare_with_settings(declare, seen, Counted), "list_accounts", {"request": {}})

    assert 1 == len(parsed)
    assert parsed[0] is seen[0] is seen[1]


def test_settings_of_another_request_or_model_are_parsed(declare: Declare, ask: Ask) -> None:
    """Only this very request and the declared model get what dispatch has made."""
    seen: list[Any] = []
    integration = declare(settings_model=Settings)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        other = args.model_copy(update={"settings": {"region": "us"}})
        seen.extend([get_settings(other, Settings), get_settings(args, Optional)])
        get_settings(args.model_copy(update={"settings": {"region": MARK}}), Settings)
        return ListAccountsResponse(response=[])

    reply = ask(integration, "list_accounts", {"request": {}, "settings": {"region": "eu"}})

    assert [Settings(region="us"), Optional(region="eu")] == seen
    assert ("bad_request", "settings.region: Input should be 'eu' or 'us'", "ConnectorError") == (
        reply["error"]["error_code"],
        reply["error"]["message"],
        reply["error"]["raised_by"],
    )


def test_settings_are_there_in_a_thread(declare: Declare, ask: Ask) -> None:
    """A plain function gets the very object as well."""
    seen: list[Any] = []
    integration = declare(settings_model=Settings)

    @integration.register_capability("list_accounts")
    def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        seen.extend([get_settings(args, Settings), get_settings(args, Settings)])
        return ListAccountsResponse(response=[])

    ask(integration, "list_accounts", {"request": {}, "settings": {"region": "eu"}})

    assert seen[0] is seen[1]


def test_an_empty_page_stands_for_none(declare: Declare, ask: Ask) -> None:
    """`get_page` always gives a page."""
    pages: list[Any] = []
    integration = declare()

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        pages.append(get_page(args))
        return ListAccountsResponse(response=[])

    for page in (None, {}, {"token": "t", "size": 3}):
        ask(integration, "list_accounts", {"request": {}, "page": page})

    assert [(None, None), (None, None), ("t", 3)] == [(page.token, page.size) for page in pages]


# Row 9


class Odd(ListAccountsResponse):
    """A response that cannot be written."""

    odd: Any = None

    @field_serializer("odd")
    def _fail(self, value: Any) -> Any:
        raise KeyError(MARK)


def circle() -> list[Any]:
    """Return a list that contains itself."""
    items: list[Any] = []
    items.append(items)
    return items


RETURNS: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "a text": lambda: '{"response": []}',
    "a dictionary": lambda: {"response": []},
    "a payload": list,
    "a base class": lambda: ResponseEnvelope(response=[]),
    "another response": lambda: ListResourcesResponse(response=[]),
    "the class": lambda: ListAccountsResponse,
    "an object inside": lambda: ListAccountsResponse(response=[], raw_data=object()),
    "a circle": lambda: ListAccountsResponse(response=[], raw_data=circle()),
    "bytes": lambda: ListAccountsResponse(response=[], raw_data=b"\xff"),
    "a lone surrogate": lambda: ListAccountsResponse(response=[], raw_data="\udcff"),
    "unchecked data": lambda: ListAccountsResponse.model_construct(response=MARK),
    "no response": ListAccountsResponse.model_construct,
    "unchecked elements": lambda: ListAccountsResponse(
        response=[FoundAccountData.model_construct(integration_specific_id=3)]
    ),
    "a failing serializer": lambda: Odd(response=[]),
}
"""What a capability could return that is no response."""


@parametrize("plain", [False, True], ids=["async", "plain"])
@parametrize("what", RETURNS)
def test_anything_but_the_declared_response_is_an_internal_error(
    declare: Declare,
    ask: Ask,
    what: str,
    plain: bool,
) -> None:
    """The connector is at fault, and the message says which function and what it returned."""
    integration = declare()

    async def asynchronous(args: ListAccountsRequest) -> ListAccountsResponse:
        return RETURNS[what]()  # type: ignore[no-any-return] # it is the mistake

    def synchronous(args: ListAccountsRequest) -> ListAccountsResponse:
        return RETURNS[what]()  # type: ignore[no-any-return] # likewise

    function = synchronous if plain else asynchronous
    integration.register_capability("list_accounts")(function)

    error = ask(integration, "list_accounts", {"request": {}})["error"]

    assert "internal_error" == error["error_code"]
    assert f"{__name__}:{function.__name__}" == error["raised_in"]
    assert error["message"].startswith(f"{__name__}:{function.__name__} ")
    assert MARK not in error["message"]


def test_what_json_cannot_hold_as_a_number_is_null(declare: Declare) -> None:
    """NaN and infinity are no JSON."""
    integration = declare()

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        return ListAccountsResponse(response=[], raw_data=[float("nan"), float("inf")])

    reply = asyncio.run(integration.dispatch("list_accounts", '{"request": {}}'))

    assert '{"response":[],"raw_data":[null,null],"page":null}' == reply


# Row 10, and what passes through


class Ending(BaseException):
    """An exception of a library that is not an `Exception`."""


def declare_raising(
    declare: Declare, error: BaseException, *, plain: bool, **more: Any
) -> Integration:
    """Declare a capability that raises, in the loop or in a thread."""
    integration = declare(**more)

    async def asynchronous(args: ListAccountsRequest) -> ListAccountsResponse:
        raise error

    def synchronous(args: ListAccountsRequest) -> ListAccountsResponse:
        raise error

    integration.register_capability("list_accounts")(synchronous if plain else asynchronous)
    return integration


@parametrize("plain", [False, True], ids=["async", "plain"])
@parametrize(
    "error",
    [
        ValueError("x"),
        Ending("x"),
        BaseExceptionGroup("g", [Ending("x")]),
        MemoryError("x"),
        RecursionError("x"),
        TimeoutError("x"),
        OSError(5, "x"),
        StopAsyncIteration("x"),
        StopIteration("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_capability_raises_becomes_a_reply(
    declare: Declare,
    ask: Ask,
    error: BaseException,
    plain: bool,
) -> None:
    """Also what is no `Exception`."""
    reply = ask(declare_raising(declare, error, plain=plain), "list_accounts", {"request": {}})

    assert "unexpected_error" == reply["error"]["error_code"]


@parametrize("plain", [False, True], ids=["async", "plain"])
@parametrize("error", [KeyboardInterrupt, SystemExit])
@parametrize("grouped", [False, True], ids=["alone", "in a group"])
def test_the_end_of_the_process_passes_through(
    declare: Declare,
    error: type[BaseException],
    plain: bool,
    grouped: bool,
) -> None:
    """A person's interrupt and `sys.exit` are no failures of a call."""
    raised = error("end")
    if grouped:
        raised = BaseExceptionGroup("g", [ValueError(), BaseExceptionGroup("g", [raised])])

    with pytest.raises(error, match="end"):
        asyncio.run(
            declare_raising(declare, raised, plain=plain).dispatch(
                "list_accounts", '{"request":{}}'
            )
        )


def test_a_cancelled_call_is_cancelled(declare: Declare) -> None:
    """The capability sees the cancellation and can clean up, and the caller's task is cancelled."""
    cleaned = []

    async def main() -> bool:
        started = asyncio.Event()
        integration = declare()

        @integration.register_capability("list_accounts")
        async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                cleaned.append("cleaned")
            raise AssertionError

        call = asyncio.create_task(integration.dispatch("list_accounts", '{"request": {}}'))
        await started.wait()
        call.cancel()
        await asyncio.wait([call])
        return call.cancelled()

    assert asyncio.run(main())
    assert ["cleaned"] == cleaned


def test_a_cancelled_plain_function_is_abandoned(declare: Declare) -> None:
    """The caller goes on at once, while the function still runs; its end harms nobody."""
    started, release, ended = threading.Event(), threading.Event(), threading.Event()
    integration = declare()

    @integration.register_capability("list_accounts")
    def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        started.set()
        release.wait(timeout=60)
        ended.set()
        raise ValueError("too late")

    async def main() -> bool:
        call = asyncio.create_task(integration.dispatch("list_accounts", '{"request": {}}'))
        await asyncio.to_thread(started.wait, 60)
        call.cancel()
        await asyncio.wait([call])
        return call.cancelled()

    assert asyncio.run(main())
    assert not ended.is_set()
    release.set()
    assert ended.wait(timeout=60)


def test_the_late_end_of_an_abandoned_function_disturbs_nobody(declare: Declare) -> None:
    """The loop that goes on hears of it, and has nobody to tell."""
    complaints: list[Any] = []
    threads: list[threading.Thread] = []
    started, release = threading.Event(), threading.Event()
    integration = declare()

    @integration.register_capability("list_accounts")
    def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        threads.append(threading.current_thread())
        started.set()
        release.wait(timeout=60)
        return ListAccountsResponse(response=[])

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: complaints.append(context))
        call = asyncio.create_task(integration.dispatch("list_accounts", '{"request": {}}'))
        await asyncio.to_thread(started.wait, 60)
        call.cancel()
        await asyncio.wait([call])
        release.set()
        await asyncio.to_thread(threads[0].join, 60)

    asyncio.run(main())

    assert [] == complaints


ABANDONS = """
import asyncio, threading
from connector_sdk import DescriptionData, Integration
from connector_sdk.models import ListAccountsRequest, ListAccountsResponse

integration = Integration(
    app_id="a", version="1", exception_handlers=[], description_data=DescriptionData("A", [])
)
started = threading.Event()

@integration.register_capability("list_accounts")
def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    started.set()
    threading.Event().wait()

async def main():
    call = asyncio.create_task(integration.dispatch("list_accounts", '{"request": {}}'))
    await asyncio.to_thread(started.wait)
    call.cancel()

asyncio.run(main())
print("over")
"""


def test_an_abandoned_function_does_not_keep_the_process() -> None:
    """It may block for ever: the process ends without it."""
    done = subprocess.run(
        [sys.executable, "-c", ABANDONS], capture_output=True, check=True, text=True, timeout=60
    )

    assert ("over\n", "") == (done.stdout, done.stderr)


def test_a_closed_call_is_closed(declare: Declare, caplog: pytest.LogCaptureFixture) -> None:
    """Closing the coroutine runs the capability's clean-up, raises nothing and is no error."""
    cleaned = []

    async def main() -> None:
        integration = declare()

        @integration.register_capability("list_accounts")
        async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
            try:
                await asyncio.Event().wait()
            finally:
                cleaned.append("cleaned")
            raise AssertionError

        call = integration.dispatch("list_accounts", '{"request": {}}')
        call.send(None)
        call.close()

    asyncio.run(main())

    assert ["cleaned"] == cleaned
    assert [] == [record for record in caplog.records if record.name == "connector_sdk"]


def test_a_plain_function_does_not_block_the_loop(declare: Declare) -> None:
    """It waits for what another call does on the loop: in the loop that would never end."""
    integration = declare()
    other_was_here = threading.Event()

    @integration.register_capability("list_accounts")
    def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        assert other_was_here.wait(timeout=60)
        return ListAccountsResponse(response=[])

    @integration.register_capability("list_resources")
    async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse:
        other_was_here.set()
        return ListResourcesResponse(response=[])

    async def main() -> Sequence[str]:
        return await asyncio.gather(
            integration.dispatch("list_accounts", '{"request": {}}'),
            integration.dispatch("list_resources", '{"request": {}}'),
        )

    assert ['{"response":[],"raw_data":null,"page":null}'] * 2 == asyncio.run(main())


def test_plain_functions_run_at_the_same_time(declare: Declare) -> None:
    """Any number of them: they share no pool that could be full."""
    integration = declare()
    together = threading.Barrier(40)

    @integration.register_capability("list_accounts")
    def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        together.wait(timeout=60)
        return ListAccountsResponse(response=[])

    async def main() -> list[str]:
        calls = (integration.dispatch("list_accounts", '{"request": {}}') for _ in range(40))
        return await asyncio.gather(*calls)

    assert {'{"response":[],"raw_data":null,"page":null}'} == set(asyncio.run(main()))


class NotesThread:
    """Notes in which thread it is called."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    async def __call__(self, args: ListAccountsRequest) -> ListAccountsResponse:
        """Note the thread."""
        self.threads.append(threading.current_thread())
        return ListAccountsResponse(response=[])

    async def method(self, args: ListAccountsRequest) -> ListAccountsResponse:
        """Note the thread."""
        return await self(args)


@parametrize(
    "wrap",
    [lambda notes: notes.method, lambda notes: notes, functools.partial],
    ids=["method", "callable object", "partial"],
)
def test_an_async_function_runs_on_the_loop(
    declare: Declare, ask: Ask, wrap: Callable[[NotesThread], Any]
) -> None:
    """It is called without a thread of its own, and may use what belongs to the loop."""
    notes = NotesThread()
    integration = declare()
    integration.register_capability("list_accounts")(wrap(notes))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "Thread", None)
        ask(integration, "list_accounts", {"request": {}})

    assert [threading.current_thread()] == notes.threads


tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="none")


@parametrize("plain", [False, True], ids=["async", "plain"])
def test_context_variables_reach_the_function(
    declare: Declare,
    plain: bool,
) -> None:
    """Each of two calls at the same time sees its own caller's, also after it has waited."""
    integration = declare()
    meeting = threading.Barrier(2)

    def synchronous(args: ListAccountsRequest) -> ListAccountsResponse:
        meeting.wait(timeout=60)
        return ListAccountsResponse(response=[], raw_data=tenant.get())

    async def asynchronous(args: ListAccountsRequest) -> ListAccountsResponse:
        await asyncio.to_thread(meeting.wait, 60)
        return ListAccountsResponse(response=[], raw_data=tenant.get())

    integration.register_capability("list_accounts")(synchronous if plain else asynchronous)

    async def call(name: str) -> Any:
        tenant.set(name)
        return json.loads(await integration.dispatch("list_accounts", '{"request": {}}'))[
            "raw_data"
        ]

    async def main() -> Sequence[Any]:
        return await asyncio.gather(call("one"), call("two"))

    assert ["one", "two"] == asyncio.run(main())
    assert "none" == tenant.get()


def test_a_capability_may_ask_another(declare: Declare, ask: Ask) -> None:
    """Each call has its own settings, and the outer one has them again when the inner is over."""
    seen = []
    integration = declare(settings_model=Settings)

    @integration.register_capability("list_resources")
    async def inner(args: ListResourcesRequest) -> ListResourcesResponse:
        seen.append(get_settings(args, Settings).region)
        return ListResourcesResponse(response=[])

    @integration.register_capability("list_accounts")
    async def outer(args: ListAccountsRequest) -> ListAccountsResponse:
        before = get_settings(args, Settings)
        await integration.dispatch(
            "list_resources", '{"request": {}, "settings": {"region": "us"}}'
        )
        seen.append(before.region)
        assert before is get_settings(args, Settings)
        return ListAccountsResponse(response=[])

    reply = ask(integration, "list_accounts", {"request": {}, "settings": {"region": "eu"}})

    assert [] == reply["response"]
    assert ["us", "eu"] == seen


# handle_errors


def test_unhandled_errors_are_raised(declare: Declare) -> None:
    """With `handle_errors=False` an exception of the capability is the very one."""
    error = ConnectorError(message="x", error_code=ErrorCode.NOT_FOUND)
    for plain in (False, True):
        integration = declare_raising(declare, error, plain=plain, handle_errors=False)

        with pytest.raises(ConnectorError) as raised:
            asyncio.run(integration.dispatch("list_accounts", '{"request": {}}'))

        assert error is raised.value


def test_an_unhandled_unknown_name_is_raised(declare: Declare) -> None:
    """As NotImplementedError, with the same words."""
    with pytest.raises(NotImplementedError, match="acme has no capability list_accounts"):
        asyncio.run(declare(handle_errors=False).dispatch("list_accounts", "{}"))


@parametrize("row", [row for row in ROWS if not row.startswith("10")])
def test_a_bad_request_is_a_reply_even_so(declare: Declare, ask: Ask, row: str) -> None:
    """What is no exception of the capability is answered as always."""
    request, error_code, _ = ROWS[row]
    integration = declare(auth=BasicCredential, settings_model=Settings, handle_errors=False)
    integration.register_capability("list_accounts")(async_def)

    assert error_code == ask(integration, "list_accounts", request)["error"]["error_code"]


# info


@parametrize(
    "request_", [{}, {"request": {}}, GOOD, {"auth": 3}], ids=["empty", "payload", "good", "wrong"]
)
def test_info_can_be_dispatched(declare: Declare, ask: Ask, request_: dict[str, Any]) -> None:
    """By any object, whatever it holds, without credentials."""
    integration = declare(auth=BasicCredential, settings_model=Settings)

    reply = ask(integration, "info", request_)

    assert integration.info().model_dump(mode="json", by_alias=True) == reply


class Undescribable(BaseModel):
    """Settings for which there is no schema."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    lock: threading.Event | None = None


def test_an_info_that_cannot_be_made_is_an_error_reply(declare: Declare, ask: Ask) -> None:
    """As for any other capability, nothing leaves dispatch."""
    reply = ask(declare(settings_model=Undescribable), "info", {})

    assert "unexpected_error" == reply["error"]["error_code"]


# Custom capabilities


class Custom(WireModel):
    """A request of a shape of its own."""

    request: dict[str, StrictInt]


class CustomReply(WireModel):
    """A reply of a shape of its own."""

    response: int
    unit: str = "seats"


def test_a_custom_capability_is_held_to_its_models(declare: Declare, ask: Ask) -> None:
    """Rows 7 and 9 hold for its own models, whatever their shape."""
    integration = declare(auth=BasicCredential, settings_model=Settings)

    @integration.register_custom_capability("count")
    async def count(args: Custom) -> CustomReply:
        return CustomReply(response=sum(args.request.values()))

    assert {"response": 3, "unit": "seats"} == ask(integration, "count", {"request": {"a": 3}})
    assert (
        "request: Input should be a valid integer"
        == (ask(integration, "count", {"request": {"a": "3"}})["error"]["message"])
    )


def test_a_create_request_names_what_it_lacks(declare: Declare, ask: Ask) -> None:
    """A nested list of models is checked in the same pass."""
    integration = declare()

    @integration.register_capability("create_account")
    async def create(args: CreateAccountRequest) -> CreateAccountResponse:
        raise AssertionError

    entitlements = [{"entitlement_type": "role"}]
    reply = ask(integration, "create_account", {"request": {"entitlements": entitlements}})

    assert (
        "request.entitlements[0].integration_specific_id: Field required"
        == reply["error"]["message"]
    )


class LooseRequest(WireModel):
    """A custom request that leaves the form of its credential open."""

    auth: Any = None
    request: dict[str, Any]


class LooseResponse(ResponseEnvelope):
    """A custom response."""

    response: bool


@parametrize(
    "auth, expected",
    [
        ({"basic": {"username": "ada", "password": "secret"}}, None),
        ({"token": {"token": "secret"}}, "bad_request"),
        ("secret", "bad_request"),
        ([], "bad_request"),
    ],
)
def test_a_custom_request_may_leave_its_credential_open(
    declare: Declare, ask: Ask, auth: Any, expected: str | None
) -> None:
    """Then it comes as a dictionary, and has to be of the declared kind all the same."""
    integration = declare(auth=BasicCredential)

    @integration.register_custom_capability("boom")
    async def boom(args: LooseRequest) -> LooseResponse:
        return LooseResponse(response=True)

    reply = ask(integration, "boom", {"auth": auth, "request": {}})

    assert expected == reply.get("error", {}).get("error_code")
