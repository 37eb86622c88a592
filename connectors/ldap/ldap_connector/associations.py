"""Who is in which group, by windows of accounts: an association is found with its account.

Two ways lead there. By the groups, the members of all groups are read once for each page; that
works everywhere. By the accounts, each account's memberOf is read with it, and of the groups only
which are within which; that needs a server that keeps memberOf, as Active Directory does. The
primary group of an account is found with the account either way.
"""

from collections.abc import Iterable, Iterator, Sequence

from connector_sdk.models import FoundEntitlementAssociation
from ldap_connector.directory import Directory
from ldap_connector.entries import Entry
from ldap_connector.escaping import folded
from ldap_connector.groups import MEMBER_ATTRIBUTES, Groups, all_groups, user_key
from ldap_connector.primary_groups import named_key
from ldap_connector.settings import LdapSettings


def memberships_are_on(settings: LdapSettings) -> str:
    """Return where memberships are read: `group` or `account`."""
    return settings.memberships or settings.directory.memberships


def association_attributes(settings: LdapSettings) -> list[str]:
    """Return what has to be read of an account to know its groups."""
    profile = settings.directory
    return [profile.id_attribute, *profile.primary_group, settings.username, "memberOf"]


def read_groups(directory: Directory) -> Groups:
    """Read all groups, and what is needed of their members."""
    settings = directory.settings
    way = memberships_are_on(settings)
    attributes = MEMBER_ATTRIBUTES if way == "group" else ("memberOf",)
    profile = settings.directory
    found = directory.search(
        settings.groups, [profile.id_attribute, *profile.primary_group, *attributes]
    )
    return all_groups(found, settings, way)


def associations_of(
    accounts: Sequence[Entry], groups: Groups, settings: LdapSettings
) -> Iterator[FoundEntitlementAssociation]:
    """Yield the memberships of accounts, each once."""
    for account in accounts:
        direct = _direct(account, groups, settings)
        for group_id in groups.ids_of(direct, nested=settings.nested_groups):
            yield FoundEntitlementAssociation(
                account_id=account.id(settings.directory),
                integration_specific_entitlement_id=group_id,
                integration_specific_resource_id=group_id,
            )


def _direct(account: Entry, groups: Groups, settings: LdapSettings) -> Iterable[str]:
    """Return the folded names of the groups that an account is a direct member of."""
    found = set(groups.parents.get(named_key(account) or "", ()))
    if memberships_are_on(settings) == "account":
        return found.union(folded(name) for name in account.all("memberOf"))

    found |= groups.parents.get(folded(account.dn), set())
    for username in account.all(settings.username):
        found |= groups.parents.get(user_key(username), set())

    return found
