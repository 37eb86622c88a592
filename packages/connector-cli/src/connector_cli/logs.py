"""Log records of a connector's process: to stderr, with secrets replaced (contract, section 9)."""

import logging
import os
import sys

from connector_sdk import RedactingFilter

LEVEL_VARIABLE = "CONNECTOR_LOG_LEVEL"
"""Environment variable that sets the level; WARNING without it."""

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_to_stderr(level: str | None = None) -> None:
    """Send log records, and Python's warnings, to stderr.

    Parameters:
        level: the lowest level that is shown, such as `DEBUG`; by default that of the
            environment variable `CONNECTOR_LOG_LEVEL`, else WARNING.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter(FORMAT))
    root = logging.getLogger()
    root.handlers = [handler]
    wanted = (level or os.environ.get(LEVEL_VARIABLE) or "WARNING").upper()
    root.setLevel(wanted if wanted in logging.getLevelNamesMapping() else "WARNING")
    logging.captureWarnings(True)
