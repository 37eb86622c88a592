"""No secret leaves (contract, section 5): not in error replies, logs or tracebacks."""

import asyncio
import io
import json
import logging
import threading
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, Secret, SecretStr
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass as pydantic_dataclass
from pytest_cases import parametrize

from connector_sdk import (
    ConnectorError,
    DefaultHandler,
    ExceptionHandler,
    Integration,
    IntegrationField,
    RedactingFilter,
    SecretField,
    add_secret,
    redact,
)
from connector_sdk.models import (
    AuthenticatedRequest,
    AuthModel,
    BasicCredential,
    CredentialConfig,
    ErrorCode,
    ErrorResponse,
    GetAuthorizationUrlRequest,
    GetAuthorizationUrlResponse,
    HandleAuthorizationCallbackRequest,
    HandleAuthorizationCallbackResponse,
    HandleClientCredentialsRequest,
    HandleClientCredentialsResponse,
    JWTCredential,
    ListAccountsRequest,
    ListAccountsResponse,
    OAuthClientCredential,
    OAuthCredential,
    RefreshAccessTokenRequest,
    RefreshAccessTokenResponse,
    ResponseEnvelope,
    TokenCredential,
    WireModel,
)
from connector_sdk.redaction import format_traceback

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]

SECRET = "pä%ss wo/r\"d'\n+☃😀"
"""A secret that every encoding writes in another way."""

secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=30)


def forms(secret: str, user: str = "Ada Löve:lace") -> dict[str, str]:
    """Return the forms of a secret that the contract lists, base64 without its padding."""
    base64 = {
        "base64": secret,
        "Basic": f"{user}:{secret}",
        "form-encoded Basic": f"{quote_plus(user)}:{quote_plus(secret)}",
    }
    return {
        "plain": secret,
        "quote": quote(secret),
        "quote without safe characters": quote(secret, safe=""),
        "quote_plus": quote_plus(secret),
        "JSON": json.dumps(secret)[1:-1],
        "JSON in Unicode": json.dumps(secret, ensure_ascii=False)[1:-1],
        "repr": repr(secret)[1:-1],
        **{name: b64encode(text.encode()).decode().rstrip("=") for name, text in base64.items()},
        **{
            f"{name}, for URLs": urlsafe_b64encode(text.encode()).decode().rstrip("=")
            for name, text in base64.items()
        },
    }


def basic(password: str) -> dict[str, Any]:
    """Return a request with a password."""
    return {"auth": {"basic": {"username": "ada", "password": password}}, "request": {}}


def failing(declare: Declare, message: str | Exception, **declaration: Any) -> Integration:
    """Declare an integration whose `list_accounts` fails with a message, or an exception."""
    integration = declare(**{"auth": BasicCredential} | declaration)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        raise message if isinstance(message, Exception) else ValueError(message)

    return integration


@pytest.mark.slow
@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_form_of_a_password_stands_in_a_reply(
    declare: Declare, ask: Ask, data: st.DataObject
) -> None:
    """Whatever form an exception carries a password in, and whatever stands around it."""
    secret = data.draw(secrets)
    around = st.one_of(
        st.text(max_size=5), st.sampled_from(["Basic ", "=", "abc", "_/+", '\\"', "%"])
    )
    carried = "".join(
        data.draw(around) + form + data.draw(around)
        for form in data.draw(
            st.lists(st.sampled_from(list(forms(secret).values())), min_size=1, max_size=3)
        )
    )
    error = ConnectorError(
        message=carried.encode(errors="replace").decode(),
        error_code=ErrorCode.API_ERROR,
        app_error_code=carried.encode(errors="replace").decode(),
    )

    reply = ask(failing(declare, error), "list_accounts", basic(secret))

    for form in forms(secret).values():
        assert form not in reply["error"]["message"]
        assert form not in reply["error"]["app_error_code"]
    assert "api_error" == reply["error"]["error_code"]


@parametrize("form", forms(SECRET))
def test_a_form_is_replaced_and_nothing_else(declare: Declare, ask: Ask, form: str) -> None:
    """What stands around a secret stays."""
    reply = ask(
        failing(declare, f"login <{forms(SECRET)[form]}> failed"), "list_accounts", basic(SECRET)
    )

    assert "login <***> failed" == reply["error"]["message"]


@parametrize(
    "encode",
    [
        lambda text: json.dumps(json.dumps({"pw": text})),
        lambda text: quote(json.dumps({"pw": text})),
        lambda text: quote(b64encode(f"{quote('ü')}:{quote_plus(text)}".encode()), safe=""),
        lambda text: quote(b64encode(text.encode()), safe=""),
        lambda text: repr(text.encode()),
        lambda text: b64encode(json.dumps({"a": 1, "key": text}).encode()).decode(),
        ascii,
        lambda text: json.dumps(text).replace("/", "\\/"),
        lambda text: quote(text).lower(),
    ],
    ids=[
        "JSON in JSON",
        "JSON in a query",
        "a header in a query",
        "base64 in a query",
        "bytes",
        "a JWT",
        "ascii()",
        "PHP's JSON",
        "lower-case percents",
    ],
)
def test_encodings_in_one_another_hide_no_secret(
    declare: Declare, ask: Ask, encode: Callable[[str], str]
) -> None:
    """What a reader could undo in a few steps is found as well as a single encoding."""
    reply = ask(failing(declare, f"<{encode(SECRET)}>"), "list_accounts", basic(SECRET))

    message = reply["error"]["message"]
    assert "***" in message
    for form in ("word", "wo%2fr", "wo/r", "wo\\/r"):
        assert form not in message.lower()


@parametrize("field", ["url", "body", "header in the body"])
def test_a_secret_that_an_app_sends_back_is_replaced(
    declare: Declare, ask: Ask, field: str
) -> None:
    """An app's HTTP error quotes the request it got."""
    text = {
        "url": "",
        "body": json.dumps({"error": f"bad password {SECRET}"}),
        "header in the body": b64encode(f"ada:{SECRET}".encode()).decode(),
    }[field]
    request = httpx.Request("GET", f"https://acme.example/login/{quote(SECRET)}?key=x")
    response = httpx.Response(401, request=request, text=text)
    error = httpx.HTTPStatusError(f"for url {request.url}", request=request, response=response)

    reply = ask(failing(declare, error), "list_accounts", basic(SECRET))

    assert "***" in reply["error"]["message"]
    for form in forms(SECRET, "ada").values():
        assert form not in json.dumps(reply, ensure_ascii=False)


PUNCTUATED = "p@ss/ö%é x\"'`{}<>&=+$!*();,:~|^[]\\"
"""A secret with each character that clients write in an address as it is, or encoded."""


@parametrize(
    "url",
    [
        httpx.URL(f"https://acme.example/{PUNCTUATED}/login"),
        httpx.URL(f"https://acme.example/login?key={PUNCTUATED}"),
        httpx.URL("https://acme.example/login", params={"key": PUNCTUATED}),
    ],
    ids=["path", "query", "parameter"],
)
def test_a_secret_in_an_address_is_replaced(declare: Declare, ask: Ask, url: httpx.URL) -> None:
    """Clients leave characters as they are that `quote` would encode."""
    reply = ask(failing(declare, f"cannot read {url}"), "list_accounts", basic(PUNCTUATED))

    assert "***" in reply["error"]["message"]
    assert "ss" not in reply["error"]["message"].replace("https://", "")


def test_a_request_of_too_many_secrets_is_told_nothing(declare: Declare, ask: Ask) -> None:
    """Searching for a million of them would take minutes."""
    many = {"login": [{"password": f"secret-{number}"} for number in range(1001)]}
    integration = failing(declare, "no secret at all")

    few = ask(
        integration, "list_accounts", basic("-") | {"settings": {"login": many["login"][:1000]}}
    )
    reply = ask(integration, "list_accounts", basic("-") | {"settings": many})

    assert "no secret at all" == few["error"]["message"]
    assert ("***", "unexpected_error") == (reply["error"]["message"], reply["error"]["error_code"])


@parametrize("before", range(770, 806, 5))
def test_a_cut_leaves_no_half_of_a_secret(declare: Declare, ask: Ask, before: int) -> None:
    """A body is cut at 800 characters after its secrets are replaced, not before."""
    secret = "".join(f"<{number}>" for number in range(100, 110))
    request = httpx.Request("GET", "https://acme.example/")
    response = httpx.Response(500, request=request, text=f"{'.' * before}{secret} and more")
    error = httpx.HTTPStatusError("failed", request=request, response=response)

    reply = ask(failing(declare, error), "list_accounts", basic(secret))

    assert "<100>" not in reply["error"]["message"]
    assert (
        f"[500][https://acme.example/] {'.' * before}***"[: 800 + 29] in reply["error"]["message"]
    )


PEM_LINES = [
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    "MzEfYyjiWA4R4/M2bS1GB4t7NXp9",
]
PEM = "\n".join(
    ["-----BEGIN PRIVATE KEY-----", *PEM_LINES, "short", "-----END PRIVATE KEY-----", ""]
)


@parametrize("line", PEM_LINES)
@parametrize("form", forms(""))
def test_each_long_line_of_a_pem_is_a_secret(
    declare: Declare, ask: Ask, line: str, form: str
) -> None:
    """A library that cannot read a key quotes a line of it, in whichever form."""
    integration = failing(declare, f"cannot read {forms(line)[form]}!", auth=JWTCredential)
    jwt = {"headers": {}, "claims": {}, "secret": PEM}

    reply = ask(integration, "list_accounts", {"auth": {"jwt": jwt}, "request": {}})

    assert "cannot read ***!" == reply["error"]["message"]


def test_the_words_around_a_pem_are_no_secret(declare: Declare, ask: Ask) -> None:
    """Its first line and its short ones stay: they say what was wrong with the key."""
    message = "expected -----BEGIN PRIVATE KEY-----, too short"
    jwt = {"headers": {}, "claims": {}, "secret": PEM}

    reply = ask(
        failing(declare, message, auth=JWTCredential),
        "list_accounts",
        {"auth": {"jwt": jwt}, "request": {}},
    )

    assert message == reply["error"]["message"]


CREDENTIALS: list[tuple[type[WireModel], dict[str, Any]]] = [
    (OAuthCredential, {"oauth": {"access_token": SECRET}}),
    (
        OAuthClientCredential,
        {
            "oauth_client_credentials": {
                "access_token": SECRET,
                "client_id": "id",
                "client_secret": "",
                "scopes": [],
            }
        },
    ),
    (
        OAuthClientCredential,
        {
            "oauth_client_credentials": {
                "access_token": "",
                "client_id": "id",
                "client_secret": SECRET,
                "scopes": [],
            }
        },
    ),
    (BasicCredential, {"basic": {"username": "ada", "password": SECRET}}),
    (TokenCredential, {"token": {"token": SECRET}}),
    (JWTCredential, {"jwt": {"headers": {}, "claims": {}, "secret": SECRET}}),
]
"""The model of each kind of credential, and one with a secret in each place."""


@parametrize("model, credential", CREDENTIALS)
def test_the_secret_of_every_kind_of_credential_is_known(
    declare: Declare, ask: Ask, model: type[WireModel], credential: dict[str, Any]
) -> None:
    """In `auth`, and with an id in `credentials`."""
    kind = AuthModel(next(iter(credential)))
    several = [CredentialConfig(id="main", type=kind, description="")]
    message = f"({SECRET})"

    alone = ask(
        failing(declare, message, auth=model),
        "list_accounts",
        {"auth": credential, "request": {}},
    )
    among = ask(
        failing(declare, message, auth=None, credentials=several),
        "list_accounts",
        {"credentials": [{"id": "main", **credential}], "request": {}},
    )

    assert ["(***)", "(***)"] == [alone["error"]["message"], among["error"]["message"]]


OAUTH = {
    "handle_authorization_callback": (
        HandleAuthorizationCallbackRequest,
        HandleAuthorizationCallbackResponse,
    ),
    "handle_client_credentials_request": (
        HandleClientCredentialsRequest,
        HandleClientCredentialsResponse,
    ),
    "refresh_access_token": (RefreshAccessTokenRequest, RefreshAccessTokenResponse),
}
"""The OAuth capabilities with secrets in their payloads, and their envelopes."""


@parametrize(
    "name, field",
    [
        ("handle_authorization_callback", "client_secret"),
        ("handle_authorization_callback", "code_verifier"),
        ("handle_authorization_callback", "redirect_uri_with_code"),
        ("handle_client_credentials_request", "client_secret"),
        ("refresh_access_token", "client_secret"),
        ("refresh_access_token", "refresh_token"),
    ],
)
def test_the_secrets_of_the_oauth_capabilities_are_known(
    declare: Declare, ask: Ask, name: str, field: str
) -> None:
    """The code too, which stands percent-encoded in an address."""
    request_model, response_model = OAUTH[name]

    async def fail(args: request_model) -> response_model:  # type: ignore[valid-type]
        raise ValueError(f"({SECRET})")

    integration = declare()
    integration.register_capability(name)(fail)
    payload: dict[str, Any] = {
        "client_id": "id",
        "client_secret": "-",
        "refresh_token": "-",
        "redirect_uri_with_code": "https://acme.example/?code=-",
        "scopes": [],
    }
    payload[field] = (
        f"https://acme.example/back?state=x&code={quote_plus(SECRET)}#"
        if field == "redirect_uri_with_code"
        else SECRET
    )

    reply = ask(integration, name, {"request": payload})

    assert ("unexpected_error", "(***)") == (
        reply["error"]["error_code"],
        reply["error"]["message"],
    )


def test_a_code_in_the_fragment_of_a_redirect_is_a_secret(declare: Declare, ask: Ask) -> None:
    """Some apps answer in the fragment instead of the query."""
    integration = declare()

    @integration.register_capability("handle_authorization_callback")
    async def fail(
        args: HandleAuthorizationCallbackRequest,
    ) -> HandleAuthorizationCallbackResponse:
        raise ValueError("code s3cr3t-code in the redirect of the client my-client")

    reply = ask(
        integration,
        "handle_authorization_callback",
        {
            "request": {
                "client_id": "my-client",
                "client_secret": "",
                "redirect_uri_with_code": "https://acme.example/#code=s3cr3t-code&state=redirect",
            }
        },
    )

    assert "code *** in the redirect of the client my-client" == reply["error"]["message"]


class Inner(BaseModel):
    """A part of settings."""

    key: str = SecretField(default="")


@pydantic_dataclass
class Plug:
    """A part of settings that is no model."""

    pin: Annotated[str, SecretField()] = ""


class Settings(BaseModel):
    """Settings that mark secrets in all ways there are."""

    model_config = ConfigDict(populate_by_name=True)

    marked: str = SecretField(default="")
    by_hand: str = Field(default="", json_schema_extra={"x-field_type": "SECRET"})
    by_function: str = Field(
        default="", json_schema_extra=lambda schema: schema.update({"x-field_type": "SECRET"})
    )
    annotated: Annotated[str, SecretField()] = ""
    grouped: str = IntegrationField(group="Login", multiline=True, secret=True, default="")
    secret_str: SecretStr = SecretStr("")
    generic: Secret[str] | None = None
    optional_secret_str: SecretStr | None = None
    aliased: str = SecretField(default="", alias="signing-key")
    choices: str = SecretField(default="", validation_alias=AliasChoices("apiKey", "api-key"))
    path: str = SecretField(default="", validation_alias=AliasPath("login", "phrase"))
    inner: Inner | None = None
    inners: list[Inner] = []
    by_region: dict[str, Inner] = {}
    plug: Plug | None = None
    pins: list[str] = SecretField(default=[])
    number: int = SecretField(default=0)
    plain: str = ""


class Camel(WireModel):
    """Settings whose keys are made from their names."""

    model_config = ConfigDict(alias_generator=to_camel)

    signing_key: str = SecretField(default="")


PLACES: list[dict[str, Any]] = [
    {"marked": "s3cr3t"},
    {"by_hand": "s3cr3t"},
    {"by_function": "s3cr3t"},
    {"annotated": "s3cr3t"},
    {"grouped": "s3cr3t"},
    {"secret_str": "s3cr3t"},
    {"generic": "s3cr3t"},
    {"optional_secret_str": "s3cr3t"},
    {"aliased": "s3cr3t"},
    {"signing-key": "s3cr3t"},
    {"apiKey": "s3cr3t"},
    {"api-key": "s3cr3t"},
    {"login": {"phrase": "s3cr3t"}},
    {"inner": {"key": "s3cr3t"}},
    {"inners": [{}, {"key": "s3cr3t"}]},
    {"by_region": {"eu": {"key": "s3cr3t"}}},
    {"plug": {"pin": "s3cr3t"}},
    {"pins": ["", "s3cr3t"]},
]
"""Settings with a secret in one place."""


@parametrize("place", PLACES, ids=["-".join(place) for place in PLACES])
def test_a_field_that_settings_mark_is_a_secret(
    declare: Declare, ask: Ask, place: dict[str, Any]
) -> None:
    """However the mark is made, and whichever key the value has in the request."""
    integration = failing(declare, "(s3cr3t)", settings_model=Settings)

    reply = ask(integration, "list_accounts", basic("") | {"settings": place})

    assert "(***)" == reply["error"]["message"]


def test_a_secret_is_known_without_the_space_around_it(declare: Declare, ask: Ask) -> None:
    """A library strips what was pasted with a line's end."""
    reply = ask(failing(declare, "(s3cr3t)"), "list_accounts", basic("  s3cr3t\n"))

    assert "(***)" == reply["error"]["message"]


def test_a_number_can_be_a_secret(declare: Declare, ask: Ask) -> None:
    """A PIN in a marked field is known by its digits."""
    integration = failing(declare, "PIN 49152637 is wrong", settings_model=Settings)

    reply = ask(integration, "list_accounts", basic("") | {"settings": {"number": 49152637}})

    assert "PIN *** is wrong" == reply["error"]["message"]


def test_keys_that_a_model_makes_from_names_are_known(declare: Declare, ask: Ask) -> None:
    """The generated alias of a marked field is known before the settings were ever read."""
    integration = failing(declare, "(s3cr3t)", settings_model=Camel)

    reply = ask(integration, "list_accounts", basic("") | {"settings": {"signingKey": "s3cr3t"}})

    assert "(***)" == reply["error"]["message"]


def test_what_settings_do_not_mark_stays(declare: Declare, ask: Ask) -> None:
    """A host or a user name belongs into the message."""
    integration = failing(declare, "ada at eu.acme.example", settings_model=Settings)

    reply = ask(
        integration, "list_accounts", basic("s3cr3t") | {"settings": {"plain": "eu.acme.example"}}
    )

    assert "ada at eu.acme.example" == reply["error"]["message"]


class TokenWithKey(TokenCredential):
    """A token with a key."""

    key: str = SecretField(alias="signing-key")
    region: str


def test_a_field_that_an_input_model_marks_is_a_secret(declare: Declare, ask: Ask) -> None:
    """The form of a credential can have secrets of its own."""
    config = CredentialConfig(
        id="main", type=AuthModel.TOKEN, description="", input_model=TokenWithKey
    )
    integration = failing(declare, "(s3cr3t) in eu-west", auth=None, credentials=[config])
    token = {"token": "-", "signing-key": "s3cr3t", "region": "eu-west"}

    reply = ask(
        integration,
        "list_accounts",
        {"credentials": [{"id": "main", "token": token}], "request": {}},
    )

    assert "(***) in eu-west" == reply["error"]["message"]


class Rotate(WireModel):
    """A payload with a secret."""

    new_key: str = SecretField()


class RotateRequest(AuthenticatedRequest):
    """A request with a secret in its payload."""

    request: Rotate


def test_a_field_that_a_custom_request_marks_is_a_secret(declare: Declare, ask: Ask) -> None:
    """A custom capability's payload can have secrets too."""
    integration = declare()

    @integration.register_custom_capability("rotate")
    async def rotate(args: RotateRequest) -> ResponseEnvelope:
        raise ValueError(f"({args.request.new_key})")

    reply = ask(integration, "rotate", {"request": {"new_key": "s3cr3t"}})

    assert "(***)" == reply["error"]["message"]


def test_the_request_may_be_bytes(declare: Declare, ask: Ask) -> None:
    """Secrets are found in UTF-8 as well as in text."""
    request = json.dumps(basic(SECRET), ensure_ascii=False).encode()

    reply = ask(failing(declare, f"({SECRET})"), "list_accounts", request)

    assert "(***)" == reply["error"]["message"]


@parametrize("short", ["", "a", "12345"])
def test_a_value_of_less_than_six_characters_stays(declare: Declare, ask: Ask, short: str) -> None:
    """Replacing it would garble every message, and it is not much of a secret."""
    reply = ask(failing(declare, f"({short})"), "list_accounts", basic(short))

    assert f"({short})" == reply["error"]["message"]


@parametrize(
    "secret, message",
    [
        ("***abc***", "***abc***"),
        ("******", "a******b"),
        ("s3cr3t", "s3cs3cr3tr3t"),
        ("abcabc", "abcabcabcabc"),
        ("ab***cd", "abab***cdcd"),
        ("aaaaaa", "a" * 100),
    ],
)
def test_a_replacement_never_writes_a_secret(
    declare: Declare, ask: Ask, secret: str, message: str
) -> None:
    """Not by joining what it stands between, and not if the secret is like the replacement."""
    reply = ask(failing(declare, message), "list_accounts", basic(secret))

    assert secret not in reply["error"]["message"]
    assert "***" in reply["error"]["message"]


def test_overlapping_secrets_leave_no_rest(declare: Declare, ask: Ask) -> None:
    """Where one secret is part of another, or two share characters, all of both is replaced."""
    integration = failing(declare, "<abcdef-ghijkl-mnopqr>", settings_model=Settings)
    marked = {"marked": "abcdef-ghijkl", "by_hand": "ghijkl-mnopqr", "annotated": "ghijkl"}

    reply = ask(integration, "list_accounts", basic("") | {"settings": marked})

    assert "<***>" == reply["error"]["message"]


def test_a_secret_within_another_leaves_no_rest(declare: Declare, ask: Ask) -> None:
    """The longer one is replaced to its end."""
    integration = failing(declare, "<abcdefghijkl>", settings_model=Settings)
    marked = {"marked": "cdefgh", "by_hand": "abcdefghijkl"}

    reply = ask(integration, "list_accounts", basic("") | {"settings": marked})

    assert "<***>" == reply["error"]["message"]


NAMES = [
    "access_token",
    "client_secret",
    "code_verifier",
    "password",
    "refresh_token",
    "secret",
    "token",
]
"""Fields that the contract calls secret wherever they are."""


@parametrize("name", NAMES)
def test_a_name_of_the_contract_is_a_secret_wherever_it_stands(
    declare: Declare, ask: Ask, name: str
) -> None:
    """Also as a key of a free dictionary, which no model describes."""
    integration = failing(declare, "(s3cr3t) of <name>")
    settings = {"login": [{name: ["s3cr3t"], "user": "<name>"}]}

    reply = ask(integration, "list_accounts", basic("") | {"settings": settings})

    assert "(***) of <name>" == reply["error"]["message"]


WORDS = [
    "bad_request",
    "message",
    "error_code",
    "is_error",
    "acme-app",
    "ValueError",
    "list_accounts",
    "unexpected_error",
]
"""Words of a reply, and values of the contract."""


@parametrize("secret", WORDS)
def test_keys_codes_and_names_stay_whole(declare: Declare, ask: Ask, secret: str) -> None:
    """A password that is a word of the contract cannot garble a reply; only free text changes."""
    plain = failing(declare, "failed", app_id="acme-app")

    expected = ask(plain, "list_accounts", basic("-"))

    assert expected == ask(plain, "list_accounts", basic(secret))


def test_a_success_reply_stays_as_it_is(declare: Declare, ask: Ask) -> None:
    """What a capability returns is data, even where it has the text of a secret."""
    integration = declare(auth=BasicCredential)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        return ListAccountsResponse(response=[], raw_data={"note": "s3cr3t"})

    reply = ask(integration, "list_accounts", basic("s3cr3t"))

    assert {"note": "s3cr3t"} == reply["raw_data"]


class RawDataHandler(ExceptionHandler):
    """Shows what the app answered."""

    @staticmethod
    def handle(
        e: Exception,
        original_func: Any,
        response: ErrorResponse,
        error_code: ErrorCode | None = None,
    ) -> ErrorResponse:
        """Put the exception's text into the raw data."""
        response.raw_data = {"password": [str(e), 1, None], "nested": {"text": f"({e})"}}
        return response


def test_the_raw_data_of_an_error_hides_secrets(declare: Declare, ask: Ask) -> None:
    """A handler may show what an app answered; keys stay and secrets go."""
    integration = failing(
        declare, "password", exception_handlers=[(ValueError, RawDataHandler, None)]
    )

    reply = ask(integration, "list_accounts", basic("password"))

    assert {"password": ["***", 1, None], "nested": {"text": "(***)"}} == reply["raw_data"]


def test_a_page_token_is_no_secret(declare: Declare, ask: Ask) -> None:
    """It is the platform's to see, and says which page could not be read."""
    integration = failing(declare, "page 1.eyJwYWdl")

    reply = ask(
        integration, "list_accounts", basic("s3cr3t") | {"page": {"token": "1.eyJwYWdl", "size": 1}}
    )

    assert "page 1.eyJwYWdl" == reply["error"]["message"]


@parametrize("plain", [False, True], ids=["async", "plain"])
def test_a_value_received_on_the_way_is_a_secret(
    declare: Declare,
    ask: Ask,
    plain: bool,
) -> None:
    """`add_secret` is for tokens that an app gives during the call; it also works in a thread."""
    integration = declare(auth=BasicCredential)

    def sign_in() -> ListAccountsResponse:
        add_secret("fresh-token\n")
        raise ValueError(f"fresh-token, {b64encode(b'fresh-token').decode()}, short")

    async def signs_in(args: ListAccountsRequest) -> ListAccountsResponse:
        return sign_in()

    def signs_in_plainly(args: ListAccountsRequest) -> ListAccountsResponse:
        return sign_in()

    integration.register_capability("list_accounts")(signs_in_plainly if plain else signs_in)

    reply = ask(integration, "list_accounts", basic(""))

    assert "***, ***, short" == reply["error"]["message"]


def test_outside_a_call_nothing_is_secret() -> None:
    """`add_secret` and `redact` can be called anywhere, as by a script."""
    add_secret("s3cr3t")

    assert "s3cr3t" == redact("s3cr3t")


@parametrize("wrong", [None, 3, b"s3cr3t"])
def test_only_a_text_can_be_added(wrong: Any) -> None:
    """Anything else would be missed later, so it is said at once."""
    with pytest.raises(TypeError, match="add_secret takes a text"):
        add_secret(wrong)


def test_concurrent_calls_know_their_own_secrets_only(declare: Declare) -> None:
    """Two calls at the same time: each replaces its own tenant's secret, and not the other's."""

    async def both() -> list[Any]:
        integration = declare(auth=BasicCredential)
        arrived, meeting = 0, asyncio.Event()

        @integration.register_capability("list_accounts")
        async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
            nonlocal arrived
            arrived += 1
            if arrived == 2:
                meeting.set()
            await meeting.wait()
            raise ValueError("tenant-one tenant-two")

        calls = (
            integration.dispatch("list_accounts", json.dumps(basic(secret)))
            for secret in ("tenant-one", "tenant-two")
        )
        return [json.loads(reply)["error"]["message"] for reply in await asyncio.gather(*calls)]

    assert ["*** tenant-two", "tenant-one ***"] == asyncio.run(both())


def test_concurrent_plain_functions_know_their_own_secrets_only(declare: Declare) -> None:
    """The same in threads."""
    integration = declare(auth=BasicCredential)
    meeting = threading.Barrier(2)

    @integration.register_capability("list_accounts")
    def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        meeting.wait(timeout=60)
        raise ValueError(redact("tenant-one tenant-two"))

    async def both() -> list[str]:
        calls = (
            integration.dispatch("list_accounts", json.dumps(basic(secret)))
            for secret in ("tenant-one", "tenant-two")
        )
        return [json.loads(reply)["error"]["message"] for reply in await asyncio.gather(*calls)]

    assert ["*** tenant-two", "tenant-one ***"] == asyncio.run(both())


AUTHORIZATION = {
    "client_id": "",
    "client_secret": "",
    "scopes": [],
    "redirect_uri": "",
    "state": "",
}


def test_a_call_made_by_a_call_keeps_the_secrets_of_both(declare: Declare, ask: Ask) -> None:
    """A capability that asks another one: the inner call hides the outer's secrets as well."""
    inner_replies = []
    integration = failing(declare, "inner-secret outer-secret inner-")

    @integration.register_capability("get_authorization_url")
    async def outer(args: GetAuthorizationUrlRequest) -> GetAuthorizationUrlResponse:
        add_secret("outer-secret")
        reply = await integration.dispatch("list_accounts", json.dumps(basic("inner-secret")))
        inner_replies.append(json.loads(reply)["error"]["message"])
        raise ValueError("inner-secret outer-secret")

    reply = ask(
        integration,
        "get_authorization_url",
        {"request": AUTHORIZATION},
    )

    assert ["*** *** inner-"] == inner_replies
    assert "inner-secret ***" == reply["error"]["message"]


@contextmanager
def logged(
    name: str, *filters: logging.Filter, formatter: logging.Formatter | None = None
) -> Iterator[io.StringIO]:
    """Collect what a logger's only handler writes, of all levels."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(formatter)
    for each in filters:
        handler.addFilter(each)

    logger = logging.getLogger(name)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield output
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


def raise_with(text: str) -> None:
    """Raise an exception that is caused by one with a text."""
    try:
        raise KeyError(text)  # noqa: TRY301 # it is to have a cause
    except KeyError as cause:
        raise RuntimeError("wrapped") from cause


def log_exception(logger: logging.Logger, secret: str) -> None:
    """Log an exception whose cause has the secret."""
    try:
        raise_with(secret)
    except RuntimeError:
        logger.exception("failed")


def log_note(logger: logging.Logger, secret: str) -> None:
    """Log an exception with the secret in a note."""
    try:
        error = RuntimeError("failed")
        error.add_note(f"with {secret}")
        raise error
    except RuntimeError as raised:
        logger.warning("failed", exc_info=raised)


LOG_CALLS: dict[str, Callable[[logging.Logger, str], None]] = {
    "message": lambda logger, secret: logger.warning(f"got {secret}"),  # noqa: G004
    "argument": lambda logger, secret: logger.warning("got %s", secret),
    "arguments": lambda logger, secret: logger.info("%s %r", 1, [secret]),
    "named argument": lambda logger, secret: logger.debug("%(key)s", {"key": secret}),
    "object": lambda logger, secret: logger.error({"key": secret}),
    "cause": log_exception,
    "note": log_note,
    "stack": lambda logger, secret: logger.handle(
        logger.makeRecord("acme", 30, "acme.py", 1, "at", (), None, sinfo=f"frame {secret}")
    ),
    "wrong arguments": lambda logger, secret: logger.warning("%d and %d", secret),  # noqa: PLE1206
}


@parametrize("how", LOG_CALLS)
def test_a_log_record_hides_secrets(declare: Declare, ask: Ask, how: str) -> None:
    """A handler with the filter writes no secret, wherever in a record it stands."""
    integration = declare(auth=BasicCredential)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        LOG_CALLS[how](logging.getLogger("acme"), SECRET)
        return ListAccountsResponse(response=[])

    with logged("acme", RedactingFilter()) as output:
        reply = ask(integration, "list_accounts", basic(SECRET))

    assert [] == reply["response"]
    assert ("***" in output.getvalue()) is (how != "wrong arguments")
    for form in forms(SECRET).values():
        assert form not in output.getvalue()


def test_a_record_stays_readable(declare: Declare, ask: Ask) -> None:
    """Message, traceback and stack are there; only the secret is gone."""
    integration = declare(auth=BasicCredential)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        log_exception(logging.getLogger("acme"), "s3cr3t")
        return ListAccountsResponse(response=[])

    with logged("acme", RedactingFilter()) as output:
        ask(integration, "list_accounts", basic("s3cr3t"))

    lines = output.getvalue().splitlines()
    assert "failed" == lines[0]
    assert "KeyError: '***'" in lines
    assert "RuntimeError: wrapped" == lines[-1]


class Verbose(logging.Formatter):
    """A formatter that writes exceptions out itself, as those for JSON do."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the exception's text."""
        trace = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        return f"{record.getMessage()} {trace}"


def test_a_formatter_of_the_hosts_own_gets_no_secret(declare: Declare, ask: Ask) -> None:
    """The exception itself is taken out of the record: its text is all that a formatter gets."""
    integration = failing(declare, "-")

    @integration.register_capability("get_authorization_url")
    async def log(args: GetAuthorizationUrlRequest) -> GetAuthorizationUrlResponse:
        add_secret("s3cr3t")
        log_exception(logging.getLogger("acme"), "s3cr3t")
        raise ConnectorError(message="-", error_code=ErrorCode.API_ERROR)

    with logged("acme", RedactingFilter(), formatter=Verbose()) as output:
        ask(
            integration,
            "get_authorization_url",
            {"request": AUTHORIZATION},
        )

    assert "s3cr3t" not in output.getvalue()
    assert "KeyError: '***'" in output.getvalue()


def test_what_dispatch_logs_itself_needs_no_filter(declare: Declare, ask: Ask) -> None:
    """The traceback of a failed call is free of secrets whatever handlers a host has."""
    with logged("connector_sdk") as output:
        ask(failing(declare, f"<{SECRET}>"), "list_accounts", basic(SECRET))

    assert "ValueError: <***>" in output.getvalue()
    for form in forms(SECRET).values():
        assert form not in output.getvalue()


class Broken(ExceptionHandler):
    """A handler that fails, and quotes the exception."""

    @staticmethod
    def handle(
        e: Exception,
        original_func: Any,
        response: ErrorResponse,
        error_code: ErrorCode | None = None,
    ) -> ErrorResponse:
        """Fail."""
        raise RuntimeError(f"cannot handle {e}")


def test_the_failure_of_a_handler_is_logged_without_secrets(declare: Declare, ask: Ask) -> None:
    """What a handler raises can quote the exception that it should handle."""
    integration = failing(declare, "(s3cr3t)", exception_handlers=[(ValueError, Broken, None)])

    with logged("connector_sdk") as output:
        reply = ask(integration, "list_accounts", basic("s3cr3t"))

    assert "(***)" == reply["error"]["message"]
    assert "RuntimeError: cannot handle (***)" in output.getvalue()
    assert "s3cr3t" not in output.getvalue()


def test_a_log_outside_a_call_stays_as_it_is() -> None:
    """The filter touches nothing that no call made, not even wrong arguments."""
    with logged("acme", RedactingFilter()) as output:
        logging.getLogger("acme").info("s3cr3t %s", "here")

    assert "s3cr3t here\n" == output.getvalue()


def test_the_text_of_a_traceback_hides_secrets(declare: Declare, ask: Ask) -> None:
    """`format_traceback` is what a host prints when a call ended in no reply."""
    texts = []
    integration = declare(auth=BasicCredential)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        try:
            raise_with(SECRET)
        except RuntimeError as error:
            texts.append(format_traceback(error))
        return ListAccountsResponse(response=[])

    ask(integration, "list_accounts", basic(SECRET))

    (text,) = texts
    assert "KeyError: '***'" in text
    assert text.endswith("RuntimeError: wrapped")


def test_an_entry_of_the_exception_map_keeps_its_code_whole(declare: Declare, ask: Ask) -> None:
    """A secret equal to the code of an entry changes the message only."""
    entry = (ValueError, DefaultHandler, ErrorCode.RATE_LIMIT)
    integration = failing(declare, "rate_limit", exception_handlers=[entry])

    reply = ask(integration, "list_accounts", basic("rate_limit"))

    assert ("***", "rate_limit") == (reply["error"]["message"], reply["error"]["error_code"])
