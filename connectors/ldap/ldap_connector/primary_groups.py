"""Primary groups: an account names one by a number, and the group does not name the account.

Who reads only the members of groups, or memberOf, misses these memberships; somebody whose primary
group is that of the administrators would not be seen.
"""

from ldap_connector.entries import Entry

RELATIVE_ID = 4
"""Bytes at the end of a security identifier that tell the members of a domain apart."""


def own_key(group: Entry) -> str | None:
    """Return what stands for a group where accounts name it; None if they cannot.

    Parameters:
        group: the entry, with the attributes that the profile has for this.
    """
    match group.values.get("objectsid"):
        case [sid]:
            return f"sid:{sid.hex()}"

    return _number_key(group)


def named_key(account: Entry) -> str | None:
    """Return what stands for the primary group of an account; None if it has none.

    Active Directory leaves out of primaryGroupID what the group shares with the account: the
    domain ([MS-DTYP], section 2.4.2; [MS-ADTS], section 3.1.1.4.5.22).
    """
    match account.values.get("objectsid"):
        case [sid]:
            number = account.number("primaryGroupID") % 2 ** (8 * RELATIVE_ID)
            return f"sid:{(sid[:-RELATIVE_ID] + number.to_bytes(RELATIVE_ID, 'little')).hex()}"

    return _number_key(account)


def _number_key(entry: Entry) -> str | None:
    number = entry.first("gidNumber")
    return number and f"gid:{number}"
