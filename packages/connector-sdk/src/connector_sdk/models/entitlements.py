"""Entitlements: which there are, and to assign and unassign them."""

from typing import Any

from pydantic import Field, StrictBool, StrictInt, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope


class EntitlementType(WireModel):
    """A type of entitlement that a connector declares, such as a role or a licence."""

    type_id: StrictStr = Field(
        description="Identifier of the type, unique in the connector; never changed.",
    )
    type_label: StrictStr = Field(description="Name of the type, as people read it.")
    resource_type_id: StrictStr = Field(
        description="The `type_id` of the resources that such an entitlement is on.",
    )
    min: StrictInt = Field(
        description="Least number of such entitlements that an account holds on a resource.",
    )
    max: StrictInt | None = Field(
        default=None,
        description=(
            "Greatest number of such entitlements that an account can hold on a resource; no"
            " limit if null."
        ),
    )


class ListEntitlements(WireModel):
    """Payload of `list_entitlements`: the entitlements of the tenant, all of them."""


class FoundEntitlementData(WireModel):
    """An entitlement as it is in the app."""

    entitlement_type: StrictStr = Field(
        description="Type of the entitlement: a `type_id` that the connector declares.",
    )
    extra_data: dict[str, Any] | None = Field(
        default=None,
        description="Whatever else the app tells of the entitlement and a reviewer may need.",
    )
    integration_specific_id: StrictStr = Field(
        description=(
            "The app's identifier of the entitlement, lasting, and unique among those of its type"
            " on its resource."
        ),
    )
    integration_specific_resource_id: StrictStr = Field(
        description="The app's identifier of the resource that the entitlement is on.",
    )
    is_assignable: StrictBool | None = Field(
        default=None,
        description="Whether `assign_entitlement` can give it to an account; yes if null.",
    )
    label: StrictStr = Field(description="Name of the entitlement, as people read it.")


class ListEntitlementsRequest(AuthenticatedRequest):
    """Request to `list_entitlements`."""

    request: ListEntitlements = Field(description="Empty: there is nothing to choose.")


class ListEntitlementsResponse(ResponseEnvelope):
    """Response of `list_entitlements`."""

    response: list[FoundEntitlementData] = Field(
        description="The entitlements of this page.",
    )


class AssignEntitlement(WireModel):
    """Payload of `assign_entitlement`: who is to hold what, on which resource."""

    account_integration_specific_id: StrictStr = Field(
        description="The app's identifier of the account that is to hold the entitlement.",
    )
    resource_integration_specific_id: StrictStr = Field(
        description="The app's identifier of the resource that the entitlement is on.",
    )
    resource_type: StrictStr = Field(
        description="Type of the resource: a `type_id` that the connector declares.",
    )
    entitlement_type: StrictStr = Field(
        description="Type of the entitlement: a `type_id` that the connector declares.",
    )
    entitlement_integration_specific_id: StrictStr = Field(
        description="The app's identifier of the entitlement to assign.",
    )


class AssignedEntitlement(WireModel):
    """What became of an entitlement that was to be assigned."""

    assigned: StrictBool = Field(
        description="Whether the account holds the entitlement now, also if it did before.",
    )


class AssignEntitlementRequest(AuthenticatedRequest):
    """Request to `assign_entitlement`."""

    request: AssignEntitlement = Field(description="The entitlement to assign, and to whom.")


class AssignEntitlementResponse(ResponseEnvelope):
    """Response of `assign_entitlement`."""

    response: AssignedEntitlement = Field(description="What became of the entitlement.")


class UnassignEntitlement(WireModel):
    """Payload of `unassign_entitlement`: who is to lose what, on which resource."""

    account_integration_specific_id: StrictStr = Field(
        description="The app's identifier of the account that is to lose the entitlement.",
    )
    resource_type: StrictStr = Field(
        description="Type of the resource: a `type_id` that the connector declares.",
    )
    resource_integration_specific_id: StrictStr = Field(
        description="The app's identifier of the resource that the entitlement is on.",
    )
    entitlement_type: StrictStr = Field(
        description="Type of the entitlement: a `type_id` that the connector declares.",
    )
    entitlement_integration_specific_id: StrictStr = Field(
        description="The app's identifier of the entitlement to unassign.",
    )


class UnassignedEntitlement(WireModel):
    """What became of an entitlement that was to be unassigned."""

    unassigned: StrictBool = Field(
        description="Whether the account is without the entitlement now, also if it was before.",
    )


class UnassignEntitlementRequest(AuthenticatedRequest):
    """Request to `unassign_entitlement`."""

    request: UnassignEntitlement = Field(
        description="The entitlement to unassign, and from whom.",
    )


class UnassignEntitlementResponse(ResponseEnvelope):
    """Response of `unassign_entitlement`."""

    response: UnassignedEntitlement = Field(description="What became of the entitlement.")
