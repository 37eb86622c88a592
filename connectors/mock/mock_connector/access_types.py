"""What can be granted in the company: the types of its resources and entitlements."""

from connector_sdk.models import EntitlementType, ResourceType

ORGANIZATION = ResourceType(type_id="organization", type_label="Organization")
GROUP = ResourceType(type_id="group", type_label="Group")
PROJECT = ResourceType(type_id="project", type_label="Project")

RESOURCE_TYPES = [ORGANIZATION, GROUP, PROJECT]

ROLE = EntitlementType(
    type_id="role",
    type_label="Role",
    resource_type_id=ORGANIZATION.type_id,
    min=1,
    max=1,
)
LICENCE = EntitlementType(
    type_id="licence",
    type_label="Licence",
    resource_type_id=ORGANIZATION.type_id,
    min=0,
    max=1,
)
GROUP_MEMBERSHIP = EntitlementType(
    type_id="group_membership",
    type_label="Group membership",
    resource_type_id=GROUP.type_id,
    min=0,
    max=None,
)
PROJECT_PERMISSION = EntitlementType(
    type_id="project_permission",
    type_label="Project permission",
    resource_type_id=PROJECT.type_id,
    min=0,
    max=1,
)

ENTITLEMENT_TYPES = [ROLE, LICENCE, GROUP_MEMBERSHIP, PROJECT_PERMISSION]
"""Each with how many of its kind one account must and may hold on one resource."""
