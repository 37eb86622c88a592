"""How every company is built: resources, one within another, and the entitlements on them."""

from collections.abc import Iterable, Iterator, Mapping

from connector_sdk.models import EntitlementType, ResourceType
from mock_connector.access_types import (
    GROUP,
    GROUP_MEMBERSHIP,
    LICENCE,
    ORGANIZATION,
    PROJECT,
    PROJECT_PERMISSION,
    ROLE,
)
from mock_connector.records import Entitlement, Resource

COMPANY = "Mock Company"
"""The organization itself, which all other resources lie within."""

EVERYONE = "Everyone"
"""The group that holds every account; the company itself keeps it."""

TEAMS = {
    "Engineering": ("Backend", "Frontend", "Platform"),
    "Finance": ("Accounting", "Payroll", "Procurement"),
    "Marketing": ("Brand", "Content", "Events"),
    "People": ("Learning", "Recruiting", "Workplace"),
    "Sales": ("Direct", "Partners", "Renewals"),
    "Support": ("Field", "Hotline", "Onboarding"),
}
"""The departments, each with the teams that lie within it."""

PROJECTS = {
    "Aurora": ("Aurora Data", "Aurora Maps", "Aurora Web"),
    "Borealis": ("Borealis Billing", "Borealis Mobile"),
    "Cirrus": ("Cirrus Archive", "Cirrus Storage"),
    "Delta": ("Delta Audit", "Delta Reports"),
}
"""The projects, each with the smaller ones that lie within it."""

MEMBER = "Member"
LEAD = "Lead"
ADMINISTRATOR = "Administrator"
LICENCES = ("Basic", "Professional", "Enterprise")
PERMISSIONS = ("Viewer", "Editor", "Owner")

_OFFERS: dict[str, list[tuple[EntitlementType, tuple[str, ...]]]] = {
    ORGANIZATION.type_id: [(ROLE, (MEMBER, ADMINISTRATOR)), (LICENCE, LICENCES)],
    GROUP.type_id: [(GROUP_MEMBERSHIP, (MEMBER, LEAD))],
    PROJECT.type_id: [(PROJECT_PERMISSION, PERMISSIONS)],
}
"""What a resource of each type offers, by type of entitlement."""


def resources() -> Iterator[Resource]:
    """Yield the resources; each comes after the one that it lies within."""
    company = _resource(ORGANIZATION, COMPANY)
    yield company
    yield _resource(GROUP, EVERYONE, within=company)
    yield from _tree(GROUP, TEAMS, within=company)
    yield from _tree(PROJECT, PROJECTS, within=company)


def entitlements(resources: Iterable[Resource]) -> Iterator[Entitlement]:
    """Yield the entitlements that these resources offer."""
    for resource in resources:
        if resource.label == EVERYONE:
            yield _membership_of_everyone(resource)
            continue

        for kind, names in _OFFERS[resource.type_id]:
            for name in names:
                yield Entitlement(
                    id=entitlement_id(resource.id, name),
                    type_id=kind.type_id,
                    resource_id=resource.id,
                    label=f"{resource.label}: {name}",
                    is_default=kind is ROLE and name == MEMBER,
                )


def resource_id(type_id: str, label: str) -> str:
    """Return the ID of the resource with this type and label, such as `project-delta-audit`."""
    return f"{type_id}-{label.lower().replace(' ', '-')}"


def entitlement_id(resource_id: str, name: str) -> str:
    """Return the ID of an entitlement on a resource, such as `group-backend/lead`."""
    return f"{resource_id}/{name.lower()}"


def _tree(
    kind: ResourceType, labels: Mapping[str, Iterable[str]], *, within: Resource
) -> Iterator[Resource]:
    for label, inner_labels in labels.items():
        outer = _resource(kind, label, within=within)
        yield outer
        yield from (_resource(kind, inner, within=outer) for inner in inner_labels)


def _resource(kind: ResourceType, label: str, *, within: Resource | None = None) -> Resource:
    return Resource(
        id=resource_id(kind.type_id, label),
        type_id=kind.type_id,
        label=label,
        parent_id=within.id if within else None,
    )


def _membership_of_everyone(everyone: Resource) -> Entitlement:
    return Entitlement(
        id=entitlement_id(everyone.id, MEMBER),
        type_id=GROUP_MEMBERSHIP.type_id,
        resource_id=everyone.id,
        label=f"{everyone.label}: {MEMBER}",
        is_default=True,
        is_assignable=False,
    )
