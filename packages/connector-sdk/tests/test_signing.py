"""sign_jwt: tokens that others can verify (RFC 7515, RFC 7519)."""

import asyncio
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from joserfc import jwk, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from pytest_cases import parametrize

from connector_sdk import ConnectorError, Integration, get_jwt_auth, sign_jwt
from connector_sdk.models import (
    ErrorCode,
    JWTClaims,
    JWTCredential,
    JWTHeaders,
    ListAccountsRequest,
    ListAccountsResponse,
)

pytestmark = pytest.mark.slow  # its tests make and use RSA keys

Declare = Callable[..., Integration]

SHARED = "a shared secret of more than 32 bytes, as HS256 needs"


@cache
def rsa_key() -> str:
    """Return a new private key in PEM; one is enough for all algorithms of RSA."""
    return RSAKey.generate_key(2048).as_pem(private=True).decode()


def private_key(algorithm: str) -> str:
    """Return a private key in PEM, or the shared secret, for an algorithm."""
    match algorithm[:2]:
        case "HS":
            return SHARED
        case "ES":
            curve = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[algorithm]
            return ECKey.generate_key(curve).as_pem(private=True).decode()
        case "Ed":
            return OKPKey.generate_key("Ed25519").as_pem(private=True).decode()
        case _:
            return rsa_key()


def verified(token: str, algorithm: str, key: str) -> jwt.Token:
    """Return a token as whoever has the public key reads it."""
    kind: Any = {"HS": "oct", "ES": "EC", "Ed": "OKP"}.get(algorithm[:2], "RSA")
    return jwt.decode(token, jwk.import_key(key, kind), [algorithm])


def credential(
    algorithm: str | None, key: str, claims: dict[str, Any] | None = None, **headers: Any
) -> JWTCredential:
    """Return a credential."""
    return JWTCredential.model_validate(
        {"headers": {"alg": algorithm, **headers}, "claims": claims or {}, "secret": key}
    )


@parametrize(
    "algorithm",
    ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512",
     "Ed25519"],
)  # fmt: skip
def test_a_token_is_signed_by_every_algorithm(algorithm: str) -> None:
    """The public key verifies it, and it says what the credential says."""
    key = private_key(algorithm)
    signed = sign_jwt(credential(algorithm, key, {"iss": "me", "aud": "acme"}, kid="k1"))

    token = verified(signed, algorithm, key)

    assert {"alg": algorithm, "kid": "k1", "typ": "JWT"} == token.header
    assert ("me", "acme") == (token.claims["iss"], token.claims["aud"])


def test_a_credential_without_an_algorithm_is_a_shared_secret() -> None:
    """HS256 is what most apps mean."""
    assert "HS256" == verified(sign_jwt(credential(None, SHARED)), "HS256", SHARED).header["alg"]


def test_a_token_is_good_from_now_on_for_a_while() -> None:
    """Twenty minutes, or as long as is asked for."""
    before = int(time.time())
    claims = [
        verified(token, "HS256", SHARED).claims
        for token in (
            sign_jwt(credential("HS256", SHARED)),
            sign_jwt(credential("HS256", SHARED), expiration_minutes=5),
        )
    ]

    assert [20 * 60, 5 * 60] == [each["exp"] - each["iat"] for each in claims]
    assert all(before <= each["iat"] <= time.time() for each in claims)


def test_times_that_the_credential_has_are_kept() -> None:
    """The expiry follows from the time of issue."""
    given = {"iat": 1_000, "exp": 2_000}

    both = sign_jwt(credential("HS256", SHARED, given))
    issued = sign_jwt(credential("HS256", SHARED, {"iat": 1_000}), expiration_minutes=1)

    assert given == verified(both, "HS256", SHARED).claims
    assert {"iat": 1_000, "exp": 1_060} == verified(issued, "HS256", SHARED).claims


def test_the_credential_is_not_changed() -> None:
    """It can sign again, later, with another time."""
    given = JWTCredential(headers=JWTHeaders(), claims=JWTClaims(iss="me"), secret=SHARED)
    before = given.model_copy(deep=True)

    sign_jwt(given)

    assert before == given


def test_scopes_are_one_text() -> None:
    """Separated by spaces (RFC 8693, section 4.2)."""
    token = sign_jwt(credential("HS256", SHARED, {"scope": ["read", "write"]}))

    assert "read write" == verified(token, "HS256", SHARED).claims["scope"]


def test_headers_have_the_types_of_the_rfc() -> None:
    """On the wire they are texts; a certificate is a chain of one, a key an object."""
    headers = {"x5c": "MIIB", "jwk": '{"kty": "oct"}', "x5t#S256": "c2hh", "typ": "JWT"}

    token = sign_jwt(credential("HS256", SHARED, None, **headers))

    encoded = token.partition(".")[0]
    header = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert {
        "alg": "HS256",
        "x5c": ["MIIB"],
        "jwk": {"kty": "oct"},
        "x5t#S256": "c2hh",
        "typ": "JWT",
    } == header


def test_a_key_that_lost_its_lines_is_mended() -> None:
    r"""A form turns the ends of lines into `\n`."""
    key = private_key("RS256")

    token = sign_jwt(credential("RS256", key.replace("\n", "\\n")))

    assert "RS256" == verified(token, "RS256", key).header["alg"]


@parametrize(
    "algorithm, key",
    [
        ("RS256", "not a key"),
        ("RS256", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----"),
        ("ES256", "RS256"),
        ("none", SHARED),
        ("XX256", SHARED),
        ("RS999", "RS256"),
        ("", SHARED),
    ],
    ids=["no key", "half a key", "another key", "none", "unknown", "no such size", "empty"],
)
def test_what_cannot_sign_is_a_bad_request(algorithm: str, key: str) -> None:
    """The message says where, and repeats neither key nor header."""
    key = private_key(key) if key == "RS256" else key

    with pytest.raises(ConnectorError, match=r"^auth\.jwt") as refused:
        sign_jwt(credential(algorithm, key))

    assert ErrorCode.BAD_REQUEST is refused.value.error_code
    assert key[:20] not in str(refused.value)
    assert "MIIE" not in str(refused.value)


def test_a_jwk_that_is_no_json_is_a_bad_request() -> None:
    """It is said where."""
    with pytest.raises(ConnectorError, match=r"^auth\.jwt\.headers\.jwk: not a JSON Web Key"):
        sign_jwt(credential("HS256", SHARED, None, jwk="{"))


def test_a_token_is_a_secret_of_the_call(declare: Declare) -> None:
    """An app that quotes it does not bring it into the reply."""
    integration = declare(auth=JWTCredential)

    @integration.register_capability("list_accounts")
    async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
        raise ValueError(f"the app does not like <{sign_jwt(get_jwt_auth(args))}>")

    jwt_auth = credential("HS256", SHARED).model_dump()
    request = json.dumps({"auth": {"jwt": jwt_auth}, "request": {}})

    reply = json.loads(asyncio.run(integration.dispatch("list_accounts", request)))

    assert "the app does not like <***>" == reply["error"]["message"]
