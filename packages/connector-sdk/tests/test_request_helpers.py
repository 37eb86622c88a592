"""What a capability asks of its request, with types that a type checker knows."""

from typing import Any, assert_type

import pytest
from pydantic import BaseModel
from pytest_cases import parametrize

from connector_sdk import (
    ConnectorError,
    NextPageToken,
    PaginationBase,
    full_name,
    get_basic_auth,
    get_credential,
    get_jwt_auth,
    get_oauth,
    get_page,
    get_settings,
    get_token_auth,
)
from connector_sdk.models import (
    AuthCredential,
    BasicCredential,
    ErrorCode,
    GetAuthorizationUrl,
    GetAuthorizationUrlRequest,
    JWTClaims,
    JWTCredential,
    JWTHeaders,
    ListAccounts,
    ListAccountsRequest,
    OAuthClientCredential,
    OAuthCredential,
    Page,
    TokenCredential,
)

OAUTH = OAuthCredential(access_token="t")
CLIENT = OAuthClientCredential(access_token="t", client_id="", client_secret="", scopes=[])
BASIC = BasicCredential(username="ada", password="p")
TOKEN = TokenCredential(token="t")
JWT = JWTCredential(headers=JWTHeaders(), claims=JWTClaims(), secret="s")


class Settings(BaseModel):
    """What a tenant chooses."""

    region: str = "eu"
    retries: int = 3


class OwnToken(TokenCredential):
    """A token in a region."""

    region: str


class Position(PaginationBase):
    """A position in a list."""

    offset: int


def request(**fields: Any) -> ListAccountsRequest:
    """Return a request outside of any call."""
    return ListAccountsRequest(request=ListAccounts(), **fields)


def test_the_types_are_known() -> None:
    """A type checker sees which credential, settings and positions come."""
    several = [
        AuthCredential(id="basic", basic=BASIC),
        AuthCredential(id="own", token=OwnToken(token="t", region="eu")),
    ]
    with_credentials = request(credentials=several)

    assert_type(
        get_oauth(request(auth=AuthCredential(oauth=OAUTH))),
        OAuthCredential | OAuthClientCredential,
    )
    assert_type(get_basic_auth(request(auth=AuthCredential(basic=BASIC))), BasicCredential)
    assert_type(get_token_auth(request(auth=AuthCredential(token=TOKEN))), TokenCredential)
    assert_type(get_jwt_auth(request(auth=AuthCredential(jwt=JWT))), JWTCredential)
    assert_type(get_credential(with_credentials, "own", OwnToken), OwnToken)
    assert_type(get_credential(with_credentials, "basic", BasicCredential), BasicCredential)
    assert_type(get_page(request()), Page)
    assert_type(get_settings(request(), Settings), Settings)
    assert_type(NextPageToken[Position](None).paginations(), list[Position])
    assert_type(NextPageToken[Position].from_paginations([]), NextPageToken[Position])


HELPERS: dict[str, tuple[Any, AuthCredential, BaseModel]] = {
    "oauth": (get_oauth, AuthCredential(oauth=OAUTH), OAUTH),
    "client credentials": (get_oauth, AuthCredential(oauth_client_credentials=CLIENT), CLIENT),
    "basic": (get_basic_auth, AuthCredential(basic=BASIC), BASIC),
    "token": (get_token_auth, AuthCredential(token=TOKEN), TOKEN),
    "jwt": (get_jwt_auth, AuthCredential(jwt=JWT), JWT),
}
"""For each kind of credential the helper, an `auth`, and what is in it."""


@parametrize("kind", HELPERS)
def test_a_helper_returns_the_credential_in_auth(kind: str) -> None:
    """The very object."""
    helper, auth, credential = HELPERS[kind]
    args = request(auth=auth)

    found = helper(args)

    assert credential == found
    assert any(found is value for _, value in args.auth or ())


@parametrize("kind", HELPERS)
@parametrize("auth", [None, AuthCredential()], ids=["no auth", "empty auth"])
def test_a_missing_credential_is_a_bad_request(kind: str, auth: AuthCredential | None) -> None:
    """As for a connector that declares no auth, and asks for it all the same."""
    helper, _, _ = HELPERS[kind]
    others = [other for name, (get, other, _) in HELPERS.items() if get is not helper]

    for given in (auth, *others):
        with pytest.raises(ConnectorError, match=r"^auth: .* is required$") as refused:
            helper(request(auth=given))

        assert ErrorCode.BAD_REQUEST is refused.value.error_code


@parametrize(
    "credential_id, model",
    [("none", TokenCredential), ("own", BasicCredential), ("plain", OwnToken)],
    ids=["another id", "another kind", "another model"],
)
def test_one_of_several_credentials_is_found_by_id_and_type(
    credential_id: str, model: type[BaseModel]
) -> None:
    """What does not fit both is missing, and the message names both."""
    args = request(
        credentials=[
            AuthCredential(id="plain", token=TOKEN),
            AuthCredential(id="own", token=OwnToken(token="t", region="eu")),
        ]
    )

    assert OwnToken(token="t", region="eu") == get_credential(args, "own", OwnToken)
    assert OwnToken(token="t", region="eu") == get_credential(args, "own", TokenCredential)
    with pytest.raises(
        ConnectorError, match=f"{credential_id} is required, as {model.__name__}"
    ) as refused:
        get_credential(args, credential_id, model)
    assert ErrorCode.BAD_REQUEST is refused.value.error_code


def test_an_optional_credential_may_be_missing() -> None:
    """Also if there are none at all."""
    with pytest.raises(ConnectorError, match="credentials: extra is required, as TokenCredential"):
        get_credential(request(), "extra", TokenCredential)


def test_settings_can_be_read_outside_of_a_call() -> None:
    """As by a test or a script; of the OAuth capabilities too."""
    payload = GetAuthorizationUrl(client_id="", scopes=[], redirect_uri="", state="")
    args = GetAuthorizationUrlRequest(request=payload, settings={"region": "us"})

    assert Settings(region="us") == get_settings(args, Settings)
    assert Settings() == get_settings(request(), Settings)


def test_settings_that_do_not_fit_are_a_bad_request() -> None:
    """All places, and no value."""
    args = request(settings={"region": ["secret"], "retries": "secret"})

    with pytest.raises(ConnectorError) as refused:
        get_settings(args, Settings)

    assert ErrorCode.BAD_REQUEST is refused.value.error_code
    assert "settings.region: Input should be a valid string; settings.retries" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__, "pydantic's own words quote the values"


def test_a_page_is_there_in_any_case() -> None:
    """An empty one stands for none."""
    assert Page() == get_page(request())
    assert Page(token="t", size=3) == get_page(request(page=Page(token="t", size=3)))


@parametrize(
    "given, family, name",
    [
        ("Ada", "Lovelace", "Ada Lovelace"),
        (" Ada ", " King ", "Ada King"),
        ("Ada", None, "Ada"),
        ("Ada", "  ", "Ada"),
        (None, "Lovelace", "Lovelace"),
        ("", "Lovelace", "Lovelace"),
        (None, None, ""),
    ],
    ids=["both", "spaces", "no family name", "blank", "no given name", "empty", "none"],
)
def test_a_full_name_is_what_there_is_of_it(
    given: str | None, family: str | None, name: str
) -> None:
    """Without a space for what is missing."""
    assert name == full_name(given, family)
