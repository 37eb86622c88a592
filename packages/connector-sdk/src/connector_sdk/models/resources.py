"""Resources: what entitlements are on, such as a group, a project or a repository."""

from pydantic import Field, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope


class ResourceType(WireModel):
    """A type of resource that a connector declares."""

    type_id: StrictStr = Field(
        description="Identifier of the type, unique in the connector; never changed.",
    )
    type_label: StrictStr = Field(description="Name of the type, as people read it.")


class ListResources(WireModel):
    """Payload of `list_resources`: the resources of the tenant, all of them."""


class FoundResourceData(WireModel):
    """A resource as it is in the app."""

    integration_specific_id: StrictStr = Field(
        description="The app's identifier of the resource, lasting, and unique in its type.",
    )
    label: StrictStr = Field(description="Name of the resource, as people read it.")
    resource_type: StrictStr = Field(
        description="Type of the resource: a `type_id` that the connector declares.",
    )
    extra_data: dict[str, StrictStr] | None = Field(
        default=None,
        description="Whatever else the app tells of the resource, each value as text.",
    )


class ListResourcesRequest(AuthenticatedRequest):
    """Request to `list_resources`."""

    request: ListResources = Field(description="Empty: there is nothing to choose.")


class ListResourcesResponse(ResponseEnvelope):
    """Response of `list_resources`."""

    response: list[FoundResourceData] = Field(description="The resources of this page.")
