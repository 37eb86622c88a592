"""What a token endpoint may answer, and what the platform is told of it."""

import gzip
import json
import logging
import socket
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_oauth import OAuthFlowType, OAuthRequest, OAuthSettings, RequestMethod
from connector_sdk import call_budget
from connector_sdk.testing import without_waiting

TOKENS = {"access_token": "at-123456", "token_type": "bearer"}
SECRET = "secret-123456"
REFRESH = {"client_id": "id", "client_secret": SECRET, "refresh_token": "old-123456"}
CLIENT = {"client_id": "id", "client_secret": SECRET, "scopes": []}


def settings_of(provider: Any, **fields: Any) -> OAuthSettings:
    """Settings for the client-credentials flow."""
    return OAuthSettings(
        token_url=provider.token_url, flow_type=OAuthFlowType.CLIENT_CREDENTIALS, **fields
    )


REFUSALS: dict[str, tuple[int, Any, str]] = {
    "invalid_grant": (400, {"error": "invalid_grant"}, "authentication_expired"),
    "invalid_grant under 200": (200, {"error": "invalid_grant"}, "authentication_expired"),
    "invalid_grant under 500": (500, {"error": "invalid_grant"}, "authentication_expired"),
    "invalid_client": (400, {"error": "invalid_client"}, "unauthorized"),
    "invalid_client under 200": (200, {"error": "invalid_client"}, "unauthorized"),
    "401": (401, {"error": "invalid_request"}, "unauthorized"),
    "401 without JSON": (401, None, "unauthorized"),
    "403": (403, {"error": "unauthorized_client"}, "permission_denied"),
    "429": (429, {}, "rate_limit"),
    "500": (500, {}, "service_error"),
    "599": (599, None, "service_error"),
    "an error under 200": (200, {"error": "bad_verification_code"}, "api_error"),
    "an error beside a token": (200, {**TOKENS, "error": "no"}, "api_error"),
    "an error that is an object": (400, {"error": {"message": "no"}}, "api_error"),
    "400": (400, {"error": "invalid_scope"}, "api_error"),
    "400 without an error": (400, TOKENS, "api_error"),
    "404": (404, None, "api_error"),
    "a list": (400, ["invalid_grant"], "api_error"),
}
"""Status and body of the reply, and the code that they mean in a refresh."""


@parametrize("status, document, code", REFUSALS.values(), ids=list(REFUSALS))
def test_a_refusal_has_its_code(
    status: int, document: Any, code: str, provider: Any, call: Any
) -> None:
    """The provider's error decides, and else the status; the status is told in any case."""
    provider.reply("/token", document, status=status, body=b"<html>no</html>")
    with without_waiting():  # a 429 is tried again
        error = call(settings_of(provider), "refresh_access_token", REFRESH)["error"]

    assert (code, status) == (error["error_code"], error["status_code"])
    assert error["message"].startswith(f"[{status}][{provider.token_url}] ")
    own = document.get("error") if isinstance(document, dict) else None
    assert (own if isinstance(own, str) else None) == error["app_error_code"]


def test_an_invalid_grant_is_unauthorized_where_nothing_can_expire(
    provider: Any, call: Any
) -> None:
    """Only a refresh token was good before: a code or a client was not."""
    provider.reply("/token", {"error": "invalid_grant"}, status=400)
    error = call(settings_of(provider), "handle_client_credentials_request", CLIENT)["error"]
    assert "unauthorized" == error["error_code"]

    settings = OAuthSettings(authorization_url=provider.url, token_url=provider.token_url)
    payload = {
        "client_id": "id",
        "client_secret": SECRET,
        "redirect_uri_with_code": "https://app.example/cb?code=c",
    }
    error = call(settings, "handle_authorization_callback", payload)["error"]
    assert "unauthorized" == error["error_code"]


def test_the_providers_words_are_in_the_message_without_secrets(provider: Any, call: Any) -> None:
    """A person reads why; a secret that is echoed, or a fresh token, is replaced."""
    document = {
        "error": "invalid_client",
        "error_description": f"no client with {SECRET}",
        "debug": [{"access_token": "fresh-654321"}],
    }
    provider.reply("/token", document, status=401)
    reply = call(settings_of(provider), "handle_client_credentials_request", CLIENT)
    assert "no client with ***" in reply["error"]["message"]
    assert not any(secret in json.dumps(reply) for secret in (SECRET, "fresh-654321"))


HIDDEN: dict[str, bytes] = {
    "a form": b"token_type=bearer&access_token=at-123456",
    "JSON that is cut off": b'{"refresh_token": "at-123456", "token_ty',
    "JSON after a byte order mark": b'\xef\xbb\xbf{"access_token":"at-123456"}',
    "JSON with a number that is none": b'{"id_token": "at-123456", "expires_in": NaN}',
    "JSON as a text": b'"{\\"access_token\\": \\"at-123456\\"}"',
    "a form as a text": b'"access_token=at-123456"',
    "a page": b"<pre>{&quot;access_token&quot;: &quot;at-123456&quot;}</pre>",
    "XML": b"<Access_Token>at-123456</Access_Token>",
    "a form that is encoded twice": b"reply=access_token%3Dat-123456",
}
"""Bodies with a token in them that are no JSON object."""


@parametrize("body", HIDDEN.values(), ids=list(HIDDEN))
@parametrize(status=[400, 500])
def test_a_token_in_a_refusal_that_is_no_json_is_not_told(
    status: int, body: bytes, provider: Any, call: Any
) -> None:
    """Where a token cannot be told from the words around it, none of them are repeated."""
    provider.reply("/token", body=body, status=status)
    error = call(settings_of(provider), "refresh_access_token", REFRESH)["error"]
    assert error["message"].startswith(
        f"[{status}][{provider.token_url}] the reply is not repeated"
    )
    assert "at-123456" not in json.dumps(error)


def test_a_refusal_in_plain_words_is_repeated(provider: Any, call: Any) -> None:
    """A sentence about a token is not the token."""
    provider.reply("/token", body=b"The refresh_token is not known.", status=400)
    error = call(settings_of(provider), "refresh_access_token", REFRESH)["error"]
    assert f"[400][{provider.token_url}] The refresh_token is not known." == error["message"]


UNFIT: dict[str, Any] = {
    "a page": b"<html>Log in</html>",
    "a form": b"access_token=at-123456&token_type=bearer",
    "nothing": b"",
    "a list": [TOKENS],
    "a text": "at-123456",
    "no token": {"token_type": "bearer"},
    "a blank token": {**TOKENS, "access_token": ""},
    "a number": {**TOKENS, "access_token": 1},
    "another type": {**TOKENS, "token_type": "DPoP"},
    "a blank type": {**TOKENS, "token_type": ""},
    "a type that is a number": {**TOKENS, "token_type": 1},
    "a refresh token that is a number": {**TOKENS, "refresh_token": 1},
    "a number that is none": b'{"access_token": "at-123456", "expires_in": NaN}',
    "a bottomless pit": b'{"a":' * 100_000,
    "bytes": b"\xff\xfe",
    "a compressed page": b"\x1f\x8b",
}
"""Bodies under status 200 that are no token reply."""


@parametrize("body", UNFIT.values(), ids=list(UNFIT))
def test_a_reply_without_a_bearer_token_is_invalid(body: Any, provider: Any, call: Any) -> None:
    """Whatever it is instead, the reply says that it is not usable, and repeats none of it."""
    if isinstance(body, bytes):
        provider.reply("/token", body=body)
    else:
        provider.reply("/token", body)

    error = call(settings_of(provider), "refresh_access_token", REFRESH)["error"]
    assert ("invalid_response", 200) == (error["error_code"], error["status_code"])
    assert "at-123456" not in error["message"]


@parametrize("written, read", {"Bearer": "bearer", "BEARER": "bearer", None: "bearer"}.items())
def test_the_token_type_is_in_lower_case(
    written: str | None, read: str, provider: Any, call: Any
) -> None:
    """Bearer is bearer however it is written, and without a type it is bearer, too."""
    provider.reply("/token", {"access_token": "at-123456", "token_type": written})
    reply = call(settings_of(provider), "refresh_access_token", REFRESH)
    assert read == reply["response"]["token_type"]


def test_a_type_is_not_needed(provider: Any, call: Any) -> None:
    """A provider that leaves the type out means bearer."""
    provider.reply("/token", {"access_token": "at-123456"})
    reply = call(settings_of(provider), "refresh_access_token", REFRESH)
    assert "bearer" == reply["response"]["token_type"]


@parametrize(
    "issued, returned",
    {"a new one": ("new-123456", "new-123456"), "null": (None, None), "blank": ("", None)}.values(),
)
def test_a_refresh_token_that_rotates_is_returned(
    issued: str | None, returned: str | None, provider: Any, call: Any
) -> None:
    """A new refresh token is never lost, and where there is none, none is made up."""
    provider.reply("/token", {**TOKENS, "refresh_token": issued})
    reply = call(settings_of(provider), "refresh_access_token", REFRESH)
    assert returned == reply["response"]["refresh_token"]


def test_an_error_that_is_null_is_none(provider: Any, call: Any) -> None:
    """Some providers name every member that a reply could have."""
    provider.reply("/token", {**TOKENS, "error": None, "error_description": None})
    reply = call(settings_of(provider), "refresh_access_token", REFRESH)
    assert "at-123456" == reply["response"]["access_token"]


def test_raw_data_is_the_providers_reply_for_those_who_ask(provider: Any, call: Any) -> None:
    """It is whole and unaltered, under the endpoint's URL without its query."""
    document = {**TOKENS, "token_type": "Bearer", "expires_in": 3599, "nested": {"a": [1.5, None]}}
    provider.reply("/token", document)
    settings = OAuthSettings(
        token_url=f"{provider.token_url}?tenant=1", flow_type=OAuthFlowType.CLIENT_CREDENTIALS
    )
    reply = call(settings, "refresh_access_token", REFRESH, include_raw_data=True)
    assert {provider.token_url: document} == reply["raw_data"]
    assert call(settings, "refresh_access_token", REFRESH)["raw_data"] is None


@parametrize(status=[301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, provider: Any, call: Any) -> None:
    """Secrets go to the token endpoint and nowhere else."""
    provider.reply("/token", {}, status=status, headers={"Location": f"{provider.url}/elsewhere"})
    error = call(settings_of(provider), "refresh_access_token", REFRESH)["error"]
    assert ("api_error", status) == (error["error_code"], error["status_code"])
    assert "not followed" in error["message"]
    assert ["/token"] == [request.path for request in provider.requests]


@parametrize(status=[200, 400, 429, 503])
@parametrize(method=list(RequestMethod))
def test_an_endless_reply_is_not_read_to_its_end(
    method: RequestMethod, status: int, provider: Any, call: Any
) -> None:
    """A provider cannot fill the memory, whatever it says that the reply is."""
    provider.pour("/token", status=status)
    settings = settings_of(provider, request_type=OAuthRequest(method=method))
    error = call(settings, "refresh_access_token", REFRESH)["error"]
    assert ("invalid_response", status) == (error["error_code"], error["status_code"])
    assert "longer than" in error["message"]


def test_a_compressed_reply_is_not_opened(provider: Any, call: Any) -> None:
    """A small reply cannot become a large one: compression was not asked for."""
    body = gzip.compress(json.dumps(TOKENS).encode())
    provider.reply("/token", body=body, headers={"Content-Encoding": "gzip"})
    error = call(settings_of(provider), "refresh_access_token", REFRESH)["error"]
    assert "invalid_response" == error["error_code"]
    assert "identity" == provider.requests[0].headers["accept-encoding"]


def test_a_reply_that_does_not_end_uses_up_the_budget(provider: Any, call: Any) -> None:
    """A slow provider is waited for no longer than the platform grants."""
    provider.stall("/token")
    with call_budget(0.4):
        error = call(settings_of(provider), "refresh_access_token", REFRESH)["error"]

    assert "request_timeout" == error["error_code"]


@parametrize(method=list(RequestMethod))
def test_a_connection_that_is_dropped_is_not_tried_again(
    method: RequestMethod, provider: Any, call: Any
) -> None:
    """The provider may have used up the refresh token: a second request could void the first."""
    provider.drop("/token")
    settings = settings_of(provider, request_type=OAuthRequest(method=method))
    error = call(settings, "refresh_access_token", REFRESH)["error"]
    assert "connection_closed" == error["error_code"]
    assert 1 == len(provider.requests)


def test_a_provider_that_is_not_there_is_a_rejected_connection(call: Any) -> None:
    """Nothing listens at the token endpoint."""
    # The port is held until the end, or a server of another test could get it.
    with socket.socket() as silent, without_waiting():
        silent.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/token"
        settings = OAuthSettings(token_url=url, flow_type=OAuthFlowType.CLIENT_CREDENTIALS)
        error = call(settings, "refresh_access_token", REFRESH)["error"]

    assert "connection_rejected" == error["error_code"]


def test_no_secret_is_logged(provider: Any, call: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Neither what is sent nor what is received stands in a log record, in the worst case."""
    from connector_oauth import RequestDataType
    from connector_sdk import RedactingFilter

    provider.reply("/token", {**TOKENS, "refresh_token": "new-123456"})
    settings = settings_of(provider, request_type=OAuthRequest(data=RequestDataType.QUERY))
    caplog.handler.addFilter(RedactingFilter())
    with caplog.at_level(logging.DEBUG):
        call(settings, "refresh_access_token", REFRESH)

    assert "/token" in caplog.text
    secrets = (SECRET, REFRESH["refresh_token"], "new-123456", TOKENS["access_token"])
    assert not any(secret in caplog.text for secret in secrets)
