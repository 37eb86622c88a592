"""Authentication with a token."""

from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector_sdk import ConnectorError
from connector_sdk.http import BearerAuth


def headers_of(auth: BearerAuth, **options: Any) -> httpx.Headers:
    """The headers of a request that was authenticated."""
    request = httpx.Request("POST", "https://app.test/", **options)
    return next(auth.auth_flow(request)).headers


def test_a_token_is_sent_as_rfc_6750_says() -> None:
    """In `Authorization`, after the word `Bearer`."""
    assert "Bearer abc" == headers_of(BearerAuth("abc"))["authorization"]


def test_header_and_prefix_can_be_the_apps_own() -> None:
    """Or no prefix at all."""
    headers = headers_of(BearerAuth("abc", token_prefix="", auth_header="X-Api-Key"))
    assert ("abc", None) == (headers["x-api-key"], headers.get("authorization"))
    assert "SSWS abc" == headers_of(BearerAuth("abc", "SSWS"))["authorization"]


def test_further_headers_go_along() -> None:
    """They take the place of the request's own, but for the content type."""
    custom = {"X-Version": "2", "content-type": "application/json", "Accept": "text/csv"}
    auth = BearerAuth("abc", custom_headers=custom)
    headers = headers_of(auth, data={"a": "1"}, headers={"Accept": "*/*"})
    assert ("2", "text/csv") == (headers["x-version"], headers["accept"])
    assert "application/x-www-form-urlencoded" == headers["content-type"]
    assert "application/json" == headers_of(auth)["content-type"]


def test_white_space_around_a_token_is_left_out() -> None:
    """It comes from copying, and no app wants it."""
    assert "Bearer abc" == headers_of(BearerAuth(" abc\n"))["authorization"]


@parametrize("token", ["", "  ", "\n", "a\r\nX-Admin: 1", "caf\u00e9", "a\x00b"])
def test_a_token_that_cannot_be_sent_is_refused(token: str) -> None:
    """Before a request is sent, and without showing it."""
    with pytest.raises(ConnectorError) as caught:
        BearerAuth(token)

    assert "bad_request" == caught.value.error_code.value
    assert "X-Admin" not in caught.value.message
