"""Users as accounts: who they are, what they are for, and whether they can sign in."""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from posixpath import basename

from connector_sdk.models import AccountStatus, AccountType, FoundAccountData
from posix_connector.passwords import Password
from posix_connector.records import parse_id
from posix_connector.root import Root
from posix_connector.shadow import SHADOW, Shadow, ShadowEntry
from posix_connector.text import text_of
from posix_connector.users import User

LOGIN_DEFS = "/etc/login.defs"
"""Where Linux says from which user id on people are numbered, login.defs(5)."""

UID_MIN = re.compile(r"^[ \t]*UID_MIN[ \t]+([0-9]+)", re.MULTILINE)
"""The line that says it; of several the last counts."""

NO_LOGIN = frozenset({"nologin", "false"})
"""Programs that, as a login shell, send everybody away."""


def accounts(
    users: Sequence[User],
    *,
    shadow: Shadow,
    first_person: int,
    today: date,
) -> Iterator[FoundAccountData]:
    """The accounts of users; what could not be read is None, and `extra_data` says why.

    Parameters:
        users: the users.
        shadow: what shadow(5) says of the users.
        first_person: the user id from which on people are numbered.
        today: the day for which the status is asked.
    """
    users_of_uid = Counter(user.uid for user in users)
    for user in users:
        entry, unknown = _sign_in(user, shadow)
        account_type = _account_type(user, first_person)
        yield FoundAccountData(
            integration_specific_id=user.name,
            username=user.name,
            account_type=account_type,
            user_status=None if entry is None else _status(entry, account_type, today),
            extra_data={
                "uid": user.uid,
                "gid": user.gid,
                "full_name": user.full_name,
                "home": user.home,
                "shell": user.shell,
                "shares_uid": users_of_uid[user.uid] > 1,
                "password": None if entry is None else entry.password.value,
                "unusable_from": _iso(entry),
                "status_unknown": unknown,
            },
        )


def first_person_uid(root: Root) -> int:
    """The user id from which on people are numbered: ``UID_MIN``, or the system's custom."""
    try:
        stated = UID_MIN.findall(text_of(root.read(LOGIN_DEFS)))
    except OSError:
        stated = []

    numbers = [uid for uid in map(parse_id, stated) if uid is not None]
    if numbers:
        return numbers[-1]
    return 500 if root.is_this_machine and sys.platform == "darwin" else 1000


def _sign_in(user: User, shadow: Shadow) -> tuple[ShadowEntry | None, str | None]:
    """What is known of signing in as a user, or why nothing is."""
    if user.password is not None:
        return ShadowEntry(user.password, unusable_from=None), None
    if user.name in shadow.entries:
        return shadow.entries[user.name], None
    return None, shadow.unreadable or f"{SHADOW}: it does not name this user"


def _account_type(user: User, first_person: int) -> AccountType:
    """A person's account has a login shell and a person's user id, or is root's."""
    if basename(user.shell) in NO_LOGIN or 0 < user.uid < first_person:
        return AccountType.SERVICE
    return AccountType.USER


def _status(entry: ShadowEntry, account_type: AccountType, today: date) -> AccountStatus:
    if entry.unusable_from is not None and entry.unusable_from <= today:
        return AccountStatus.INACTIVE

    # The password of a service account is locked as a matter of course: its service runs on.
    if entry.password is Password.LOCKED and account_type is AccountType.USER:
        return AccountStatus.SUSPENDED
    return AccountStatus.ACTIVE


def _iso(entry: ShadowEntry | None) -> str | None:
    if entry is None or entry.unusable_from is None:
        return None
    return entry.unusable_from.isoformat()
