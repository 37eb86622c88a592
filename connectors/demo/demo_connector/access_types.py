"""What can be granted in the app: the types of its resources and entitlements."""

from connector_sdk.models import EntitlementType, ResourceType

GROUP = ResourceType(type_id="group", type_label="Group")

RESOURCE_TYPES = [GROUP]

MEMBERSHIP = EntitlementType(
    type_id="membership",
    type_label="Membership",
    resource_type_id=GROUP.type_id,
    min=0,
    max=1,
)

ENTITLEMENT_TYPES = [MEMBERSHIP]
"""Each with how many of its kind one account must and may hold on one resource."""
