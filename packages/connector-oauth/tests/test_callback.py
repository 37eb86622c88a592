"""The redirect: what is believed, and what is refused before anybody is called."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_oauth import OAuthSettings, build_authorization_url, read_redirect
from connector_sdk import ConnectorError

TOKENS = {"access_token": "at-123456", "token_type": "Bearer"}
BACK = "https://app.example/cb"


def settings_of(provider: Any, **fields: Any) -> OAuthSettings:
    """Settings for the provider."""
    return OAuthSettings(
        authorization_url=f"{provider.url}/authorize", token_url=provider.token_url, **fields
    )


def payload(redirect: str, **fields: Any) -> dict[str, Any]:
    """A callback's payload."""
    client = {"client_id": "id", "client_secret": "secret-123456"}
    return {**client, "redirect_uri_with_code": redirect, **fields}


REFUSED = {
    "no code": (BACK, {}),
    "a blank code": (f"{BACK}?code=", {}),
    "a code in the fragment": (f"{BACK}#code=c", {}),
    "two codes": (f"{BACK}?code=mine&code=theirs", {}),
    "no state": (f"{BACK}?code=c", {"state": "mine"}),
    "another state": (f"{BACK}?code=c&state=theirs", {"state": "mine"}),
    "two states": (f"{BACK}?code=c&state=mine&state=theirs", {"state": "mine"}),
    "another state with an error": (f"{BACK}?error=e&state=theirs", {"state": "mine"}),
    "no URL": ("https://[::1?code=c", {}),
}


@parametrize("redirect, fields", REFUSED.values(), ids=list(REFUSED))
def test_a_redirect_that_is_not_the_answer_is_a_bad_request(
    redirect: str, fields: dict[str, Any], provider: Any, call: Any
) -> None:
    """Without a code, or with another state than was sent, nobody is asked for tokens."""
    settings = settings_of(provider)
    reply = call(settings, "handle_authorization_callback", payload(redirect, **fields))
    assert "bad_request" == reply["error"]["error_code"]
    assert "redirect_uri_with_code" in reply["error"]["message"]
    assert "theirs" not in reply["error"]["message"]
    assert [] == provider.requests


ERRORS = {"access_denied": "permission_denied", "server_error": "unauthorized", "x": "unauthorized"}


@parametrize("error, code", ERRORS.items(), ids=str)
def test_an_error_in_the_redirect_is_the_answer(
    error: str, code: str, provider: Any, call: Any
) -> None:
    """What the provider says stands in the reply, and nobody is asked for tokens."""
    redirect = f"{BACK}?error={error}&error_description=Not+today%21&state=mine"
    reply = call(
        settings_of(provider),
        "handle_authorization_callback",
        payload(redirect, state="mine"),
    )
    assert code == reply["error"]["error_code"]
    assert error == reply["error"]["app_error_code"]
    assert f"{error}: Not today!" in reply["error"]["message"]
    assert [] == provider.requests


def test_an_error_needs_no_state(provider: Any, call: Any) -> None:
    """Some providers omit it, and there is no code that a forger could bring."""
    redirect = f"{BACK}?error=access_denied"
    reply = call(
        settings_of(provider), "handle_authorization_callback", payload(redirect, state="mine")
    )
    assert "permission_denied" == reply["error"]["error_code"]


def test_an_error_beside_a_code_wins(provider: Any, call: Any) -> None:
    """A code that comes with an error is not used."""
    redirect = f"{BACK}?code=c&error=access_denied"
    reply = call(settings_of(provider), "handle_authorization_callback", payload(redirect))
    assert "permission_denied" == reply["error"]["error_code"]
    assert [] == provider.requests


def test_with_pkce_the_verifier_is_required(provider: Any, call: Any) -> None:
    """A code without its verifier is not sent."""
    redirect = f"{BACK}?code=c"
    settings = settings_of(provider, pkce=True)
    reply = call(settings, "handle_authorization_callback", payload(redirect))
    assert "bad_request" == reply["error"]["error_code"]
    assert "code_verifier" in reply["error"]["message"]
    assert [] == provider.requests


def test_the_code_is_exchanged_with_its_redirect_uri_and_verifier(provider: Any, call: Any) -> None:
    """The token request is that of RFC 6749, section 4.1.3, and RFC 7636, section 4.5."""
    provider.reply("/token", {**TOKENS, "refresh_token": "rt-123456"})
    redirect = f"{BACK}?tenant=a%2Fb&code=c%2Bd&state=mine&session_state=s"
    reply = call(
        settings_of(provider, pkce=True),
        "handle_authorization_callback",
        payload(redirect, state="mine", code_verifier="v"),
    )
    assert reply["response"] == {
        "access_token": "at-123456",
        "refresh_token": "rt-123456",
        "token_type": "bearer",
        "state": "mine",
    }
    [request] = provider.requests
    assert request.form == {
        "grant_type": "authorization_code",
        "code": "c+d",
        "redirect_uri": f"{BACK}?tenant=a%2Fb",
        "code_verifier": "v",
        "client_id": "id",
        "client_secret": "secret-123456",
    }


@given(
    own=st.lists(
        st.tuples(st.text("abcxyz", min_size=3), st.text(st.characters(codec="utf-8"))), max_size=3
    ),
    code=st.text(st.characters(codec="utf-8"), min_size=1),
    state=st.text(st.characters(codec="utf-8")),
)
def test_a_redirect_parses_back_to_the_redirect_uri_and_the_code(
    own: list[tuple[str, str]], code: str, state: str
) -> None:
    """Whatever the redirect's own query, it is given back byte for byte."""
    from urllib.parse import urlencode

    redirect_uri = f"{BACK}?{urlencode(own)}" if own else BACK
    separator = "&" if own else "?"
    url = f"{redirect_uri}{separator}{urlencode({'code': code, 'state': state, 'iss': 'i'})}"
    redirect = read_redirect(url, state=state, issuer="i")
    assert (redirect_uri, code, "i") == (redirect.redirect_uri, redirect.code, redirect.issuer)


def test_a_redirect_does_not_show_its_code() -> None:
    """The code is as good as a password until it is used."""
    assert "c0de" not in repr(read_redirect(f"{BACK}?code=c0de"))


@parametrize(iss=["https://evil.example", "https://auth.example.com/", ""])
def test_a_redirect_of_another_issuer_is_refused(iss: str) -> None:
    """`iss` has to be the issuer, character by character (RFC 9207, section 2.4)."""
    with pytest.raises(ConnectorError) as refused:
        read_redirect(f"{BACK}?code=c&iss={iss}", issuer="https://auth.example.com")

    assert "bad_request" == refused.value.error_code.value


def test_an_error_of_another_issuer_is_refused() -> None:
    """The error of one provider cannot be passed off as another's (RFC 9207, section 2)."""
    with pytest.raises(ConnectorError) as refused:
        read_redirect(f"{BACK}?error=access_denied&iss=https://evil.example", issuer="https://a.b")

    assert "bad_request" == refused.value.error_code.value


def test_the_providers_words_are_cut() -> None:
    """A description of any length makes a message of bounded length."""
    with pytest.raises(ConnectorError) as refused:
        read_redirect(f"{BACK}?error={'e' * 9000}&error_description={'d' * 9000}")

    assert len(str(refused.value)) < 400
    assert len(refused.value.app_error_code or "") < 400


def test_a_secret_in_the_providers_words_is_replaced(provider: Any, call: Any) -> None:
    """A redirect that echoes the client's secret does not bring it into the reply."""
    redirect = f"{BACK}?error=secret-123456&error_description=secret-123456"
    reply = call(settings_of(provider), "handle_authorization_callback", payload(redirect))
    assert "unauthorized" == reply["error"]["error_code"]
    assert "secret-123456" not in str(reply)


def test_what_was_built_can_be_read_alone() -> None:
    """The pieces go together without an integration."""
    url = build_authorization_url(
        "https://a.example/", client_id="id", redirect_uri=BACK, state="mine"
    )
    assert url.endswith("&state=mine")
    assert BACK == read_redirect(f"{BACK}?code=c&state=mine", state="mine").redirect_uri
