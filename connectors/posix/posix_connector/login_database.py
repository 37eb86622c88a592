"""The SQLite database of lastlog2(8)."""

from contextlib import closing
from errno import EINVAL

from posix_connector.root import Root
from posix_connector.text import text_of

LASTLOG2 = "/var/lib/lastlog/lastlog2.db"
"""Where the database is."""

MAGIC = b"SQLite format 3\0"
"""How every SQLite database begins."""

MOST_STEPS = 50_000_000
"""Instructions of SQLite after which a query is given up: a hostile one might never end."""


def read_lastlog2(root: Root) -> list[tuple[str, int]]:
    """Users and their last logins, in seconds after the epoch.

    `OSError` if the file cannot be read. It is read by `root` and queried in memory: SQLite
    itself opens no file, so that no link in an image leads it astray.
    """
    contents = root.read(LASTLOG2)
    if not contents.startswith(MAGIC):
        raise OSError(EINVAL, "not such a database")

    import sqlite3

    with closing(sqlite3.connect(":memory:")) as database:
        database.text_factory = text_of
        database.set_progress_handler(lambda: True, MOST_STEPS)
        try:
            database.deserialize(contents)
            rows = database.execute("SELECT Name, Time FROM Lastlog2").fetchall()
        except sqlite3.Error:
            raise OSError(EINVAL, "not such a database") from None
    return [(name, time) for name, time in rows if isinstance(name, str) and isinstance(time, int)]
