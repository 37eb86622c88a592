"""Which machine this is: its name, and an id that lasts."""

import os
import re

from posix_connector.root import Root
from posix_connector.text import text_of

MACHINE_ID = ("/etc/machine-id", "/var/lib/dbus/machine-id")
"""Where an installation keeps its id, machine-id(5)."""

ID_FORM = re.compile(r"[0-9a-f]{32}")
"""What an id looks like; an image that never ran has none, or says ``uninitialized``."""

HOSTNAME = "/etc/hostname"
"""Where it keeps its name, hostname(5)."""

PURPOSE = b"posix-connector tenant"
"""What makes the hash of a machine's id one that nothing else uses."""


def host_name(root: Root) -> str | None:
    """The name of a machine; None if an image does not say."""
    return os.uname().nodename if root.is_this_machine else _first_word(root, HOSTNAME)


def tenant_id(root: Root) -> str:
    """An id of a machine that lasts, 32 hexadecimal digits.

    It is made from the machine's id, or else its name, or else the place of its root. The
    machine's id is confidential (machine-id(5)), so a keyed hash of it is returned, in the way
    of sd_id128_get_machine_app_specific(3).
    """
    import hmac  # which no other capability needs

    ids = (_first_word(root, path) or "" for path in MACHINE_ID)
    known = next(filter(ID_FORM.fullmatch, ids), None)
    key = known or host_name(root) or root.locate("/")
    return hmac.digest(os.fsencode(key), PURPOSE, "sha256").hex()[:32]


def _first_word(root: Root, path: str) -> str | None:
    """The first word of a file that is no comment; None if there is none."""
    try:
        lines = text_of(root.read(path)).splitlines()
    except OSError:
        return None
    return next((line.split()[0] for line in lines if line.strip() and line[0] != "#"), None)
