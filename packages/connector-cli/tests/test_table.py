"""Tables for people: what is shown where the room is short, and of odd data."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_cli.table import render_table

CELLS = st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a" * 30, "née", "日本語"])
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["id", "email", "a_very_long_heading"]), CELLS), max_size=4
)


@given(RECORDS, st.integers(min_value=3 * 7 + 2 * 2, max_value=200))
def test_no_line_is_longer_than_the_terminal(records: list[dict[str, Any]], width: int) -> None:
    """Wide characters take two columns, and are counted so."""
    lines = render_table(records, width=width).splitlines()
    wide = {len(line) + sum(each in "日本語" for each in line) for line in lines}
    assert max(wide) <= width


def test_headings_give_way_before_data() -> None:
    """What a column holds stays whole as long as a shorter heading makes room."""
    records = [{"a_very_long_heading": "12345678", "email": "ada@example.com"}]
    assert [
        "a_very_…  email",
        "────────  ───────────────",
        "12345678  ada@example.com",
    ] == render_table(records, width=25).splitlines()


def test_ids_that_begin_or_end_alike_can_be_told_apart() -> None:
    """Of what is cut both ends are left."""
    records = [{"id": "organisation-0000000000000000000001", "email": "a"}]
    records += [{"id": "organisation-0000000000000000000002", "email": "b"}]
    records += [{"id": "o-0000000000000000000000000000000001", "email": "c"}]
    assert [
        "id             email",
        "─────────────  ─────",
        "organi…000001  a",
        "organi…000002  b",
        "o-0000…000001  c",
    ] == render_table(records, width=20).splitlines()


def test_short_headings_stay_whole() -> None:
    """`versi…` tells nobody anything."""
    records = [{"version": "0.1.0", "capabilities": "x" * 100}]
    assert "version" in render_table(records, width=30).splitlines()[0]


def test_columns_that_are_empty_everywhere_are_left_out() -> None:
    """Keys come in the order in which they first appear."""
    records: list[dict[str, Any]] = [{"b": None, "a": 1}, {"c": True, "a": None}]
    assert ["a  c", "─  ───", "1", "   yes"] == render_table(records, width=80).splitlines()


@parametrize(records=[[], [{}], [{"a": None}]], ids=str)
def test_nothing_is_said(records: list[dict[str, Any]]) -> None:
    """A list without data is no empty screen."""
    assert "(nothing)" == render_table(records, width=80)


def test_data_cannot_move_the_cursor() -> None:
    """Control characters are shown as question marks, in headings too."""
    assert ["a?", "───────", "x?[2J?y"] == render_table(
        [{"a\n": "x\x1b[2J\u202ey"}], width=80
    ).splitlines()
