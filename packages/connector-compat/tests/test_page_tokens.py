"""Page tokens: those of the predecessor are read, and new ones are made in the SDK's form."""

import sys
from datetime import date
from typing import Any

import msgpack  # type: ignore[import-untyped] # it has no types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector.oai.errors import ConnectorError
from connector.utils.pagination import (
    NextPageTokenInterface,
    PaginationBase,
    create_next_page_token,
)
from connector_sdk import NextPageToken
from connector_sdk.models import ErrorCode, Page


class Pagination(PaginationBase):
    """A place in the pages of an endpoint."""

    offset: int
    cursor: str | None = None
    since: date | None = None


Token = create_next_page_token(Pagination, "Token", "Places.")

OLD = "9183a8656e64706f696e74a62f7573657273a66f666673657403a6637572736f72c0"
"""A token that the predecessor made: the list of `endpoint="/users", offset=3, cursor=None`."""

PLACES = st.lists(
    st.builds(
        Pagination,
        endpoint=st.none() | st.text(),
        offset=st.integers(-(2**63), 2**63 - 1),
        cursor=st.none() | st.text(),
    ),
    min_size=1,
)


def test_a_token_of_the_predecessor_is_read() -> None:
    """It gives the places that it was made of."""
    assert [Pagination(endpoint="/users", offset=3)] == Token(OLD).paginations()


@given(PLACES)
def test_every_token_that_the_predecessor_could_make_is_read(places: list[Pagination]) -> None:
    """Hex digits of msgpack, a list of dictionaries."""
    old = msgpack.packb([place.model_dump(exclude={"since"}) for place in places]).hex()
    assert places == Token(old).paginations()


@given(PLACES)
def test_new_tokens_are_those_of_the_sdk(places: list[Pagination]) -> None:
    """A connector that moves to native imports reads them."""
    token = Token.from_paginations(places).token
    assert places == Token(token).paginations() == NextPageToken[Pagination](token).paginations()


def test_dates_are_carried() -> None:
    """As the predecessor's tokens could not."""
    places = [Pagination(offset=1, since=date(2024, 2, 29))]
    assert places == Token(Token.from_paginations(places).token).paginations()


@parametrize(
    token=[
        "00",
        "9",
        "93",
        "90",
        "c0",
        "9180",
        f"{OLD}00",
        "0" * 100_000,
        "91" * 100_000,
        msgpack.packb([{"offset": b"\xff"}]).hex(),
        msgpack.packb([{"offset": 1, "more": 1}]).hex(),
        msgpack.packb({"offset": 1}).hex(),
    ],
    ids=[str(number) for number in range(12)],
)
def test_what_cannot_be_read_is_an_invalid_page_token(token: str) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(ConnectorError) as caught:
        Token(token).paginations()

    assert ErrorCode.INVALID_PAGE_TOKEN is caught.value.error_code


def test_without_msgpack_an_old_token_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A new one needs it not."""
    monkeypatch.setitem(sys.modules, "msgpack", None)
    assert [] == Token(None).paginations()
    assert [Pagination(offset=1)] == Token(
        Token.from_paginations([Pagination(offset=1)]).token
    ).paginations()
    with pytest.raises(ConnectorError, match=r"connector-compat\[msgpack\]") as caught:
        Token(OLD).paginations()

    assert ErrorCode.INVALID_PAGE_TOKEN is caught.value.error_code


class TestSubclasses:
    """Token classes as authors wrote them."""

    def test_the_factory_names_and_describes_its_class(self) -> None:
        """As it was told to."""
        assert ("Token", "Places.") == (Token.__name__, Token.__doc__)

    def test_a_class_of_its_own_can_be_derived(self) -> None:
        """For a pagination class, with the SDK's form of tokens."""

        class Own(NextPageTokenInterface[Pagination]):
            """Places."""

        made = Own.from_paginations([Pagination(offset=5)])
        assert [Pagination(offset=5)] == Own(made.token).paginations()
        assert Page(token=made.token, size=7) == made.to_page(7)

    def test_an_author_can_have_a_form_of_tokens_of_their_own(self) -> None:
        """By overriding both methods, with no pagination class named."""

        class Own(NextPageTokenInterface[Any]):
            @classmethod
            def from_paginations(cls, paginations: Any) -> "Own":
                return cls(str(paginations[0].offset))

            def paginations(self) -> list[Any]:
                return [Pagination(offset=int(self.token or 0))]

        made = Own.from_paginations([Pagination(offset=5)])
        assert "5" == made.token
        assert [Pagination(offset=5)] == made.paginations()
        assert Own("5") == made
