"""When accounts last signed in, from all places where a Linux system may record it.

- lastlog(8): a sparse file with a record for each user id.
- wtmp(5): a record for each login and logout since the file was begun anew; and utmp(5), the
  same for who is signed in now.
- lastlog2(8): a SQLite database, which takes the place of the others on newer distributions.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from connector_sdk.models import ActivityEventType, LastActivityData
from posix_connector.log import log
from posix_connector.login_database import LASTLOG2, read_lastlog2
from posix_connector.login_files import LASTLOG, LOGIN_FILES, read_lastlog, read_logins
from posix_connector.root import Root, reason
from posix_connector.users import User

LATEST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
"""Seconds from the epoch to the end of the calendar; a record beyond it is damaged."""


def last_activity(root: Root, users: Sequence[User]) -> Iterator[LastActivityData]:
    """When users last signed in, as far as it is known.

    A record that is missing is passed over, as no system has all of them; one that cannot be
    read is, too, with a warning.
    """
    last: dict[str, int] = {}
    for name, seconds in _logins(root, users):
        if 0 < seconds <= LATEST:
            last[name] = max(seconds, last.get(name, 0))

    for user in users:
        if user.name in last:
            yield LastActivityData(
                account_id=user.name,
                event_type=ActivityEventType.LAST_LOGIN.value,
                happened_at=datetime.fromtimestamp(last[user.name], UTC).isoformat(),
            )


def _logins(root: Root, users: Sequence[User]) -> Iterator[tuple[str, int]]:
    """All logins that are recorded, in seconds after the epoch; also those of others."""
    with _noting_what_is_unreadable(LASTLOG):
        yield from read_lastlog(root, users)
    with _noting_what_is_unreadable(LASTLOG2):
        yield from read_lastlog2(root)
    for path in LOGIN_FILES:
        with _noting_what_is_unreadable(path):
            yield from read_logins(root, path)


@contextmanager
def _noting_what_is_unreadable(path: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("%s: %s; the logins recorded there are unknown", path, reason(error))
