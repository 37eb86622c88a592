"""Assertions that a client signs with its private key, checked as a provider checks them."""

import asyncio
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey, import_key
from pytest_cases import parametrize

from connector_oauth import (
    Client,
    ClientAuthenticationMethod,
    OAuthAssertion,
    OAuthFlowType,
    OAuthSettings,
    TokenEndpoint,
    exchange_assertion,
)
from connector_sdk import ConnectorError, get_settings

pytestmark = pytest.mark.slow  # its tests make and use RSA keys

TOKENS = {"access_token": "at-123456", "token_type": "bearer"}
PRIVATE_KEY_JWT = ClientAuthenticationMethod.PRIVATE_KEY_JWT
OAUTH = "/.well-known/oauth-authorization-server"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    """The client's key pair."""
    return RSAKey.generate_key(2048, private=True, auto_kid=False)


@pytest.fixture(scope="module")
def pem(key: RSAKey) -> str:
    """The client's private key, as it travels in `client_secret`."""
    return key.as_pem(private=True).decode()


def read_assertion(assertion: str, key: Any, algorithm: str = "RS256") -> jwt.Token:
    """Check an assertion as a provider does (RFC 7523, section 3), and return it."""
    public = import_key(key.as_dict(private=False))
    token = jwt.decode(assertion, public, algorithms=[algorithm])
    claims = jwt.JWTClaimsRegistry(
        iss={"essential": True}, sub={"essential": True}, aud={"essential": True},
        exp={"essential": True}, jti={"essential": True},
    )  # fmt: skip
    claims.validate(token.claims)
    return token


def service_account(provider: Any, **fields: Any) -> OAuthSettings:
    """Settings for a service account."""
    return OAuthSettings(token_url=provider.token_url, flow_type=OAuthFlowType.JWT_BEARER, **fields)


def key_client(provider: Any, **fields: Any) -> OAuthSettings:
    """Settings for a client that is known by its key."""
    return OAuthSettings(
        token_url=provider.token_url,
        flow_type=OAuthFlowType.CLIENT_CREDENTIALS,
        client_auth=PRIVATE_KEY_JWT,
        **fields,
    )


def payload(pem: str, **fields: Any) -> dict[str, Any]:
    """The payload of a client that has a key."""
    return {"client_id": "robot", "client_secret": pem, "scopes": [], **fields}


def test_a_client_signs_who_it_is(provider: Any, call: Any, key: RSAKey, pem: str) -> None:
    """The client assertion is that of RFC 7523, section 2.2, and the key is not sent."""
    provider.reply("/token", TOKENS)
    call(key_client(provider), "handle_client_credentials_request", payload(pem))
    [request] = provider.requests
    form = request.form
    assertion = read_assertion(form.pop("client_assertion"), key)
    assert form == {
        "grant_type": "client_credentials",
        "client_id": "robot",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    claims = assertion.claims
    assert ("robot", "robot", provider.token_url) == (claims["iss"], claims["sub"], claims["aud"])
    assert claims["iat"] <= time.time() < claims["exp"] <= claims["iat"] + 300
    assert not any(line in request.body for line in pem.splitlines()[1:-1])


def test_each_assertion_is_new(provider: Any, call: Any, key: RSAKey, pem: str) -> None:
    """A provider that refuses a second use of an assertion sees no second use."""
    provider.reply("/token", TOKENS)
    for _ in range(2):
        call(key_client(provider), "handle_client_credentials_request", payload(pem))

    first, second = (
        read_assertion(request.form["client_assertion"], key).claims["jti"]
        for request in provider.requests
    )
    assert first != second


def test_an_assertion_is_for_the_issuer_where_there_is_one(
    provider: Any, call: Any, key: RSAKey, pem: str
) -> None:
    """A token endpoint that is another's cannot use it there (draft-ietf-oauth-rfc7523bis)."""
    provider.reply(OAUTH, {"issuer": provider.url, "token_endpoint": provider.token_url})
    provider.reply("/token", TOKENS)
    settings = OAuthSettings(
        issuer=provider.url,
        flow_type=OAuthFlowType.CLIENT_CREDENTIALS,
        client_auth=PRIVATE_KEY_JWT,
    )
    call(settings, "handle_client_credentials_request", payload(pem))
    assertion = read_assertion(provider.requests[-1].form["client_assertion"], key)
    assert provider.url == assertion.claims["aud"]


def test_a_service_account_signs_for_its_token(
    provider: Any, call: Any, key: RSAKey, pem: str
) -> None:
    """The grant is that of RFC 7523, section 2.1, with the scopes where providers look for them."""
    provider.reply("/token", TOKENS)
    reply = call(
        service_account(provider),
        "handle_client_credentials_request",
        payload(pem, scopes=["read", "write"]),
    )
    assert "at-123456" == reply["response"]["access_token"]

    form = provider.requests[0].form
    claims = read_assertion(form.pop("assertion"), key).claims
    assert form == {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "scope": "read write",
    }
    assert ("robot", "robot", provider.token_url, "read write") == (
        claims["iss"],
        claims["sub"],
        claims["aud"],
        claims["scope"],
    )


def test_headers_and_claims_can_be_added(provider: Any, call: Any, key: RSAKey, pem: str) -> None:
    """What a provider wants beside the standard is laid over it, and None takes away."""
    provider.reply("/token", TOKENS)
    assertion = OAuthAssertion(
        headers={"kid": "key-1"},
        claims=lambda args: {"sub": args.settings["admin"], "sub_type": "user", "scope": None},
    )
    call(
        service_account(provider, assertion=assertion),
        "handle_client_credentials_request",
        payload(pem, scopes=["read"]),
        settings={"admin": "admin@acme.example"},
    )
    read = read_assertion(provider.requests[0].form["assertion"], key)
    assert "key-1" == read.header["kid"]
    assert ("admin@acme.example", "user") == (read.claims["sub"], read.claims["sub_type"])
    assert "scope" not in read.claims


def test_another_algorithm_can_be_named(provider: Any, call: Any) -> None:
    """A key on an elliptic curve signs as well as an RSA key."""
    provider.reply("/token", TOKENS)
    key = ECKey.generate_key("P-256", private=True)
    settings = key_client(provider, assertion=OAuthAssertion(headers={"alg": "ES256"}))
    pem = key.as_pem(private=True).decode()
    reply = call(settings, "handle_client_credentials_request", payload(pem))
    assert "at-123456" == reply["response"]["access_token"]
    assertion = read_assertion(provider.requests[0].form["client_assertion"], key, "ES256")
    assert "robot" == assertion.claims["iss"]


def test_a_key_that_lost_its_line_ends_works(
    provider: Any, call: Any, key: RSAKey, pem: str
) -> None:
    r"""A PEM that went through a form often has `\n` in two characters."""
    provider.reply("/token", TOKENS)
    flat = pem.strip().replace("\n", "\\n")
    call(service_account(provider), "handle_client_credentials_request", payload(flat))
    assertion = read_assertion(provider.requests[0].form["assertion"], key)
    assert "robot" == assertion.claims["iss"]


@parametrize(
    secret=["not a key", "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]
)
def test_a_key_that_is_none_is_a_bad_request(secret: str, provider: Any, call: Any) -> None:
    """Nobody is asked, and the key is not repeated."""
    for settings in (service_account(provider), key_client(provider)):
        reply = call(settings, "handle_client_credentials_request", payload(secret))
        assert "bad_request" == reply["error"]["error_code"]
        assert "request.client_secret" in reply["error"]["message"]
        assert "AAAA" not in reply["error"]["message"]

    assert [] == provider.requests


def test_an_assertion_that_is_echoed_is_replaced(provider: Any, call: Any, pem: str) -> None:
    """An assertion is good for a minute, and nobody else is to have it for that time."""
    provider.echo("/token")
    reply = call(key_client(provider), "handle_client_credentials_request", payload(pem))
    assert "unauthorized" == reply["error"]["error_code"]
    sent = provider.requests[0].form["client_assertion"]
    assert sent not in str(reply)
    assert "***" in reply["error"]["message"]


def test_a_refresh_is_signed_too(provider: Any, call: Any, key: RSAKey, pem: str) -> None:
    """Whatever the client asks for, it says who it is in the same way."""
    provider.reply("/token", TOKENS)
    request = {"client_id": "robot", "client_secret": pem, "refresh_token": "rt"}
    call(key_client(provider), "refresh_access_token", request)
    assertion = read_assertion(provider.requests[0].form["client_assertion"], key)
    assert "robot" == assertion.claims["iss"]


def test_an_assertion_can_be_exchanged_alone(provider: Any, key: RSAKey, pem: str) -> None:
    """The piece works without an integration."""
    provider.reply("/token", {**TOKENS, "expires_in": 60})
    endpoint = TokenEndpoint(url=provider.token_url)
    client = Client(client_id="robot", client_secret=pem)
    tokens = asyncio.run(exchange_assertion(endpoint, client, scopes=["read"]))
    assert ("at-123456", 60) == (tokens.access_token, tokens.raw["expires_in"])
    assert "at-123456" not in repr(tokens)

    with pytest.raises(ConnectorError):
        asyncio.run(exchange_assertion(endpoint, Client(client_id="r", client_secret="no key")))


def test_functions_of_the_assertion_read_the_settings(
    provider: Any, call: Any, integration_of: Any, key: RSAKey, pem: str
) -> None:
    """A header that differs by tenant comes from the tenant's settings."""
    from pydantic import BaseModel

    class Tenant(BaseModel):
        key_id: str

    provider.reply("/token", TOKENS)
    assertion = OAuthAssertion(headers=lambda args: {"kid": get_settings(args, Tenant).key_id})
    integration = integration_of(
        service_account(provider, assertion=assertion), settings_model=Tenant
    )
    call(integration, "handle_client_credentials_request", payload(pem), settings={"key_id": "k7"})
    assert "k7" == read_assertion(provider.requests[0].form["assertion"], key).header["kid"]


@parametrize(client_auth=["CLIENT_SECRET_POST", "CLIENT_SECRET_BASIC"])
def test_a_private_key_is_never_sent_as_a_secret(
    client_auth: str, provider: Any, call: Any, pem: str
) -> None:
    """A connector that is set up for secrets does not give a key away."""
    settings = OAuthSettings(
        token_url=provider.token_url,
        flow_type=OAuthFlowType.CLIENT_CREDENTIALS,
        client_auth=ClientAuthenticationMethod(client_auth),
    )
    reply = call(settings, "handle_client_credentials_request", payload(pem))
    assert "bad_request" == reply["error"]["error_code"]
    assert [] == provider.requests
