"""Groups and the machine as resources; membership and sudo rights as entitlements on them."""

from collections.abc import Iterable, Iterator, Mapping

from connector_sdk.models import (
    EntitlementType,
    FoundEntitlementAssociation,
    FoundEntitlementData,
    FoundResourceData,
    ResourceType,
)
from posix_connector.groups import Group
from posix_connector.sudo.rights import SudoRight, SudoRights

GROUP = ResourceType(type_id="group", type_label="Group")
MACHINE = ResourceType(type_id="machine", type_label="Machine")
RESOURCE_TYPES = [GROUP, MACHINE]

MEMBERSHIP = EntitlementType(
    type_id="membership",
    type_label="Membership",
    resource_type_id=GROUP.type_id,
    min=0,
    max=1,
)
SUDO = EntitlementType(
    type_id="sudo",
    type_label="Sudo right",
    resource_type_id=MACHINE.type_id,
    min=0,
)
ENTITLEMENT_TYPES = [MEMBERSHIP, SUDO]

MEMBER = "member"
"""Id of the one entitlement on a group."""

THIS_MACHINE = "machine"
"""Id of the one machine."""


def resources(
    groups: Iterable[Group],
    *,
    machine: str | None,
    rights: SudoRights,
) -> Iterator[FoundResourceData]:
    """The groups, and the machine of that name, with what is not known of its sudo rights."""
    for group in groups:
        yield FoundResourceData(
            integration_specific_id=group.name,
            label=group.name,
            resource_type=GROUP.type_id,
            extra_data={"gid": str(group.gid)},
        )

    yield FoundResourceData(
        integration_specific_id=THIS_MACHINE,
        label=machine or "This machine",
        resource_type=MACHINE.type_id,
        extra_data={"sudo_rights_unknown": "; ".join(rights.unknown)} if rights.unknown else {},
    )


def entitlements(groups: Iterable[Group], *, rights: SudoRights) -> Iterator[FoundEntitlementData]:
    """Membership in each group, and each sudo right that some rule gives."""
    for group in groups:
        yield FoundEntitlementData(
            integration_specific_id=MEMBER,
            integration_specific_resource_id=group.name,
            entitlement_type=MEMBERSHIP.type_id,
            label=f"Member of {group.name}",
            is_assignable=False,
        )

    for right in rights.holders:
        yield FoundEntitlementData(
            integration_specific_id=_sudo_id(right),
            integration_specific_resource_id=THIS_MACHINE,
            entitlement_type=SUDO.type_id,
            label=_sudo_label(right),
            is_assignable=False,
        )


def associations(
    members: Mapping[str, Iterable[str]],
    *,
    rights: SudoRights,
) -> Iterator[FoundEntitlementAssociation]:
    """Who is a member of which group, and who holds which sudo right."""
    for group_name, names in members.items():
        for name in names:
            yield FoundEntitlementAssociation(
                account_id=name,
                integration_specific_entitlement_id=MEMBER,
                integration_specific_resource_id=group_name,
            )

    for right, names in rights.holders.items():
        for name in names:
            yield FoundEntitlementAssociation(
                account_id=name,
                integration_specific_entitlement_id=_sudo_id(right),
                integration_specific_resource_id=THIS_MACHINE,
            )


def _sudo_id(right: SudoRight) -> str:
    return f"sudo:{'any' if right.any_command else 'some'}:{right.run_as}"


def _sudo_label(right: SudoRight) -> str:
    commands = "any command" if right.any_command else "some commands"
    return f"Run {commands} as {right.run_as or 'oneself'} with sudo"
