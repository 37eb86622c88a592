"""Changes of accounts and their memberships, each of which can be repeated."""

from connector_sdk import ConnectorError
from connector_sdk.models import AccountStatus, ErrorCode
from ldap_connector.accounts import (
    DISABLED,
    LOCK_VALUES,
    LOCKED,
    STATUS_ATTRIBUTES,
    account_attributes,
    status_of,
)
from ldap_connector.associations import association_attributes, associations_of, read_groups
from ldap_connector.directory import Change, Directory
from ldap_connector.entries import Entry
from ldap_connector.escaping import any_of, equals
from ldap_connector.groups import (
    MEMBER,
    MEMBER_UID,
    UNIQUE_MEMBER,
    group_attributes,
    member_attribute,
)
from ldap_connector.primary_groups import named_key, own_key
from ldap_connector.refusals import NO_SUCH_OBJECT, OBJECT_CLASS_VIOLATION, DirectoryRefusal

ADD, DELETE, REPLACE = "MODIFY_ADD", "MODIFY_DELETE", "MODIFY_REPLACE"
"""What is done with values, in the library's words."""


def set_active(directory: Directory, account_id: str, *, active: bool) -> AccountStatus:
    """Let an account be used, or shut it out; return its status afterwards.

    Raises:
        ConnectorError: `not_found`, when there is no such account.
        DirectoryRefusal: the server refused.
    """
    account = find_account(directory, account_id)
    changes = (
        _control_changes(account, active=active)
        if directory.settings.profile == "active_directory"
        else _lock_changes(account, directory.settings.lock_attribute, active=active)
    )
    if not changes:
        return status_of(account)

    directory.modify(account.dn, changes, doing="changing the account")
    changed = directory.read(account.dn, STATUS_ATTRIBUTES)
    return status_of(changed or account)


def delete_account(directory: Directory, account_id: str) -> None:
    """Delete an account, and take it out of its groups first; done if there is none.

    A name that stayed in a group would give the group's access to whoever gets the name next.
    Active Directory takes care of that itself.

    Raises:
        DirectoryRefusal: the server refused; the account may have left some of its groups.
    """
    try:
        account = find_account(directory, account_id)
    except ConnectorError as error:
        if error.error_code is ErrorCode.NOT_FOUND and not isinstance(error, DirectoryRefusal):
            return

        raise

    if directory.settings.profile != "active_directory":
        for group in list(_groups_with(directory, account)):
            remove_member(directory, group, account)

    try:
        directory.delete(account.dn)
    except DirectoryRefusal as error:
        if error.result != NO_SUCH_OBJECT:
            raise


def add_member(directory: Directory, group: Entry, account: Entry) -> None:
    """Make an account a direct member of a group; done if it is.

    Raises:
        DirectoryRefusal: the server refused.
    """
    attribute = member_attribute(group)
    value = _member_value(directory, group, account)
    changes: list[Change] = [(attribute, ADD, [value])]
    placeholder = directory.settings.placeholder_member
    if (
        placeholder
        and attribute != MEMBER_UID
        and _is_member(directory, group, attribute, placeholder)
    ):
        changes.append((attribute, DELETE, [placeholder]))

    try:
        directory.modify(group.dn, changes, doing="adding a member")
    except DirectoryRefusal:
        # Servers refuse what is done already in several ways, so the group itself is asked.
        if not _is_member(directory, group, attribute, value) and not _is_primary(
            directory, group, account
        ):
            raise


def remove_member(directory: Directory, group: Entry, account: Entry) -> None:
    """Take an account out of the direct members of a group; done if it is not among them.

    Raises:
        ConnectorError: `bad_request`, when it is the last member, and the group must have one.
        DirectoryRefusal: the server refused.
    """
    attribute = member_attribute(group)
    value = _member_value(directory, group, account)
    removal: Change = (attribute, DELETE, [value])
    try:
        directory.modify(group.dn, [removal], doing="removing a member")
    except DirectoryRefusal as error:
        if not _is_member(directory, group, attribute, value):
            return

        if error.result != OBJECT_CLASS_VIOLATION:
            raise

        placeholder = directory.settings.placeholder_member
        if placeholder is None:
            raise ConnectorError(
                message="the account is the last member of a group that must have one; give"
                " settings.placeholder_member, or add another member",
                error_code=ErrorCode.BAD_REQUEST,
                app_error_code=error.app_error_code,
            ) from None

        directory.modify(
            group.dn, [removal, (attribute, ADD, [placeholder])], doing="removing a member"
        )


def require_no_other_way(directory: Directory, group: Entry, account: Entry) -> None:
    """Refuse to say that an account has left a group that it is in all the same.

    Raises:
        ConnectorError: `bad_request`, when it is in through another group, or the group is the
            account's primary one.
    """
    if _is_primary(directory, group, account):
        raise ConnectorError(
            message="the group is the account's primary group; give the account another one"
            f" ({directory.profile.primary_group[-1]}) before",
            error_code=ErrorCode.BAD_REQUEST,
        )

    settings = directory.settings
    if not settings.nested_groups:
        return

    found = directory.read(account.dn, association_attributes(settings))
    if found is None:
        return

    held = associations_of([found], read_groups(directory), settings)
    group_id = group.id(directory.profile)
    if any(each.integration_specific_resource_id == group_id for each in held):
        raise ConnectorError(
            message="the account is a member through another group; take it out of that one",
            error_code=ErrorCode.BAD_REQUEST,
        )


def find_account(directory: Directory, account_id: str) -> Entry:
    """Return an account; ConnectorError `not_found` if there is none."""
    settings = directory.settings
    return _found(
        directory.find(account_id, settings.accounts, account_attributes(settings)), "account"
    )


def find_group(directory: Directory, group_id: str) -> Entry:
    """Return a group; ConnectorError `not_found` if there is none."""
    settings = directory.settings
    return _found(directory.find(group_id, settings.groups, group_attributes(settings)), "group")


def _found(entry: Entry | None, what: str) -> Entry:
    if entry is None:
        raise ConnectorError(
            message=f"the directory has no such {what}, or the user of the credential may not"
            " see it",
            error_code=ErrorCode.NOT_FOUND,
        )

    return entry


def _control_changes(account: Entry, *, active: bool) -> list[Change]:
    """Return what changes the bits of userAccountControl, unless somebody else just did."""
    now = account.number("userAccountControl")
    wanted = now & ~DISABLED if active else now | DISABLED
    changes: list[Change] = []
    if wanted != now:
        changes += [
            ("userAccountControl", DELETE, [str(now)]),
            ("userAccountControl", ADD, [str(wanted)]),
        ]

    if active and account.number("msDS-User-Account-Control-Computed") & LOCKED:
        changes.append(("lockoutTime", REPLACE, ["0"]))

    return changes


def _lock_changes(account: Entry, attribute: str, *, active: bool) -> list[Change]:
    wanted = [] if active else [LOCK_VALUES[attribute]]
    if account.all(attribute) == wanted:
        return []

    return [(attribute, REPLACE, list[str | bytes](wanted))]


def _member_value(directory: Directory, group: Entry, account: Entry) -> str:
    """Return what stands for an account among the members of a group."""
    if member_attribute(group) != MEMBER_UID:
        return account.dn

    username = account.first(directory.settings.username)
    if username is None:
        raise ConnectorError(
            message="the group has user names as members, and the account has none",
            error_code=ErrorCode.BAD_REQUEST,
        )

    return username


def _is_member(directory: Directory, group: Entry, attribute: str, value: str) -> bool:
    """Ask the server for one member, however many there are."""
    found = directory.search(equals(attribute, value), ["objectClass"], base=group.dn)
    return any(entry.dn == group.dn for entry in found)


def _is_primary(directory: Directory, group: Entry, account: Entry) -> bool:
    """Tell whether a group is an account's primary one, as the server has it now."""
    key = own_key(group)
    found = directory.read(account.dn, directory.profile.primary_group) if key else None
    return found is not None and named_key(found) == key


def _groups_with(directory: Directory, account: Entry) -> list[Entry]:
    """Return the groups that have an account as a direct member."""
    settings = directory.settings
    conditions = [equals(MEMBER, account.dn), equals(UNIQUE_MEMBER, account.dn)]
    conditions += [equals(MEMBER_UID, name) for name in account.all(settings.username)]
    found = directory.search(
        f"(&{settings.groups}{any_of(conditions)})", group_attributes(settings)
    )
    return list(found)
