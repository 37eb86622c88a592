"""The connector's log, where it says what it could not read.

Messages name files and lines, never what is in them: a malformed line of ``/etc/passwd`` may
hold a password hash in any place.
"""

import logging

log = logging.getLogger("posix_connector")
