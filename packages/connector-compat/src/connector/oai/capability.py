"""What capability functions ask of a request, and what can be asked of them."""

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel

from connector_sdk import (
    AuthRequest,
    CapabilityMetadata,
    Request,
    get_basic_auth,
    get_credential,
    get_jwt_auth,
    get_oauth,
    get_page,
    get_settings,
    get_token_auth,
)
from connector_sdk.capability import make_capability, read_models, takes_credentials
from connector_sdk.models import CREDENTIAL_MODELS, CapabilitySchema, StandardCapabilityName

__all__ = [
    "AUTH_TYPE_MAP",
    "CAPABILITY_PAYLOADS",
    "AuthRequest",
    "CapabilityCallableProto",
    "Empty",
    "Request",
    "Response",
    "capability_has_authenticated_request",
    "capability_requires_auth",
    "extra_data",
    "generate_capability_schema",
    "get_basic_auth",
    "get_capability_annotations",
    "get_credential",
    "get_jwt_auth",
    "get_oauth",
    "get_page",
    "get_settings",
    "get_token_auth",
    "validate_capability",
]

AUTH_TYPE_MAP = CREDENTIAL_MODELS
"""The model of each kind of credential."""

if TYPE_CHECKING:
    CAPABILITY_PAYLOADS: Mapping[StandardCapabilityName, tuple[type[BaseModel], type[BaseModel]]]
    """The request and the response model of each standard capability that can be registered."""

RequestT_contra = TypeVar("RequestT_contra", contravariant=True)


class Response(Protocol):
    """A response of a capability."""

    response: Any
    raw_data: Any | None


class CapabilityCallableProto(Protocol[RequestT_contra]):
    """A function that is registered as a capability."""

    __name__: str

    def __call__(self, args: RequestT_contra, /) -> Response | Awaitable[Response]:
        """Answer one request."""


class Empty(BaseModel):
    """A payload without any field."""


def extra_data(extra: dict[str, Any]) -> dict[str, str]:
    """Return the values as texts, without those that are None."""
    return {key: str(value) for key, value in extra.items() if value is not None}


def generate_capability_schema(
    capability_name: str,
    impl: CapabilityCallableProto[Any],
    capability_description: str | None = None,
) -> CapabilitySchema:
    """Return the JSON Schemas of a capability's payloads.

    Raises:
        TypeError: the function does not fit the capability.
    """
    from connector_sdk.info import capability_schema

    metadata = CapabilityMetadata(description=capability_description)
    return capability_schema(make_capability(capability_name, impl, metadata=metadata), {})


def get_capability_annotations(impl: CapabilityCallableProto[Any]) -> tuple[Any, Any]:
    """Return the models of a capability's function: request, response.

    Raises:
        TypeError: an annotation is missing, or is no model.
    """
    return read_models(impl)


def validate_capability(
    capability_name: StandardCapabilityName, impl: CapabilityCallableProto[Any]
) -> None:
    """Check that a function fits a standard capability.

    Raises:
        TypeError: it does not; `str()` says how.
    """
    name = StandardCapabilityName(capability_name).value
    make_capability(name, impl, metadata=CapabilityMetadata())


def capability_requires_auth(capability: CapabilityCallableProto[Any]) -> bool:
    """Tell whether a capability's request model has a field `auth` that must be given."""
    request_model, _ = read_models(capability)
    field = request_model.model_fields.get("auth")
    return field is not None and field.is_required()


def capability_has_authenticated_request(capability: CapabilityCallableProto[Any]) -> bool:
    """Tell whether a capability's requests can carry credentials."""
    request_model, _ = read_models(capability)
    return takes_credentials(request_model)


if not TYPE_CHECKING:  # the table needs all models, so it is made when somebody asks for it

    def __getattr__(name: str) -> Any:
        if name != "CAPABILITY_PAYLOADS":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

        from connector_sdk.standard import STANDARD_CAPABILITIES

        payloads = {
            name: (row.request_model, row.response_model)
            for name, row in STANDARD_CAPABILITIES.items()
            if row.registerable
        }
        globals()[name] = payloads
        return payloads
