"""Info: what a connector says about itself (contract, section 6)."""

from typing import Any

from pydantic import Field, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.categories import AppCategory
from connector_sdk.models.entitlements import EntitlementType
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope
from connector_sdk.models.resources import ResourceType


class CapabilitySchema(WireModel):
    """What one capability takes and gives."""

    argument: dict[str, Any] = Field(
        description="JSON Schema of the request's payload.",
    )
    output: dict[str, Any] = Field(
        description="JSON Schema of the response's payload.",
    )
    display_name: StrictStr | None = Field(
        default=None,
        description="Name of the capability, as people read it.",
    )
    description: StrictStr | None = Field(
        default=None,
        description="What the capability does, for people.",
    )


class Info(WireModel):
    """What a connector is, can do, and needs in order to reach a tenant."""

    app_id: StrictStr = Field(description="Identifier of the connector among all.")
    version: StrictStr = Field(description="Version of the connector, such as 1.4.0.")
    capabilities: list[StrictStr] = Field(
        description="Names of the capabilities it has, sorted, custom ones included.",
    )
    capability_schema: dict[str, CapabilitySchema] = Field(
        description="What each capability takes and gives, by its name.",
    )
    oauth_scopes: dict[str, StrictStr] | None = Field(
        default=None,
        description="OAuth scopes that each capability needs, separated by spaces, by its name.",
    )
    authentication_schema: dict[str, Any] = Field(
        description="JSON Schema of the credential for `auth`; empty if there is not just one.",
    )
    credentials_schema: list[dict[str, Any]] = Field(
        description="JSON Schema of each credential for `credentials`, in declared order.",
    )
    logo_url: StrictStr | None = Field(default=None, description="URL of the app's logo.")
    user_friendly_name: StrictStr | None = Field(
        default=None,
        description="Name of the app, as people read it.",
    )
    description: StrictStr | None = Field(
        default=None,
        description="What the app is and what the connector does with it, for people.",
    )
    categories: list[AppCategory] | None = Field(
        default=None,
        description="Headings under which a catalogue lists the app.",
    )
    entitlement_types: list[EntitlementType] = Field(
        description="Types of the entitlements it reports.",
    )
    resource_types: list[ResourceType] = Field(
        description="Types of the resources it reports.",
    )
    request_settings_schema: dict[str, Any] = Field(
        description="JSON Schema of the tenant's settings.",
    )


class InfoResponse(ResponseEnvelope):
    """Response of `info`."""

    response: Info = Field(description="What the connector says about itself.")


class GetConnectedInfo(WireModel):
    """Payload of `connected_info`: empty, the connection is in the envelope."""


class GetConnectedInfoRequest(AuthenticatedRequest):
    """Request to `connected_info`."""

    request: GetConnectedInfo = Field(description="Empty: there is nothing to choose.")


class GetConnectedInfoResponse(ResponseEnvelope):
    """Response of `connected_info`."""

    response: Info = Field(description="What the connector says about itself and the tenant.")
