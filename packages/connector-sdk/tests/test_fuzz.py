"""Whatever is given to dispatch: a reply that is valid, and repeats nothing."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from pydantic import BaseModel, Field, StrictInt, field_validator
from pytest_cases import parametrize

from connector_sdk import DescriptionData, Integration, NextPageToken, PaginationBase, get_page
from connector_sdk.models import (
    AuthenticatedRequest,
    AuthModel,
    CredentialConfig,
    ListAccountsRequest,
    ListAccountsResponse,
    ResponseEnvelope,
    TokenCredential,
    WireModel,
)
from connector_sdk.spec import integration_document
from mock_connector.integration import integration as mock

pytestmark = pytest.mark.slow  # it needs a validator of schemas, and its laws many examples

MARK = "MaRk"
"""Stands in every text that the fuzzer makes, and in no message of ours."""


class Settings(BaseModel):
    """What a tenant chooses."""

    region: str
    limits: list[StrictInt] = Field(default=[])

    @field_validator("region")
    @classmethod
    def _check(cls, value: str) -> str:
        if value not in {"eu", "text"}:
            raise ValueError(f"no region {value!r}")
        return value


class OwnToken(TokenCredential):
    """A token in a region."""

    region: str


class Tree(WireModel):
    """A payload of all shapes."""

    name: str | int
    leaves: dict[str, list["Tree"]] = Field(default={})
    numbers: dict[int, float] = Field(default={})


class TreeRequest(AuthenticatedRequest):
    """A request of a custom capability."""

    request: Tree


class TreeResponse(ResponseEnvelope):
    """A response of a custom capability."""

    response: int


class Position(PaginationBase):
    """A position in a list."""

    offset: int


SEVERAL = [
    CredentialConfig(id="main", type=AuthModel.OAUTH_CLIENT_CREDENTIALS, description=""),
    CredentialConfig(id="own", type=AuthModel.TOKEN, description="", input_model=OwnToken),
    CredentialConfig(id="jwt", type=AuthModel.JWT, description="", optional=True),
]

small = Integration(
    app_id="small",
    version="1",
    exception_handlers=[],
    description_data=DescriptionData("Small", []),
    credentials=SEVERAL,
    settings_model=Settings,
)


@small.register_capability("list_accounts")
async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    """List no accounts from a page on."""
    pages = NextPageToken[Position](get_page(args).token).paginations()
    return ListAccountsResponse(response=[], raw_data=len(pages))


@small.register_custom_capability("count_leaves")
def count_leaves(args: TreeRequest) -> TreeResponse:
    """Count, in a thread."""
    return TreeResponse(response=len(args.request.leaves))


INTEGRATIONS = {"mock": mock, "small": small}


@cache
def document_of(kind: str) -> dict[str, Any]:
    """Return the spec document of an integration."""
    return integration_document(INTEGRATIONS[kind])


@cache
def validators(kind: str, name: str) -> tuple[OAS31Validator, OAS31Validator]:
    """Return validators of a capability's success and error reply, from the spec document."""
    document = document_of(kind)
    post = document["paths"][f"/{name}"]["post"]
    success, error = post["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]
    components = {"components": document["components"]}
    return OAS31Validator({**success, **components}), OAS31Validator({**error, **components})


def refuse(constant: str) -> None:
    """Refuse NaN and its like, which Python takes for JSON."""
    raise AssertionError(f"{constant} is no JSON")


def check(kind: str, name: str, request: str | bytes) -> bool:
    """Dispatch a request, check all that is promised of its reply, and tell if it is an error."""
    reply = asyncio.run(INTEGRATIONS[kind].dispatch(name, request))

    assert not {"\n", "\r"} & set(reply)
    data = json.loads(reply, parse_constant=refuse)
    success, error = validators(kind, name)
    is_error = "is_error" in data
    problems = list((error if is_error else success).iter_errors(data))
    assert not problems, f"{name}: {problems[:1]} in the reply to {request!r}"
    assert not (is_error and MARK in reply), f"{name}: {reply} repeats {request!r}"
    return is_error


# Any bytes, any JSON: hypothesis looks for the smallest request that breaks a promise.

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text().map(lambda text: f"{MARK}{text}"),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text().map(lambda text: f"{MARK}{text}"), inner)
    ),
    max_leaves=20,
)
envelopes = st.dictionaries(
    st.sampled_from(["auth", "credentials", "request", "page", "settings", "include_raw_data"]),
    json_values,
)
any_text = (
    st.binary()
    | st.text()
    | json_values.map(json.dumps)
    | envelopes.map(json.dumps)
    | envelopes.map(lambda data: json.dumps(data, ensure_ascii=False)[:-1])
)


@parametrize("kind", INTEGRATIONS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_any_text_gets_a_reply(kind: str, data: st.DataObject) -> None:
    """Bytes, text, JSON, or almost: an error reply that fits the document, and repeats nothing."""
    names = st.sampled_from(["info", *INTEGRATIONS[kind].capabilities])

    check(kind, data.draw(names), data.draw(any_text))


# Requests that were right, and changed: a seeded fuzzer, which is fast enough for many.

SCALARS: list[Callable[[Random], Any]] = [
    lambda random: None,
    lambda random: random.choice([True, False]),
    lambda random: random.choice([0, -1, 10**30, 2**63, random.randrange(100)]),
    lambda random: random.choice([1.5, -0.0, 1e308, float("nan"), float("inf")]),
    lambda random: f"{MARK}{random.randrange(100)}",
    lambda random: f'{MARK}\n"\\ü☃\u2028{"x" * random.randrange(200)}',
]
"""Makers of values that a request does not expect."""

CONTAINERS: list[Callable[[Random], Any]] = [
    lambda random: [],
    lambda random: {},
    lambda random: [scalar(random) for _ in range(random.randrange(30))],
    lambda random: {f"{MARK}{n}": scalar(random) for n in range(random.randrange(4))},
    lambda random: [{MARK: [scalar(random)]}, [scalar(random)]],
    lambda random: nested(random.choice([2, 50, 250])),
]
"""The same, of values that have others in them."""


def scalar(random: Random) -> Any:
    """Return any value without others in it."""
    return random.choice(SCALARS)(random)


def value(random: Random) -> Any:
    """Return any value."""
    return random.choice(SCALARS + CONTAINERS)(random)


def nested(depth: int) -> Any:
    """Return a deep value."""
    inner: Any = MARK
    for level in range(depth):
        inner = [inner] if level % 2 else {MARK: inner}
    return inner


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container in a request with each key or index in it."""
    for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def changed(random: Random, request: dict[str, Any]) -> Any:
    """Return a request with some of its values replaced, removed, repeated or added."""
    request = json.loads(json.dumps(request))
    for _ in range(random.choice([0, 1, 1, 1, 2, 5])):
        found = list(places(request))
        if not found:
            return value(random)

        container, key = random.choice(found)
        change = random.randrange(4)
        if change == 0:
            del container[key]
        elif change == 1 and isinstance(container, list):
            container.append(container[key])
        elif change == 2 and isinstance(container, dict):
            container[f"{MARK}{random.randrange(9)}"] = value(random)
        else:
            container[key] = value(random)

    return request


def written(random: Random, request: Any) -> str | bytes:
    """Return a request as text, which is sometimes cut, doubled, or has another character."""
    text = json.dumps(request, ensure_ascii=random.random() < 0.5)
    place = random.randrange(len(text) + 1)
    match random.randrange(12):
        case 0:
            return text[:place]
        case 1:
            return text[:place] + random.choice('[{]},:"0\\ue') + text[place:]
        case 2:
            return text.encode()[:place] + random.randbytes(2) + text.encode()[place:]
        case 3:
            return text.encode()
        case _:
            return text


@cache
def right_requests(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the document's example of each capability's request, and the page beside it."""
    paths = document_of(kind)["paths"]
    extras = {"page": {"token": None, "size": 3}, "include_raw_data": True}
    return [
        (
            path.removeprefix("/"),
            methods["post"]["requestBody"]["content"]["application/json"]["example"]
            | ({} if path == "/info" else extras),
        )
        for path, methods in paths.items()
    ]


def fuzz(kind: str, *, rounds: int, seed: int) -> tuple[int, int]:
    """Check so many changed requests, and return how many were answered and how many refused."""
    random = Random(seed)
    count = {False: 0, True: 0}
    for _ in range(rounds):
        name, request = random.choice(right_requests(kind))
        count[check(kind, name, written(random, changed(random, request)))] += 1

    return count[False], count[True]


@parametrize("kind", INTEGRATIONS)
def test_changed_requests_get_a_reply(kind: str) -> None:
    """Some are still right, most are not; each reply fits the document, and repeats nothing."""
    answered, refused = fuzz(kind, rounds=200, seed=1)

    assert answered > 10
    assert refused > 100


@parametrize("kind", INTEGRATIONS)
def test_very_many_changed_requests_get_a_reply(kind: str) -> None:
    """25,000 each: the more, the rarer the mistakes that are found."""
    answered, refused = fuzz(kind, rounds=25_000, seed=2)

    assert answered > 1_000
    assert refused > 10_000


# Bodies of 20 MB.

SIZE = 20 * 1024 * 1024
MOST = 999_000


CREDENTIALS = json.dumps(
    [
        {
            "id": "main",
            "oauth_client_credentials": {
                "access_token": "",
                "client_id": "",
                "client_secret": "",
                "scopes": [],
            },
        },
        {"id": "own", "token": {"token": "", "region": ""}},
    ]
)
"""What a right request to the small integration has."""


def body(request: str = "{}", **fields: str) -> str:
    """Return a request of fields that are JSON already, with what else it must have."""
    texts = {"request": request, "credentials": CREDENTIALS, **fields}
    return "{" + ",".join(f'"{name}":{text}' for name, text in texts.items()) + "}"


def repeated(element: str) -> str:
    """Return a list of as many elements as there may be."""
    return "[" + ",".join([element] * min(MOST, SIZE // (len(element) + 1))) + "]"


def numbered(template: str) -> str:
    """Return as many different elements as there may be; of keys, half as many."""
    return ",".join(template % number for number in range(MOST // (1 + template.count(":"))))


def quoted(part: str) -> str:
    """Return a text of 20 MB."""
    return f'"{part * (SIZE // len(part))}"'


def within(field: str, text: str, *, times: int = 1) -> str:
    """Return objects in one another, each with one field."""
    return f'{{"{field}":' * times + text + "}" * times


BODIES: dict[str, Callable[[], str]] = {
    "brackets": lambda: "[" * SIZE,
    "braces": lambda: '{"":' * (SIZE // 4),
    "deep payload": lambda: body("[" * 150 + "]" * 150),
    "ten million elements": lambda: body(within("custom_attributes", f"[{'1,' * (SIZE // 2)}1]")),
    "wrong elements": lambda: body(within("custom_attributes", repeated("1"))),
    "right elements": lambda: body(within("custom_attributes", repeated('""'))),
    "empty credentials": lambda: body(credentials=repeated("{}")),
    "wrong credentials": lambda: body(credentials=repeated("[]")),
    "wrong scopes": lambda: body(
        auth=within("oauth_client_credentials", within("scopes", repeated("1")))
    ),
    "wrong settings": lambda: body(settings=within("limits", repeated('"x"'))),
    "settings of empty objects": lambda: body(settings=within("a", repeated("{}"))),
    "many keys": lambda: "{" + numbered('"key%d":1') + "}",
    "many keys in settings": lambda: body(settings="{" + numbered('"key%d":1') + "}"),
    "many secrets": lambda: body(settings=within("password", "[" + numbered('"secret%d"') + "]")),
    "nested secrets": lambda: body(settings=within("token", repeated('"secret"'), times=150)),
    "one text": lambda: body(page=within("token", quoted("x"))),
    "one escaped text": lambda: body(page=within("token", quoted("\\u2603"))),
    "one text of commas": lambda: body(page=within("token", quoted('\\",'))),
    "one secret": lambda: body(auth=within("token", within("token", quoted("%41")))),
    "one key": lambda: "{" + quoted("x") + ":1}",
    "one number": lambda: body(page=within("size", "1" * SIZE)),
    "one fraction": lambda: body(settings=within("a", f"0.{'1' * SIZE}")),
    "space": lambda: body(" " * SIZE + "{}"),
    "zeros": lambda: "\0" * SIZE,
}
"""Requests of 20 MB, or of as many values as there may be."""

MOST_MEMORY = 1_400
"""MiB that a process may need for any of them, the interpreter and the request's text included."""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
@parametrize("body", BODIES)
def test_a_huge_body_needs_bounded_memory(body: str) -> None:
    """Each in a process of its own, which tells the most it ever had."""
    done = subprocess.run(
        [sys.executable, __file__, body], capture_output=True, check=True, text=True, timeout=600
    )

    assert int(done.stdout) < MOST_MEMORY


def measure(body: str) -> int:
    """Check a huge body, and return the most memory that this process had, in MiB."""
    import resource  # Windows has none

    check("small", "list_accounts", BODIES[body]())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(measure(sys.argv[1]))  # noqa: T201 # for the process that started this one
