"""The users of a machine: what `getent passwd` says, or passwd(5) in another root."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from posix_connector.log import log
from posix_connector.passwords import Password, parse_public_password
from posix_connector.records import LARGEST_ID, is_compat_entry, parse_id, parse_records
from posix_connector.root import Root
from posix_connector.text import text_of_field

PASSWD = "/etc/passwd"
"""The file of users, passwd(5)."""


@dataclass(frozen=True)
class User:
    """A record of passwd(5)."""

    name: str
    uid: int
    gid: int
    """Number of the primary group."""

    full_name: str
    """The first of the comma-separated parts of the field that was once called GECOS."""

    home: str
    shell: str
    password: Password | None
    """What the record says of the password; None if another file does."""


def read_users(root: Root) -> list[User]:
    """The users of a machine, each name once; `ConnectorError` if they cannot be read.

    Of two users with one name the first counts, as it does for whoever signs in.
    """
    found = _ask_the_system() if root.is_this_machine else parse_users(root.read_required(PASSWD))
    return _first_of_each_name(found)


def parse_users(contents: bytes) -> Iterator[User]:
    """The users in a file of passwd(5); a malformed line is left out with a warning."""
    for record in parse_records(contents, path=PASSWD, fewest=4, most=7):
        name, password, uid_field, gid_field, gecos, home, shell = record.fields
        uid = parse_id(uid_field)
        gid = parse_id(gid_field)
        if uid is None or gid is None:
            log.warning("%s: user id or group id is no number, left out", record.place)
            continue

        yield User(
            name=name,
            uid=uid,
            gid=gid,
            full_name=gecos.partition(",")[0],
            home=home,
            shell=shell,
            password=parse_public_password(password),
        )


def _ask_the_system() -> Iterator[User]:
    """The users from every source that the system is configured to use, LDAP for one."""
    import pwd

    for entry in pwd.getpwall():
        if is_compat_entry(entry.pw_name):
            log.warning("%s: NIS compat entry, not followed", PASSWD)
            continue

        yield User(
            name=text_of_field(entry.pw_name),
            uid=entry.pw_uid & LARGEST_ID,  # for Python the largest is -1
            gid=entry.pw_gid & LARGEST_ID,
            full_name=text_of_field(entry.pw_gecos).partition(",")[0],
            home=text_of_field(entry.pw_dir),
            shell=text_of_field(entry.pw_shell),
            password=parse_public_password(entry.pw_passwd),
        )


def _first_of_each_name(users: Iterable[User]) -> list[User]:
    found: dict[str, User] = {}
    for user in users:
        if found.setdefault(user.name, user) is not user:
            log.warning("user %s is there more than once; the first counts", user.name)
    return list(found.values())
