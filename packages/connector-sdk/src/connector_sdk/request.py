"""What capability functions ask of a request: its credential, page and settings."""

from contextvars import ContextVar, Token
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from connector_sdk.errors import ConnectorError
from connector_sdk.models import (
    BasicCredential,
    ErrorCode,
    JWTCredential,
    OAuthClientCredential,
    OAuthCredential,
    Page,
    TokenCredential,
)
from connector_sdk.models.credentials import CREDENTIAL_MODELS
from connector_sdk.validation import describe

SettingsT = TypeVar("SettingsT", bound=BaseModel)
CredentialT = TypeVar("CredentialT", bound=BaseModel)


class Request(Protocol):
    """A request with a connection's credentials: the envelope of most capabilities."""

    auth: Any
    """The credential, if the connector declares one; `get_token_auth` and its like read it."""

    credentials: Any
    """The credentials, if the connector declares several; `get_credential` reads one."""

    request: Any
    """The payload: what the capability is asked to do."""

    page: Any
    """The page that is asked for; `get_page` reads it."""

    include_raw_data: bool | None
    """Whether the reply should bring the app's own words."""

    settings: Any
    """The connection's settings as they came; `get_settings` reads them."""


class AuthRequest(Protocol):
    """A request without credentials: the envelope of the OAuth capabilities."""

    request: Any
    """The payload: what the capability is asked to do."""

    page: Any
    """As in `Request`."""

    include_raw_data: bool | None
    """As in `Request`."""

    settings: Any
    """As in `Request`."""


_parsed: ContextVar[tuple[Any, BaseModel] | None] = ContextVar(
    "connector_sdk_parsed_settings", default=None
)
"""The request that dispatch is answering, and its settings as the declared model."""


def begin_request(args: Any, settings: BaseModel) -> Token[tuple[Any, BaseModel] | None]:
    """Keep the parsed settings of a request for `get_settings`; `end_request` takes the token."""
    return _parsed.set((args, settings))


def end_request(token: Token[tuple[Any, BaseModel] | None]) -> None:
    """Forget the settings that `begin_request` kept."""
    _parsed.reset(token)


def get_settings(request: Request | AuthRequest, model: type[SettingsT]) -> SettingsT:
    """Return the connection's settings as `model`.

    Inside a call, and for the settings model that the integration declares, it is the object that
    dispatch has parsed already; otherwise the settings are parsed now.

    Raises:
        ConnectorError: `bad_request`, with all places that do not fit.
    """
    parsed = _parsed.get()
    if parsed is not None and parsed[0] is request and type(parsed[1]) is model:
        return parsed[1]

    try:
        return read_settings(request.settings, model)
    except ValidationError as error:
        raise ConnectorError(
            message=describe(error, model, inside="settings"), error_code=ErrorCode.BAD_REQUEST
        ) from None


def read_settings(settings: Any, model: type[SettingsT]) -> SettingsT:
    """Read settings as they came in a request; missing or null counts as none given.

    They are read as JSON, not as Python values, so that a strict model takes a date from its text.

    Raises:
        pydantic.ValidationError: they do not fit the model.
    """
    return model.model_validate_json(to_json(settings) if settings else b"{}")


def get_page(request: Request | AuthRequest) -> Page:
    """Return the page that is asked for; an empty `Page` when the request has none."""
    page: Page | None = request.page
    return Page() if page is None else page


def get_credential(
    request: Request, credential_id: str, credential_type: type[CredentialT]
) -> CredentialT:
    """Return one of several credentials by its id.

    Parameters:
        request: the request of an integration that declares `credentials`.
        credential_id: the id in the integration's `CredentialConfig`.
        credential_type: the model of its kind, such as `TokenCredential`, or its `input_model`.

    Raises:
        ConnectorError: `bad_request`, when the request has no such credential of this type.
    """
    for credential in request.credentials or ():
        if credential.id != credential_id:
            continue

        for kind in CREDENTIAL_MODELS:
            value = getattr(credential, kind.value)
            if isinstance(value, credential_type):
                return value

    raise ConnectorError(
        message=f"credentials: {credential_id} is required, as {credential_type.__name__}",
        error_code=ErrorCode.BAD_REQUEST,
    )


def get_oauth(request: Request) -> OAuthCredential | OAuthClientCredential:
    """Return the OAuth credential in `auth`, of the code flow or of the client-credentials flow.

    Raises:
        ConnectorError: `bad_request`, when the request has neither.
    """
    credential: OAuthCredential | OAuthClientCredential = _get_auth(
        request, "oauth", "oauth_client_credentials"
    )
    return credential


def get_basic_auth(request: Request) -> BasicCredential:
    """Return the user name and password in `auth`.

    Raises:
        ConnectorError: `bad_request`, when the request has none.
    """
    credential: BasicCredential = _get_auth(request, "basic")
    return credential


def get_token_auth(request: Request) -> TokenCredential:
    """Return the token in `auth`.

    Raises:
        ConnectorError: `bad_request`, when the request has none.
    """
    credential: TokenCredential = _get_auth(request, "token")
    return credential


def get_jwt_auth(request: Request) -> JWTCredential:
    """Return the claims, headers and key in `auth` from which a JWT is signed.

    Raises:
        ConnectorError: `bad_request`, when the request has none.
    """
    credential: JWTCredential = _get_auth(request, "jwt")
    return credential


def _get_auth(request: Request, *kinds: str) -> Any:
    for kind in kinds:
        credential = getattr(request.auth, kind, None)
        if credential is not None:
            return credential

    raise ConnectorError(
        message=f"auth: {' or '.join(kinds)} is required", error_code=ErrorCode.BAD_REQUEST
    )
