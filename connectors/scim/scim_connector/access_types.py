"""What can be granted in a SCIM service: the types of its resources and entitlements."""

from connector_sdk.models import EntitlementType, ResourceType

GROUP = ResourceType(type_id="group", type_label="Group")
SERVICE = ResourceType(type_id="service", type_label="Service")

RESOURCE_TYPES = [GROUP, SERVICE]

SERVICE_ID = "service"
"""Id of the one resource of its type: what roles and entitlements are on is the service itself."""

MEMBERSHIP = EntitlementType(
    type_id="membership",
    type_label="Membership",
    resource_type_id=GROUP.type_id,
    min=0,
    max=1,
)
ROLE = EntitlementType(
    type_id="role", type_label="Role", resource_type_id=SERVICE.type_id, min=0, max=None
)
ENTITLEMENT = EntitlementType(
    type_id="entitlement",
    type_label="Entitlement",
    resource_type_id=SERVICE.type_id,
    min=0,
    max=None,
)

ENTITLEMENT_TYPES = [MEMBERSHIP, ROLE, ENTITLEMENT]

ATTRIBUTES = {ROLE.type_id: "roles", ENTITLEMENT.type_id: "entitlements"}
"""By type, the attribute of a user that has those of the user (RFC 7643, section 4.1.2)."""
