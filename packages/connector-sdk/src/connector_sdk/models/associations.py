"""Associations: which account holds which entitlement on which resource."""

from pydantic import Field, StrictStr

from connector_sdk.models.base import WireModel
from connector_sdk.models.envelopes import AuthenticatedRequest, ResponseEnvelope


class FindEntitlementAssociations(WireModel):
    """Payload of `find_entitlement_associations`: those of the tenant, all of them."""


class FoundEntitlementAssociation(WireModel):
    """One account that holds one entitlement on one resource."""

    account_id: StrictStr = Field(
        description="The app's identifier of the account, as `list_accounts` gives it.",
    )
    integration_specific_entitlement_id: StrictStr = Field(
        description="The app's identifier of the entitlement, as `list_entitlements` gives it.",
    )
    integration_specific_resource_id: StrictStr = Field(
        description="The app's identifier of the resource, as `list_resources` gives it.",
    )


class FindEntitlementAssociationsRequest(AuthenticatedRequest):
    """Request to `find_entitlement_associations`."""

    request: FindEntitlementAssociations = Field(
        description="Empty: there is nothing to choose.",
    )


class FindEntitlementAssociationsResponse(ResponseEnvelope):
    """Response of `find_entitlement_associations`."""

    response: list[FoundEntitlementAssociation] = Field(
        description="The associations of this page.",
    )
