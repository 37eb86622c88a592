"""Groups: what their entries tell, and who is in them.

A group names its members by their distinguished names, or, as a posixGroup (RFC 2307), by their
user names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connector_sdk.models import FoundEntitlementData, FoundResourceData
from ldap_connector.access_types import GROUP, MEMBERSHIP
from ldap_connector.entries import Entry
from ldap_connector.escaping import folded
from ldap_connector.primary_groups import own_key
from ldap_connector.settings import LdapSettings

MEMBER, UNIQUE_MEMBER, MEMBER_UID = "member", "uniqueMember", "memberUid"

MEMBER_ATTRIBUTES = (MEMBER, UNIQUE_MEMBER, MEMBER_UID)


def group_attributes(settings: LdapSettings) -> list[str]:
    """Return the attributes from which a group is made."""
    profile = settings.directory
    return [profile.id_attribute, *profile.primary_group, "cn", "description", "objectClass"]


def member_attribute(group: Entry) -> str:
    """Return the attribute in which a group has its members."""
    if group.is_of_class("groupOfUniqueNames"):
        return UNIQUE_MEMBER

    has_names = group.is_of_class("groupOfNames") or not group.is_of_class("posixGroup")
    return MEMBER if has_names else MEMBER_UID


def resource_of(group: Entry, settings: LdapSettings) -> FoundResourceData:
    """Return the resource that a group is."""
    description = group.first("description")
    return FoundResourceData(
        integration_specific_id=group.id(settings.directory),
        label=group.first("cn") or group.dn,
        resource_type=GROUP.type_id,
        extra_data={"dn": group.dn, **({"description": description} if description else {})},
    )


def entitlement_of(group: Entry, settings: LdapSettings) -> FoundEntitlementData:
    """Return the entitlement to be a member of a group."""
    identifier = group.id(settings.directory)
    return FoundEntitlementData(
        entitlement_type=MEMBERSHIP.type_id,
        integration_specific_id=identifier,
        integration_specific_resource_id=identifier,
        label=group.first("cn") or group.dn,
    )


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups of a directory, and which of them are within which.

    Parameters:
        ids: a group's id, by its folded name.
        parents: the folded names of the groups that somebody is a direct member of, by the
            member's folded name, by the user name, or by the key of the group as a primary one.
    """

    ids: dict[str, str]
    parents: dict[str, set[str]]

    def ids_of(self, names: Iterable[str], *, nested: bool) -> list[str]:
        """Return the ids of the groups that an account is in, each once.

        Parameters:
            names: folded names of groups that the account is known to be a direct member of.
            nested: whether the groups that these are in count, too.
        """
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue  # also what ends a circle of groups

            found.add(name)
            if nested:
                waiting += self.parents.get(name, ())

        return sorted(self.ids[name] for name in found if name in self.ids)


def all_groups(groups: Iterable[Entry], settings: LdapSettings, memberships: str) -> Groups:
    """Gather all groups.

    Parameters:
        groups: the entries, with their members, or with memberOf.
        settings: the tenant's settings.
        memberships: `group` if the members of each group count, `account` for memberOf.
    """
    ids: dict[str, str] = {}
    parents: dict[str, set[str]] = {}
    for group in groups:
        name = folded(group.dn)
        ids[name] = group.id(settings.directory)
        primary = own_key(group)
        if primary:
            parents.setdefault(primary, set()).add(name)

        if memberships == "account":
            parents[name] = {folded(parent) for parent in group.all("memberOf")}
            continue

        for member in _members(group):
            parents.setdefault(member, set()).add(name)

    return Groups(ids, parents)


def _members(group: Entry) -> Iterator[str]:
    """Yield the direct members: folded names, and user names marked as such."""
    for attribute in (MEMBER, UNIQUE_MEMBER):
        yield from (folded(member) for member in group.all(attribute))

    yield from (user_key(name) for name in group.all(MEMBER_UID))


def user_key(username: str) -> str:
    """Return the key of a user name among the names of members; names of entries have a `=`."""
    return f"uid:{username}"
