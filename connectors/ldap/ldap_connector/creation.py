"""Creating an account so that a call can be repeated."""

from collections.abc import Mapping
from typing import Any

from connector_sdk import ConnectorError
from connector_sdk.models import AccountStatus, CreateAccount, ErrorCode
from ldap_connector.accounts import (
    DISABLED,
    LOCK_VALUES,
    NORMAL_ACCOUNT,
    account_attributes,
    account_of,
)
from ldap_connector.directory import Directory
from ldap_connector.entries import Entry
from ldap_connector.escaping import all_of, equals, name_below
from ldap_connector.refusals import ENTRY_ALREADY_EXISTS, DirectoryRefusal
from ldap_connector.settings import is_attribute

ACTIVE_BY_STATUS = {
    None: None,
    AccountStatus.ACTIVE.value: True,
    AccountStatus.INACTIVE.value: False,
    AccountStatus.SUSPENDED.value: False,
}
"""Whether a new account of a status can be used; None if nothing is said."""

Attributes = dict[str, list[str | bytes]]
"""Values by attribute, its name in lower case: to a server, `mail` and `MAIL` are one."""

PASSWORD = "password"
"""What `extra_data` calls the first password; every other key is an attribute."""

TAKEN = "another account has the user name that is asked for; choose another, or use that account"


def ensure_account(directory: Directory, wanted: CreateAccount) -> Entry:
    """Create an account, or return the one that an earlier call has created.

    Raises:
        ConnectorError: `bad_request`, when the request names nobody, asks for what a new account
            cannot have, or another account has the name.
        DirectoryRefusal: the server refused.
    """
    username = wanted.username or wanted.email
    if not username:
        raise _unfit("request.username or request.email is required and must not be empty")

    attributes = _attributes(directory, wanted, username)
    existing = _account_of_name(directory, username)
    if existing is not None:
        return _taken_for_it(directory, existing, wanted)

    settings = directory.settings
    naming = directory.profile.naming_attribute
    [name, *_] = attributes.get(naming) or [username]
    dn = name_below(naming, str(name), settings.accounts_dn or settings.base_dn)
    try:
        directory.add(dn, attributes)
    except DirectoryRefusal as error:
        if error.result != ENTRY_ALREADY_EXISTS:
            raise

        created = _account_of_name(directory, username)  # by another call, a moment ago
        if created is None:
            raise _unfit("another entry has the name that is asked for; choose another") from None

        return _taken_for_it(directory, created, wanted)

    created = directory.read(dn, account_attributes(settings))
    if created is None:
        raise ConnectorError(
            message="the account was added, and the user of the credential may not see it; let it"
            " read the entries below settings.accounts_dn",
            error_code=ErrorCode.PERMISSION_DENIED,
        )

    return created


def _attributes(directory: Directory, wanted: CreateAccount, username: str) -> Attributes:
    """Return the attributes of a new account."""
    settings = directory.settings
    if wanted.user_status not in ACTIVE_BY_STATUS:
        statuses = ", ".join(status for status in ACTIVE_BY_STATUS if status)
        raise _unfit(f"request.user_status must be one of {statuses}")

    names = [name for name in (wanted.given_name, wanted.family_name) if name]
    found: Attributes = {
        "objectclass": list(settings.account_classes or directory.profile.account_classes),
        "cn": [" ".join(names) or username],
        "sn": [wanted.family_name or username],
        **_given(wanted.extra_data or {}),
        settings.username.lower(): [username],
    }
    if directory.profile.naming_attribute == "cn":
        found["cn"] = [username]  # two people may have one name, and not one place

    for attribute, value in (
        (settings.email, wanted.email),
        (settings.given_name, wanted.given_name),
        (settings.family_name, wanted.family_name),
    ):
        if value:
            found[attribute.lower()] = [value]

    password = (wanted.extra_data or {}).get(PASSWORD)
    found.update(_access(directory, active=ACTIVE_BY_STATUS[wanted.user_status], password=password))
    return found


def _access(directory: Directory, *, active: bool | None, password: object) -> Attributes:
    """Return the attributes by which a new account can be used, or not."""
    if password is not None and (not isinstance(password, str) or not password):
        raise _unfit(f"request.extra_data.{PASSWORD} must be text, and not empty")

    if directory.settings.profile == "openldap":
        found: Attributes = {}
        if password:
            found["userpassword"] = [str(password)]
        if active is False:
            lock = directory.settings.lock_attribute
            found[lock.lower()] = [LOCK_VALUES[lock]]
        return found

    # Active Directory lets no account be used that has no password ([MS-ADTS], 3.1.1.5.2).
    if active and not password:
        raise _unfit(f"request.extra_data.{PASSWORD} is required for an active account")

    usable = bool(password) and active is not False
    control = NORMAL_ACCOUNT if usable else NORMAL_ACCOUNT | DISABLED
    access: Attributes = {"useraccountcontrol": [str(control)]}
    if password:
        access["unicodepwd"] = [f'"{password}"'.encode("utf-16-le")]

    return access


def _given(extra_data: Mapping[str, Any]) -> Attributes:
    """Return the attributes that a request gives by name."""
    found: Attributes = {}
    for name, value in extra_data.items():
        if name == PASSWORD:
            continue

        values = value if isinstance(value, list) else [value]
        if (
            not is_attribute(name)
            or not values
            or not all(isinstance(v, str) and v for v in values)
        ):
            raise _unfit("request.extra_data: expected names of attributes, with text or texts")

        if name.lower() in found:
            raise _unfit("request.extra_data: an attribute is given twice, in other letters")

        found[name.lower()] = list(values)

    return found


def _account_of_name(directory: Directory, username: str) -> Entry | None:
    settings = directory.settings
    condition = all_of([settings.accounts, equals(settings.username, username)])
    return next(iter(directory.search(condition, account_attributes(settings))), None)


def _taken_for_it(directory: Directory, existing: Entry, wanted: CreateAccount) -> Entry:
    """Return an account that is like the wanted one, as far as that says who it is."""
    account = account_of(existing, directory.settings, None)
    same_email = not wanted.email or (account.email or "").casefold() == wanted.email.casefold()
    if (
        same_email
        and wanted.given_name in (None, account.given_name)
        and wanted.family_name in (None, account.family_name)
    ):
        return existing

    raise _unfit(TAKEN)


def _unfit(message: str) -> ConnectorError:
    return ConnectorError(message=message, error_code=ErrorCode.BAD_REQUEST)
