"""What an integration declares: the data that dispatch and info read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from connector_sdk.capability import Capability, IntegrationError
from connector_sdk.errors import ErrorMap
from connector_sdk.models import AppCategory, EntitlementType, ErrorCode, ResourceType
from connector_sdk.models.base import WireModel
from connector_sdk.models.credentials import CREDENTIAL_MODELS, CredentialConfig
from connector_sdk.modules import IntegrationModule, OAuthSettingsLike

ValueT = TypeVar("ValueT")


class InvalidAppIdError(IntegrationError):
    """The app id is missing or blank."""


class EmptySettings(BaseModel):
    """The settings of an integration that has none."""


@dataclass
class DescriptionData:
    """How a connector is presented to people."""

    user_friendly_name: str
    """The app's name as its vendor writes it."""

    categories: list[AppCategory]
    """What the app is used for."""

    description: str | None = None
    """What the app is, in a sentence or two."""

    logo_url: str | None = None
    """Address of the app's logo."""


class Declaration:
    """An integration's declaration and its capabilities, without any behaviour.

    `Integration` is the door for authors; its parameters are documented there.
    """

    def __init__(
        self,
        *,
        app_id: str,
        version: str,
        exception_handlers: ErrorMap,
        description_data: DescriptionData,
        auth: type[WireModel] | None = None,
        credentials: Sequence[CredentialConfig] | None = None,
        handle_errors: bool = True,
        resource_types: Sequence[ResourceType] | None = None,
        entitlement_types: Sequence[EntitlementType] | None = None,
        settings_model: type[BaseModel] | None = None,
        oauth_settings: OAuthSettingsLike | None = None,
    ) -> None:
        self.app_id = _checked_app_id(app_id)
        self.version = _checked("version", version, str, "a text such as '1.0.0'")
        self.exception_handlers = _checked_handlers(exception_handlers)
        self.description_data = _checked(
            "description_data", description_data, DescriptionData, "a DescriptionData"
        )
        self.auth = auth
        self.auth_kind = _kind_of(auth)
        """The field of the request's `auth` that must be given, or None."""

        self.credentials = _checked_credentials(credentials)
        self.handle_errors = handle_errors
        self.resource_types = list(resource_types or ())
        self.entitlement_types = list(entitlement_types or ())
        self.settings_model = _checked_settings_model(settings_model or EmptySettings)
        self.oauth_settings = _checked_oauth(oauth_settings)
        self.capabilities: dict[str, Capability] = {}
        self.modules: list[IntegrationModule] = []
        self.schema_texts: dict[tuple[type[BaseModel], str | None], bytes] = {}
        """JSON Schemas that `info` has made: of a model, or of a field of one."""

        if self.auth and self.credentials:
            raise IntegrationError(
                f"the integration {app_id!r} declares both auth and credentials; "
                "declare auth for one credential, credentials for several"
            )


def _checked_app_id(app_id: object) -> str:
    if not isinstance(app_id, str) or not app_id.strip():
        raise InvalidAppIdError(f"app_id must be a name such as 'acme'; found {app_id!r}")

    return app_id


def _checked(name: str, value: ValueT, kind: type, expected: str) -> ValueT:
    if not isinstance(value, kind):
        raise IntegrationError(f"{name} must be {expected}; found {_found(value)}")

    return value


def _found(value: object) -> str:
    """Return how messages name a value of a wrong kind; a credential in its place is not shown."""
    return value.__name__ if isinstance(value, type) else f"an object of {type(value).__name__}"


def _checked_settings_model(model: Any) -> type[BaseModel]:
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise IntegrationError(
            f"settings_model must be a pydantic model, the class; found {_found(model)}"
        )

    return model


def _checked_oauth(settings: OAuthSettingsLike | None) -> OAuthSettingsLike | None:
    if settings is not None and not callable(getattr(settings, "make_module", None)):
        raise IntegrationError(
            "oauth_settings must have a method make_module(), as connector_oauth.OAuthSettings "
            f"has; found {_found(settings)}"
        )

    return settings


def _checked_handlers(entries: ErrorMap) -> ErrorMap:
    for entry in _checked("exception_handlers", entries, Sequence, "a list"):
        if not _is_handler_entry(entry):
            raise IntegrationError(
                "each of exception_handlers must be (exception type, handler class, error code or "
                f"None); found {entry!r}"
            )

    return list(entries)


def _is_handler_entry(entry: Any) -> bool:
    try:
        exception_type, handler, error_code = entry
        return (
            issubclass(exception_type, BaseException)
            and isinstance(handler, type)
            and hasattr(handler, "handle")
            and (error_code is None or error_code in set(ErrorCode))
        )
    except (TypeError, ValueError):
        return False


def _kind_of(auth: type[WireModel] | None) -> str | None:
    if auth is None:
        return None

    for kind, model in CREDENTIAL_MODELS.items():
        if auth is model:
            return kind.value

    expected = ", ".join(model.__name__ for model in CREDENTIAL_MODELS.values())
    raise IntegrationError(
        f"auth must be one of {expected}, the class; found {_found(auth)}. "
        "For a credential with fields of your own, declare credentials with an input_model"
    )


def _checked_credentials(credentials: Sequence[CredentialConfig] | None) -> list[CredentialConfig]:
    configured = [
        _checked(f"credentials[{position}]", config, CredentialConfig, "a CredentialConfig")
        for position, config in enumerate(credentials or ())
    ]
    ids = [config.id for config in configured]
    repeated = sorted({each for each in ids if ids.count(each) > 1})
    if repeated:
        raise IntegrationError(f"credentials are declared twice with the id {', '.join(repeated)}")

    return configured
