"""Paths of URLs from identifiers that came with a request."""

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_sdk import ConnectorError
from connector_sdk.http import url_path
from connector_sdk.models import ErrorCode


@settings(deadline=None)
@given(
    segments=st.lists(
        st.text(min_size=1, max_size=8).filter(lambda text: text.strip(".")), min_size=1
    )
)
def test_each_segment_arrives_as_it_is(segments: list[str]) -> None:
    """Whatever an identifier is made of, the app reads the same segments, and no more of them."""
    path = url_path(*segments)

    url = httpx.URL("https://app.example.com").join(path)

    assert path == url.raw_path.decode()
    assert len(segments) == path.count("/")


@parametrize("segment", ["", ".", ".."])
def test_a_segment_that_leads_elsewhere_is_refused(segment: str) -> None:
    """DELETE /groups/7/members/.. would be another request than the one that was meant."""
    with pytest.raises(ConnectorError) as caught:
        url_path("groups", "7", "members", segment)

    assert ErrorCode.BAD_REQUEST is caught.value.error_code
