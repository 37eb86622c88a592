"""What a tenant configures: where its directory is, and what its entries look like."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, model_validator

from connector_sdk import GroupedField
from ldap_connector.profiles import PROFILES, Profile

LARGEST_PAGE = 1000
"""Entries that are asked for at a time, at the most: what Active Directory gives."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
"""Hosts to which a password may go unencrypted: it does not leave the machine."""

PORTS = {"ldaps": 636, "starttls": 389, "none": 389}

PASSWORDS = {"userpassword", "unicodepwd", "ms-mcs-admpwd", "mslaps-password"}
"""Attributes that leave the directory under no name."""

_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]*|[0-9]+(\.[0-9]+)+")
"""A name of an attribute, or its number (RFC 4512, section 1.4)."""


def is_attribute(name: str) -> bool:
    """Tell whether an attribute can have this name."""
    return _ATTRIBUTE.fullmatch(name) is not None


def _attribute(name: str) -> str:
    if not is_attribute(name):
        raise ValueError("expected the name of an attribute, such as mail")

    return name


def _filter(text: str) -> str:
    if not (text.startswith("(") and text.endswith(")")):
        raise ValueError("expected a filter in brackets, such as (objectClass=person)")

    return text


def _readable(name: str) -> str:
    if name.casefold() in PASSWORDS:
        raise ValueError("expected no attribute with passwords")

    return name


Attribute = Annotated[str, AfterValidator(_attribute)]
Filter = Annotated[str, AfterValidator(_filter)]
SEARCH, NAMES, CHANGES = "What is read", "Attributes", "Changes"


class LdapSettings(BaseModel):
    """The settings of one tenant."""

    host: str = Field(
        min_length=1,
        title="Host",
        description=(
            "Host name of the server, as in its certificate. Of Active Directory, one domain"
            " controller: each counts its entries in its own way."
        ),
        json_schema_extra={"format": "hostname"},
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        title="Port",
        description="Port of the server; 636 for ldaps and 389 otherwise, if not given.",
    )
    encryption: Literal["ldaps", "starttls", "none"] = Field(
        default="ldaps",
        title="Encryption",
        description="How the connection is encrypted; none only to this machine itself.",
    )
    ca_file: str | None = Field(
        default=None,
        min_length=1,
        title="CA file",
        description=(
            "File on the connector's machine with the certificates (PEM) of the authorities that"
            " the server's certificate may come from; the machine's own, if not given."
        ),
    )
    allow_anonymous: bool = Field(
        default=False,
        title="Allow anonymous",
        description="Whether an empty user name and password read what everybody may.",
    )
    timeout: int = Field(
        default=30,
        ge=1,
        le=600,
        title="Time limit",
        description="Seconds to wait for the connection, and for each answer.",
    )
    base_dn: str = Field(
        min_length=1,
        title="Base DN",
        description="The entry below which accounts and groups are, such as dc=example,dc=com.",
    )
    profile: Literal["openldap", "active_directory"] = Field(
        default="openldap",
        title="Profile",
        description="The kind of directory; it says what all the settings below are, if not given.",
    )
    page_size: int = Field(
        default=500,
        ge=1,
        le=LARGEST_PAGE,
        title="Page size",
        description="Entries that are asked for at a time, if a request does not say.",
    )
    account_filter: Filter | None = GroupedField(
        SEARCH, None, title="Accounts", description="Filter for the entries that are accounts."
    )
    group_filter: Filter | None = GroupedField(
        SEARCH, None, title="Groups", description="Filter for the entries that are groups."
    )
    memberships: Literal["group", "account"] | None = GroupedField(
        SEARCH,
        None,
        title="Memberships",
        description=(
            "Where memberships are read: the members of each group, or memberOf of each account."
        ),
    )
    nested_groups: bool = GroupedField(
        SEARCH,
        default=True,
        title="Nested groups",
        description="Whether the members of a group are members of the groups that it is in, too.",
    )
    username_attribute: Attribute | None = GroupedField(
        NAMES, None, title="User name", description="Attribute with the user name."
    )
    email_attribute: Attribute | None = GroupedField(
        NAMES, None, title="E-mail address", description="Attribute with the e-mail address."
    )
    given_name_attribute: Attribute | None = GroupedField(
        NAMES, None, title="Given name", description="Attribute with the given name."
    )
    family_name_attribute: Attribute | None = GroupedField(
        NAMES, None, title="Family name", description="Attribute with the family name."
    )
    custom_attributes: list[Annotated[Attribute, AfterValidator(_readable)]] = GroupedField(
        NAMES,
        default=[],
        title="Custom attributes",
        description="Further attributes of accounts that the platform may ask for.",
    )
    accounts_dn: str | None = GroupedField(
        CHANGES,
        None,
        min_length=1,
        title="New accounts",
        description="The entry below which new accounts are put; the base DN, if not given.",
    )
    account_classes: list[Attribute] | None = GroupedField(
        CHANGES, None, min_length=1, title="Classes", description="Object classes of new accounts."
    )
    lock_attribute: Literal["pwdAccountLockedTime", "nsAccountLock"] = GroupedField(
        CHANGES,
        default="pwdAccountLockedTime",
        title="Lock",
        description=(
            "Attribute by which an account is deactivated; Active Directory has its own way."
        ),
    )
    placeholder_member: str | None = GroupedField(
        CHANGES,
        None,
        min_length=1,
        title="Placeholder",
        description="Name that stands in a group without members, if the group must have one.",
    )

    @model_validator(mode="after")
    def _keep_passwords_from_the_network(self) -> "LdapSettings":
        if self.encryption == "none" and self.host.casefold() not in LOOPBACK:
            raise ValueError(
                "encryption: expected ldaps or starttls, as others could read the password"
            )

        return self

    @property
    def directory(self) -> Profile:
        """What is usual in this kind of directory."""
        return PROFILES[self.profile]

    @property
    def username(self) -> str:
        """The attribute with the user name."""
        return self.username_attribute or self.directory.username

    @property
    def email(self) -> str:
        """The attribute with the e-mail address."""
        return self.email_attribute or self.directory.email

    @property
    def given_name(self) -> str:
        """The attribute with the given name."""
        return self.given_name_attribute or self.directory.given_name

    @property
    def family_name(self) -> str:
        """The attribute with the family name."""
        return self.family_name_attribute or self.directory.family_name

    @property
    def accounts(self) -> str:
        """The filter for accounts."""
        return self.account_filter or self.directory.account_filter

    @property
    def groups(self) -> str:
        """The filter for groups."""
        return self.group_filter or self.directory.group_filter
