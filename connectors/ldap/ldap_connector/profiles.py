"""In what directories differ: the names that OpenLDAP and Active Directory have for the same.

A setting that is given replaces the name of the profile; see `settings.py`.
"""

from dataclasses import dataclass
from uuid import UUID

UUID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is usual in one kind of directory."""

    id_attribute: str
    """What names an entry for good, also when it is renamed or moved."""

    order_attribute: str
    """What has an order that the server can compare, and another value in each entry."""

    order_is_per_server: bool
    """Whether each server of the directory has its own order."""

    account_filter: str
    group_filter: str
    account_classes: tuple[str, ...]
    """The classes of a new account."""

    naming_attribute: str
    """The attribute of a new account by which its parent knows it."""

    username: str
    email: str
    given_name: str
    family_name: str
    memberships: str
    """Where memberships are read: on the group, or on the account."""

    primary_group: tuple[str, ...]
    """Attributes by which accounts name their primary group."""

    last_login: tuple[str, ...]
    """Attributes with a time of the last login; the latest of them counts."""

    def id_of(self, value: bytes) -> str:
        """Return the id that the bytes of the id attribute are.

        Raises:
            ValueError: the bytes are no id.
        """
        if self.id_attribute == "objectGUID":
            return str(UUID(bytes_le=value))

        return str(UUID(value.decode()))

    def id_value(self, identifier: str) -> str | bytes:
        """Return the value of the id attribute for an id.

        Raises:
            ValueError: it is no id of this connector.
        """
        uuid = UUID(identifier)
        return uuid.bytes_le if self.id_attribute == "objectGUID" else str(uuid)

    def order_of(self, value: bytes) -> str:
        """Return a value of the order attribute as text whose order is that of the server.

        Raises:
            ValueError: the bytes are no such value.
        """
        if self.order_is_per_server:
            return f"{int(value):020d}"

        return str(UUID(value.decode()))


OPENLDAP = Profile(
    id_attribute="entryUUID",
    order_attribute="entryUUID",
    order_is_per_server=False,
    account_filter="(|(objectClass=inetOrgPerson)(objectClass=posixAccount))",
    group_filter="(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
    account_classes=("inetOrgPerson",),
    naming_attribute="uid",
    username="uid",
    email="mail",
    given_name="givenName",
    family_name="sn",
    memberships="group",
    primary_group=("gidNumber",),
    last_login=("authTimestamp", "pwdLastSuccess"),
)

ACTIVE_DIRECTORY = Profile(
    id_attribute="objectGUID",
    order_attribute="uSNCreated",
    order_is_per_server=True,
    account_filter="(&(objectClass=user)(!(objectClass=computer)))",
    group_filter="(objectClass=group)",
    account_classes=("user",),
    naming_attribute="cn",
    username="sAMAccountName",
    email="mail",
    given_name="givenName",
    family_name="sn",
    memberships="account",
    primary_group=("objectSid", "primaryGroupID"),
    last_login=("lastLogonTimestamp", "lastLogon"),
)

PROFILES = {"openldap": OPENLDAP, "active_directory": ACTIVE_DIRECTORY}
