"""Credentials: what a connector needs to reach a tenant, as declared and as sent."""

from enum import Enum
from typing import Any

from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr, field_validator
from pydantic_core.core_schema import ValidationInfo

from connector_sdk.fields import HiddenField, SecretField
from connector_sdk.models.base import WireModel


class AuthModel(str, Enum):
    """The kinds of credential; each value is the kind's field name in `AuthCredential`."""

    OAUTH = "oauth"
    OAUTH_CLIENT_CREDENTIALS = "oauth_client_credentials"
    BASIC = "basic"
    TOKEN = "token"
    JWT = "jwt"


class OAuthCredential(WireModel):
    """An OAuth 2.0 access token that a user granted (RFC 6749, section 1.4)."""

    access_token: StrictStr = HiddenField(
        description="Access token for calls to the app, without the word `Bearer`.",
    )


class OAuthClientCredential(WireModel):
    """An OAuth 2.0 client that acts for itself (RFC 6749, section 4.4)."""

    access_token: StrictStr = HiddenField(
        description="Access token for calls to the app, without the word `Bearer`.",
    )
    client_id: StrictStr = Field(
        description="Identifier of the client, as registered with the authorization server.",
    )
    client_secret: StrictStr = SecretField(
        description="Secret of the client, as issued by the authorization server.",
    )
    scopes: list[StrictStr] = Field(
        description="Scopes to ask for; if empty, those of the connector's OAuth settings.",
        examples=[[]],
    )


class BasicCredential(WireModel):
    """A user name and a password, as for HTTP Basic authentication (RFC 7617)."""

    username: StrictStr = Field(description="User name, or what the app takes in its place.")
    password: StrictStr = SecretField(description="Password that belongs to the user name.")


class TokenCredential(WireModel):
    """A secret that is sent as it is: an API key or a personal access token."""

    token: StrictStr = SecretField(
        description="The token exactly as the app issued it, without any prefix.",
    )


class JWTHeaders(WireModel):
    """Header parameters of a signed token (JOSE header; RFC 7515, section 4.1)."""

    alg: StrictStr | None = Field(
        default=None,
        description="Algorithm that signs the token, such as `RS256` or `HS256`.",
    )
    jku: StrictStr | None = Field(
        default=None,
        description="URL of the JWK Set that has the key to check the signature with.",
    )
    jwk: StrictStr | None = Field(
        default=None,
        description="Public key to check the signature with, a JSON Web Key as JSON text.",
    )
    typ: StrictStr | None = Field(
        default=None,
        description="Media type of the whole token, usually `JWT`.",
    )
    kid: StrictStr | None = Field(
        default=None,
        description="Identifier of the signing key, as the app knows it.",
    )
    x5u: StrictStr | None = Field(
        default=None,
        description="URL of the X.509 certificate, or chain, of the signing key.",
    )
    x5c: StrictStr | None = Field(
        default=None,
        description="X.509 certificate of the signing key, DER in base64.",
    )
    x5t: StrictStr | None = Field(
        default=None,
        description="SHA-1 digest of that certificate's DER form, in base64url.",
    )
    x5t_s256: StrictStr | None = Field(
        default=None,
        alias="x5t#S256",
        description="SHA-256 digest of that certificate's DER form, in base64url.",
    )
    cty: StrictStr | None = Field(
        default=None,
        description="Media type of the payload; `JWT` for a nested token, else left out.",
    )
    crit: list[StrictStr] | None = Field(
        default=None,
        description="Names of the extension parameters that the receiver must understand.",
    )


class JWTClaims(WireModel):
    """Claims of a signed token (RFC 7519, section 4.1; RFC 8693, section 4).

    Points in time are in whole seconds since 1970-01-01T00:00:00Z.
    """

    iss: StrictStr | None = Field(
        default=None,
        description="Issuer: who signs the token, often a client identifier or an email.",
    )
    sub: StrictStr | None = Field(
        default=None,
        description="Subject: the user or service account that the token speaks for.",
    )
    aud: StrictStr | None = Field(
        default=None,
        description="Audience: who the token is meant for, often the token endpoint's URL.",
    )
    exp: StrictInt | None = Field(
        default=None,
        description="Expiry: from then on the token is refused; seconds since the epoch.",
    )
    nbf: StrictInt | None = Field(
        default=None,
        description="Not before: until then the token is refused; seconds since the epoch.",
    )
    iat: StrictInt | None = Field(
        default=None,
        description="Issued at: when the token was made; seconds since the epoch.",
    )
    jti: StrictStr | None = Field(
        default=None,
        description="Identifier of this one token, for apps that refuse a repeated one.",
    )
    act: StrictStr | None = Field(
        default=None,
        description="Actor: who acts on behalf of the subject.",
    )
    scope: list[StrictStr] | None = Field(
        default=None,
        description="Scopes the token is good for, one an element.",
    )
    client_id: StrictStr | None = Field(
        default=None,
        description="Identifier of the OAuth client that asks for the token.",
    )
    may_act: StrictStr | None = Field(
        default=None,
        description="Who is allowed to act on behalf of the subject.",
    )


class JWTCredential(WireModel):
    """What a connector needs to sign a JSON Web Token for each session with the app."""

    headers: JWTHeaders = Field(description="Header parameters of the token to sign.")
    claims: JWTClaims = Field(description="Claims of the token to sign.")
    secret: StrictStr = SecretField(
        description="Signing key: a private key in PEM, or the shared secret of an HMAC.",
    )


class AuthCredential(WireModel):
    """One credential as sent with a request: exactly the kind that the connector declared."""

    id: StrictStr | None = Field(
        default=None,
        description=(
            "Identifier of the credential's configuration; needed in `credentials`, unused in"
            " `auth`."
        ),
    )
    oauth: OAuthCredential | None = Field(
        default=None,
        description="The credential, if its kind is an OAuth token granted by a user.",
    )
    oauth_client_credentials: OAuthClientCredential | None = Field(
        default=None,
        description="The credential, if its kind is an OAuth client that acts for itself.",
    )
    basic: BasicCredential | None = Field(
        default=None,
        description="The credential, if its kind is a user name and password.",
    )
    token: TokenCredential | None = Field(
        default=None,
        description="The credential, if its kind is a token that is sent as it is.",
    )
    jwt: JWTCredential | None = Field(
        default=None,
        description="The credential, if its kind is a token that the connector signs.",
    )


CREDENTIAL_MODELS: dict[AuthModel, type[WireModel]] = {
    AuthModel.OAUTH: OAuthCredential,
    AuthModel.OAUTH_CLIENT_CREDENTIALS: OAuthClientCredential,
    AuthModel.BASIC: BasicCredential,
    AuthModel.TOKEN: TokenCredential,
    AuthModel.JWT: JWTCredential,
}
"""The model of each kind of credential."""

_ModelClass = type[BaseModel]  # out here, because `CredentialConfig` has a field named `type`


class CredentialConfig(WireModel):
    """One credential that a connector declares among several."""

    id: StrictStr = Field(
        description="Identifier, unique in the connector; a request's credential carries it.",
    )
    type: AuthModel = Field(description="Kind of the credential.")
    description: StrictStr = Field(
        description="For whoever enters it: what it is for and where in the app to get it.",
    )
    optional: StrictBool | None = Field(
        default=False,
        description="Whether a request may come without this credential.",
    )
    input_model: _ModelClass | None = Field(
        default=None,
        description=(
            "Subclass of the kind's model that adds, describes or marks fields; the kind's own"
            " model if not given."
        ),
    )

    @field_validator("type", "input_model")
    @classmethod
    def _check_input_model(cls, value: Any, info: ValidationInfo) -> Any:
        # On both fields, because either can be assigned later; `info.data` has the other one.
        config = {**info.data, str(info.field_name): value}
        kind, input_model = config.get("type"), config.get("input_model")
        if kind is None or input_model is None:
            return value

        expected = CREDENTIAL_MODELS[kind]
        if not issubclass(input_model, expected):
            raise ValueError(  # noqa: TRY004 - pydantic reports a ValueError, not a TypeError
                f"input_model {input_model.__name__} does not fit type {kind.value!r}:"
                f" make it a subclass of {expected.__name__}"
            )

        return value
