"""Accounts: what their entries tell."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from connector_sdk.models import AccountStatus, FoundAccountData
from ldap_connector.entries import Entry
from ldap_connector.settings import LdapSettings

DISABLED = 0x2
"""The bit of userAccountControl that shuts an account out ([MS-ADTS], section 2.2.16)."""

NORMAL_ACCOUNT = 0x200
"""The bit of userAccountControl that every person's account has."""

LOCKED = 0x10
"""The bit of msDS-User-Account-Control-Computed for an account with too many wrong passwords."""

LOCKED_FOR_GOOD = "000001010000Z"
"""The pwdAccountLockedTime of an account that no time unlocks (slapo-ppolicy, 5)."""

LOCK_VALUES = {"pwdAccountLockedTime": LOCKED_FOR_GOOD, "nsAccountLock": "TRUE"}
"""The value of a lock attribute by which an account is shut out."""

FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
"""When Active Directory began to count."""

NEVER = (0, 0x7FFF_FFFF_FFFF_FFFF)
"""Values of Active Directory that are no time."""

STATUS_ATTRIBUTES = (
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "accountExpires",
    "pwdAccountLockedTime",
    "nsAccountLock",
)
"""What says whether an account can be used; each directory has some of them."""

DESCRIPTION = {"display_name": "displayName", "description": "description", "title": "title"}
"""What `extra_data` tells besides the name, and the attribute that has it."""


def account_attributes(settings: LdapSettings) -> list[str]:
    """Return the attributes from which an account is made."""
    return [
        settings.directory.id_attribute,
        settings.username,
        settings.email,
        settings.given_name,
        settings.family_name,
        *STATUS_ATTRIBUTES,
        *DESCRIPTION.values(),
    ]


def account_of(
    entry: Entry, settings: LdapSettings, custom_attributes: Sequence[str] | None
) -> FoundAccountData:
    """Return the account that an entry is.

    Parameters:
        entry: the entry, with `account_attributes` and the custom ones.
        settings: the tenant's settings.
        custom_attributes: the custom attributes to tell; several values are put on lines.
    """
    described = {key: entry.first(attribute) for key, attribute in DESCRIPTION.items()}
    return FoundAccountData(
        integration_specific_id=entry.id(settings.directory),
        email=entry.first(settings.email),
        given_name=entry.first(settings.given_name),
        family_name=entry.first(settings.family_name),
        username=entry.first(settings.username),
        user_status=status_of(entry),
        extra_data={"dn": entry.dn, **{k: v for k, v in described.items() if v is not None}},
        custom_attributes=_custom(entry, custom_attributes),
    )


def status_of(entry: Entry) -> AccountStatus:
    """Return whether an account can be used.

    Shut out by an administrator, or expired, is inactive; shut out for a while, after too many
    wrong passwords, is suspended.
    """
    locked = entry.first("pwdAccountLockedTime")
    expires = entry.number("accountExpires")
    if (
        entry.number("userAccountControl") & DISABLED
        or (entry.first("nsAccountLock") or "").casefold() == "true"
        or locked == LOCKED_FOR_GOOD
        or (expires not in NEVER and expires <= _filetime_now())
    ):
        return AccountStatus.INACTIVE

    if locked or entry.number("msDS-User-Account-Control-Computed") & LOCKED:
        return AccountStatus.SUSPENDED

    return AccountStatus.ACTIVE


def filetime(value: int) -> datetime:
    """Return the time that is so many 100 ns after 1601 ([MS-DTYP], section 2.3.3)."""
    return FILETIME_EPOCH + timedelta(microseconds=value // 10)


def _filetime_now() -> int:
    return (datetime.now(UTC) - FILETIME_EPOCH) // timedelta(microseconds=1) * 10


def _custom(entry: Entry, names: Sequence[str] | None) -> dict[str, str] | None:
    if names is None:
        return None

    found = {name: "\n".join(entry.all(name)) for name in names}
    return {name: text for name, text in found.items() if text}
