"""Page tokens (contract, section 7): there and back, and nothing else."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import (
    AliasChoices,
    AliasPath,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    computed_field,
)
from pytest_cases import parametrize

from connector_sdk import ConnectorError, Integration, NextPageToken, PaginationBase, get_page
from connector_sdk.models import ErrorCode, ListAccountsRequest, ListAccountsResponse, Page

Declare = Callable[..., Integration]
Ask = Callable[..., dict[str, Any]]


class Direction(Enum):
    """Where a listing goes."""

    UP = "up"
    DOWN = 2


class Inner(BaseModel):
    """A part of a position."""

    path: list[str]
    counts: dict[int, Decimal]


class Everything(PaginationBase):
    """A position of all that JSON can hold in some form."""

    offset: int = 0
    limit: StrictInt | None = None
    share: float = 0
    amount: Decimal = Decimal(0)
    day: date | None = None
    at: datetime | None = None
    aware: AwareDatetime | None = None
    clock: time | None = None
    wait: timedelta | None = None
    key: UUID | None = None
    direction: Direction = Direction.UP
    done: StrictBool = False
    text: str = ""
    data: bytes = b""
    pair: tuple[int, str] | None = None
    seen: set[int] = Field(default=set())
    inner: Inner | None = None
    many: list[Inner] = Field(default=[])
    anything: Any = None
    aliased: int = Field(default=0, alias="the#alias")
    read_as: int = Field(default=0, validation_alias="other")
    written_as: int = Field(default=0, serialization_alias="another")
    choice: int = Field(default=0, validation_alias=AliasChoices("one", "two"))
    path: int = Field(default=0, validation_alias=AliasPath("deep", "down"))

    @computed_field  # type: ignore[prop-decorator] # a limit of type checkers
    @property
    def next_offset(self) -> int:
        """What follows from the rest."""
        return self.offset + 1


class Strict(PaginationBase):
    """A position that takes no type for another."""

    model_config = ConfigDict(strict=True)

    day: date
    at: datetime
    key: UUID
    direction: Direction
    pair: tuple[int, date]
    days: frozenset[date]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
decimals = st.decimals(allow_nan=False, allow_infinity=False)
inners = st.builds(
    Inner,
    path=st.lists(texts, max_size=2),
    counts=st.dictionaries(st.integers(), decimals, max_size=2),
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
everything = st.fixed_dictionaries(
    {},
    optional={
        "endpoint": st.none() | texts,
        "offset": st.integers(),
        "limit": st.none() | st.integers(),
        "share": st.floats(allow_nan=False, allow_infinity=False),
        "amount": decimals,
        "day": st.dates(),
        "at": st.datetimes(),
        "aware": st.datetimes(timezones=st.just(UTC)),
        "clock": st.times(),
        "wait": st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000)),
        "key": st.uuids(),
        "direction": st.sampled_from(Direction),
        "done": st.booleans(),
        "text": texts,
        "data": texts.map(str.encode),
        "pair": st.tuples(st.integers(), texts),
        "seen": st.sets(st.integers(), max_size=3),
        "inner": inners,
        "many": st.lists(inners, max_size=2),
        "anything": json_values,
        "aliased": st.integers(),
        "read_as": st.integers(),
        "written_as": st.integers(),
        "choice": st.integers(),
        "path": st.integers(),
    },
).map(lambda fields: Everything.model_validate(fields, by_name=True, by_alias=False))
stricts = st.builds(
    Strict,
    endpoint=st.none() | texts,
    day=st.dates(),
    at=st.datetimes(),
    key=st.uuids(),
    direction=st.sampled_from(Direction),
    pair=st.tuples(st.integers(), st.dates()),
    days=st.frozensets(st.dates(), max_size=3),
)


@pytest.mark.slow
@given(st.lists(everything, min_size=1, max_size=2))
@settings(max_examples=60, deadline=None)
def test_positions_go_into_a_token_and_come_back(positions: list[Everything]) -> None:
    """Whatever JSON can hold in some form, dates, decimals and aliases included."""
    token = NextPageToken[Everything].from_paginations(positions).token

    assert positions == NextPageToken[Everything](token).paginations()


@given(st.lists(stricts, min_size=1, max_size=2))
@settings(max_examples=30, deadline=None)
def test_a_strict_position_comes_back_as_well(positions: list[Strict]) -> None:
    """What a strict model refuses as text from Python, it takes from JSON."""
    token = NextPageToken[Strict].from_paginations(positions).token

    assert positions == NextPageToken[Strict](token).paginations()


class Offset(PaginationBase):
    """A position in one list."""

    offset: int


class Other(PaginationBase):
    """The same under another name."""

    offset: int


TOKEN = NextPageToken[Offset].from_paginations([Offset(offset=10, endpoint="/users")]).token or ""


def token_of(document: Any, version: str = "1") -> str:
    """Return the token of a document, which may be any."""
    text = document if isinstance(document, str) else json.dumps(document)
    return f"{version}.{urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def test_a_token_has_the_form_of_the_contract() -> None:
    """Version, base64url without padding, the class's name: the next version can still read it."""
    document = '{"pagination":"Offset","pages":[{"endpoint":"/users","offset":10}]}'

    assert token_of(document) == TOKEN


GOOD_DOCUMENT = {"pagination": "Offset", "pages": [{"endpoint": None, "offset": 1}]}

FOREIGN: dict[str, str] = {
    "garbage": "garbage",
    "a number": "42",
    "a point": ".",
    "the version alone": "1.",
    "no version": TOKEN[2:],
    "another version": f"2.{TOKEN[2:]}",
    "a longer version": f"1.0.{TOKEN[2:]}",
    "truncated": TOKEN[:-1],
    "truncated more": TOKEN[:-5],
    "lengthened": f"{TOKEN}A",
    "padded": f"{TOKEN}==",
    "spaces": f" {TOKEN} ",
    "a line": f"{TOKEN}\n",
    "other letters": f"1.{TOKEN[2:-3]}é{TOKEN[-2:]}",
    "a lone surrogate": "1.\ud800",
    "no JSON": token_of("{"),
    "not UTF-8": f"1.{urlsafe_b64encode(bytes([255, 254, 253])).decode()}",
    "a list": token_of([GOOD_DOCUMENT]),
    "null": token_of(None),
    "another class": NextPageToken[Other].from_paginations([Other(offset=1)]).token or "",
    "no class": token_of({"pages": GOOD_DOCUMENT["pages"]}),
    "no pages": token_of({"pagination": "Offset"}),
    "more": token_of({**GOOD_DOCUMENT, "more": 1}),
    "empty pages": token_of({**GOOD_DOCUMENT, "pages": []}),
    "pages of another type": token_of({**GOOD_DOCUMENT, "pages": {"offset": 1}}),
    "a page of another type": token_of({**GOOD_DOCUMENT, "pages": [1]}),
    "a missing field": token_of({**GOOD_DOCUMENT, "pages": [{"endpoint": None}]}),
    "another field": token_of({**GOOD_DOCUMENT, "pages": [{"offset": 1, "more": 1}]}),
    "a field of another type": token_of({**GOOD_DOCUMENT, "pages": [{"offset": "x"}]}),
    "deep": token_of('{"pagination":"Offset","pages":' + "[" * 100_000),
    "deep data": token_of(
        {**GOOD_DOCUMENT, "pages": [{"offset": json.loads("[" * 90 + "]" * 90)}]}
    ),
}
"""Tokens that this capability did not give."""


@parametrize("kind", FOREIGN)
def test_a_token_that_was_not_given_is_invalid(kind: str) -> None:
    """One code for all, which tells the platform to start again; the token is not repeated."""
    with pytest.raises(ConnectorError) as refused:
        NextPageToken[Offset](FOREIGN[kind]).paginations()

    assert ErrorCode.INVALID_PAGE_TOKEN is refused.value.error_code
    assert str(refused.value).startswith("page.token was not given by this capability")
    assert FOREIGN[kind] not in {TOKEN, str(refused.value)}


def read(token: str) -> ErrorCode | list[Offset]:
    """Return the positions in a token, or the code of the error that reading it gives."""
    try:
        return NextPageToken[Offset](token).paginations()
    except ConnectorError as error:
        return error.error_code


@given(st.text() | st.binary().map(lambda data: f"1.{urlsafe_b64encode(data).decode()}"))
@settings(max_examples=60, deadline=None)
def test_no_text_is_read_as_another_token(text: str) -> None:
    """Whatever it is: nothing but a connector's error comes of it."""
    assert read(text) == (ErrorCode.INVALID_PAGE_TOKEN if text else [])


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="ascii"))
@settings(max_examples=60, deadline=None)
def test_a_changed_token_is_invalid_or_another_one(place: int, character: str) -> None:
    """If it can be read, it is the token of what it gives."""
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]

    found = read(changed)

    if isinstance(found, ErrorCode):
        assert ErrorCode.INVALID_PAGE_TOKEN is found
    else:
        assert read(NextPageToken[Offset].from_paginations(found).token or "") == found


@parametrize("token", [None, ""], ids=["none", "empty"])
def test_no_token_is_the_first_page(token: str | None) -> None:
    """There are no positions yet."""
    assert [] == NextPageToken[Offset](token).paginations()


def test_no_positions_are_no_token() -> None:
    """There is no next page."""
    assert None is NextPageToken[Offset].from_paginations([]).token


def test_a_token_is_put_into_the_page_of_a_reply() -> None:
    """With the size that the request had."""
    token = NextPageToken[Offset].from_paginations([Offset(offset=10, endpoint="/users")])

    assert Page(token=TOKEN, size=50) == token.to_page(50)
    assert Page() == NextPageToken[Offset](None).to_page(None)


def test_a_position_takes_no_other_keys() -> None:
    """A slip of the pen is not a position at the start."""
    with pytest.raises(ValidationError, match="ofset"):
        Offset.model_validate({"offset": 1, "ofset": 1})


def test_a_token_of_nothing_in_particular_is_a_mistake() -> None:
    """The message says what to write."""
    with pytest.raises(TypeError, match=r"NextPageToken\[YourPagination\]"):
        NextPageToken(None)
    with pytest.raises(TypeError, match=r"NextPageToken\[YourPagination\]"):
        NextPageToken.from_paginations([Offset(offset=1)])


def test_the_class_of_a_token_is_made_once() -> None:
    """Two mentions are the same class, so it can be given a name."""
    classes: list[object] = [NextPageToken[Offset], NextPageToken[Offset], NextPageToken[Other]]

    assert classes[0] is classes[1]
    assert classes[0] is not classes[2]


def test_an_invalid_token_is_an_error_reply(declare: Declare, ask: Ask) -> None:
    """The capability need do nothing for it."""
    integration = declare()

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        (position,) = NextPageToken[Offset](get_page(args).token).paginations()
        return ListAccountsResponse(
            response=[],
            page=NextPageToken[Offset].from_paginations([position]).to_page(get_page(args).size),
        )

    good = ask(integration, "list_accounts", {"request": {}, "page": {"token": TOKEN, "size": 3}})
    bad = ask(integration, "list_accounts", {"request": {}, "page": {"token": "bad"}})

    assert {"token": TOKEN, "size": 3} == good["page"]
    assert "invalid_page_token" == bad["error"]["error_code"]
