"""OAuthSettings: what an author says about a provider, checked when it is said."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from connector_oauth.urls import endpoint_fault, issuer_fault
from connector_sdk import AuthRequest, IntegrationModule


class OAuthFlowType(str, Enum):
    """How a connection gets its tokens."""

    CODE_FLOW = "CODE_FLOW"
    """A user grants access on the provider's page (RFC 6749, section 4.1)."""

    CLIENT_CREDENTIALS = "CLIENT_CREDENTIALS"
    """The client acts for itself, with its secret (RFC 6749, section 4.4)."""

    JWT_BEARER = "JWT_BEARER"
    """A service account signs an assertion with its private key (RFC 7523, section 2.1)."""


class ClientAuthenticationMethod(str, Enum):
    """How the client proves to the provider who it is."""

    CLIENT_SECRET_POST = "CLIENT_SECRET_POST"
    """Its id and secret among the parameters of the request."""

    CLIENT_SECRET_BASIC = "CLIENT_SECRET_BASIC"
    """Its id and secret as HTTP Basic (RFC 6749, section 2.3.1)."""

    PRIVATE_KEY_JWT = "PRIVATE_KEY_JWT"
    """An assertion that it signs; `client_secret` is its private key (RFC 7523, section 2.2)."""


class RequestMethod(str, Enum):
    """The HTTP method of a token request."""

    GET = "GET"
    POST = "POST"


class RequestDataType(str, Enum):
    """Where a token request carries its parameters."""

    FORMDATA = "FORMDATA"
    """A form in the body, as RFC 6749 has it."""

    JSON = "JSON"
    """A JSON object in the body."""

    QUERY = "QUERY"
    """The URL's query, where servers and proxies may log the secrets: the last resort."""


def _endpoint(url: Any) -> Any:
    return _checked(url, endpoint_fault)


def _issuer(url: Any) -> Any:
    return _checked(url, issuer_fault)


def _checked(url: Any, fault_of: Callable[[object], str | None]) -> Any:
    # What a callable returns is checked when a request is there to call it with.
    fault = fault_of(url) if isinstance(url, str) else None
    if fault is not None:
        raise ValueError(f"this URL cannot be used: {fault}")

    return url


Url = str | Callable[[AuthRequest], str]
"""A URL, or a quick function that makes it from the request, for providers with a URL a tenant."""

EndpointUrl = Annotated[Url, AfterValidator(_endpoint)]
IssuerUrl = Annotated[Url, AfterValidator(_issuer)]

Additions = Mapping[str, Any] | Callable[[AuthRequest], Mapping[str, Any]]
"""Members of a JSON object, or a quick function that makes them from the request."""


class _Settings(BaseModel):
    """What the settings models have in common: a mistyped name is an error, None the default."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _none_is_the_default(cls, value: Any, info: ValidationInfo) -> Any:
        if value is not None:
            return value

        field = cls.model_fields[str(info.field_name)]
        return field.get_default(call_default_factory=True)


class OAuthRequest(_Settings):
    """The form of a token request; what RFC 6749 has is the default.

    Parameters:
        method: the HTTP method.
        data: where the parameters are: a form, unless said otherwise; with GET, the query. A GET
            with a body is sent where it is asked for by name, and few servers read one (RFC 9110,
            section 9.3.1).
    """

    method: RequestMethod = RequestMethod.POST
    data: RequestDataType = RequestDataType.FORMDATA

    @model_validator(mode="before")
    @classmethod
    def _get_has_a_query(cls, fields: Any) -> Any:
        if not isinstance(fields, dict) or fields.get("method") != RequestMethod.GET:
            return fields

        given = {name: value for name, value in fields.items() if value is not None}
        return {"data": RequestDataType.QUERY, **given}


class OAuthCapabilities(_Settings):
    """Which capabilities the module registers, as far as the type of flow has them.

    One that is switched off is absent, unless the connector implements it. `revoke_token` is a
    custom capability, and off unless asked for.
    """

    get_authorization_url: bool = True
    handle_authorization_callback: bool = True
    handle_client_credentials_request: bool = True
    refresh_access_token: bool = True
    revoke_token: bool = False


class OAuthAssertion(_Settings):
    """What a signed assertion says beside what RFC 7523 asks for (section 3).

    Both are laid over what the module writes itself, and a value of None takes a member away.
    """

    headers: Additions = Field(default_factory=dict)
    """JOSE headers, such as `kid`, or an `alg` other than RS256."""

    claims: Additions = Field(default_factory=dict)
    """Claims, such as `sub` for the user whom a service account stands in for, or another `aud`."""


class OAuthSettings(_Settings):
    """How a provider's OAuth 2.0 works, for `Integration(oauth_settings=…)`.

    Parameters:
        authorization_url: the page on which a user grants access. Required for the code flow,
            unless `issuer` is given or `get_authorization_url` is switched off.
        token_url: the token endpoint. Required, unless `issuer` is given.
        revocation_url: the revocation endpoint (RFC 7009), for `revoke_token`.
        issuer: the provider's issuer identifier. Endpoints that are not given are discovered from
            it (RFC 8414, OpenID Connect Discovery 1.0), and the `iss` of a redirect has to be it
            (RFC 9207).
        scopes: by capability, the scopes that it needs, separated by spaces.
        flow_type: how a connection gets its tokens.
        client_auth: how the client proves who it is.
        request_type: the form of a token request.
        capabilities: which capabilities the module registers.
        pkce: whether the code flow is protected by PKCE, S256 (RFC 7636). Switch it on wherever
            the provider has it.
        assertion: what is added to signed assertions, with PRIVATE_KEY_JWT or JWT_BEARER.

    Every URL is https (http on the loopback interface), or a function that makes one from the
    request, such as `lambda args: f"https://{get_settings(args, Acme).tenant}.acme.com/token"`.

    Raises:
        pydantic.ValidationError: a value does not fit, or the values do not go together.
    """

    authorization_url: EndpointUrl | None = None
    token_url: EndpointUrl | None = None
    scopes: dict[str, str] = Field(default_factory=dict)
    flow_type: OAuthFlowType = OAuthFlowType.CODE_FLOW
    client_auth: ClientAuthenticationMethod = ClientAuthenticationMethod.CLIENT_SECRET_POST
    request_type: OAuthRequest = OAuthRequest()
    capabilities: OAuthCapabilities = OAuthCapabilities()
    pkce: bool = False
    issuer: IssuerUrl | None = None
    revocation_url: EndpointUrl | None = None
    assertion: OAuthAssertion | None = None

    def make_module(self) -> IntegrationModule:
        """Return the module that implements the OAuth capabilities for these settings."""
        from connector_oauth.module import OAuthModule

        return OAuthModule(self)

    @model_validator(mode="after")
    def _check_that_all_goes_together(self) -> "OAuthSettings":
        mistakes = list(self._mistakes())
        if mistakes:
            raise ValueError("; ".join(mistakes))

        return self

    def _mistakes(self) -> Iterator[str]:
        flow, off = self.flow_type.value, self.capabilities
        if self.token_url is None and self.issuer is None:
            yield "token_url or issuer is required"

        code_flow = self.flow_type is OAuthFlowType.CODE_FLOW
        if code_flow and off.get_authorization_url and not (self.authorization_url or self.issuer):
            yield (
                f"authorization_url or issuer is required for {flow}, or switch off "
                "capabilities.get_authorization_url to implement it yourself"
            )

        if self.pkce and not code_flow:
            yield f"pkce is for CODE_FLOW; {flow} has no code to protect"

        if off.revoke_token and not (self.revocation_url or self.issuer):
            yield "revocation_url or issuer is required for capabilities.revoke_token"

        assertion_flow = self.flow_type is OAuthFlowType.JWT_BEARER
        if assertion_flow and "client_auth" in self.model_fields_set:
            yield (
                "client_auth must be left out for JWT_BEARER: the signed assertion is the only "
                "proof, and the private key in client_secret is never sent"
            )

        signs = assertion_flow or self.client_auth is ClientAuthenticationMethod.PRIVATE_KEY_JWT
        if self.assertion is not None and not signs:
            yield "assertion is for JWT_BEARER and PRIVATE_KEY_JWT; nothing else is signed"
