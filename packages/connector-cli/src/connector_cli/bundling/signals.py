"""Being told to end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end what is done as Ctrl-C does: children stop, and no files are left behind."""

    def end(*_: object) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    if current_thread() is not main_thread():  # only there can signals be handled
        yield
        return

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
