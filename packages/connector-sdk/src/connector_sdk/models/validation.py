"""Validation: do a tenant's credentials work, and which tenant do they belong to."""

from pydantic import Field, StrictBool, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope


class ValidateCredentials(WireModel):
    """Payload of `validate_credentials`: empty, the credentials are in the envelope."""


class ValidatedCredentials(WireModel):
    """Whether the credentials work, and for which tenant."""

    valid: StrictBool = Field(description="Whether the app accepts the credentials.")
    unique_tenant_id: StrictStr = Field(
        description="The app's identifier of the tenant, the same for all its credentials.",
    )


class ValidateCredentialsRequest(AuthenticatedRequest):
    """Request to `validate_credentials`."""

    request: ValidateCredentials = Field(description="Empty: there is nothing to choose.")


class ValidateCredentialsResponse(ResponseEnvelope):
    """Response of `validate_credentials`."""

    response: ValidatedCredentials = Field(description="What the app says to them.")
