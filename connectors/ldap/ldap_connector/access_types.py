"""What can be granted in a directory: membership of groups."""

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
"""A group's id is also the id of the membership of it."""
