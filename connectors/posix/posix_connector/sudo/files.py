"""All sudoers(5) files of a machine, those that others include, too."""

from collections.abc import Iterator
from posixpath import dirname, join

from posix_connector.root import Root, reason
from posix_connector.sudo.grammar import Sudoers
from posix_connector.sudo.lines import Include, logical_lines
from posix_connector.sudo.scanner import SudoersError
from posix_connector.text import text_of

SUDOERS = ("/etc/sudoers", "/usr/local/etc/sudoers")
"""Where sudo is configured: as part of the system, or as an added package on the BSDs."""


class SudoersReader:
    """Reads what the files of a machine say, and keeps in mind what could not be read.

    Parameters:
        root: the machine.
        host: its name, for ``%h`` in the names of included files; None if it is unknown.
    """

    def __init__(self, root: Root, *, host: str | None) -> None:
        self._root = root
        self._host = host
        self.sudoers = Sudoers()
        self.unknown: list[str] = []
        """Files and lines that were not read, each with the reason."""

    def read_all(self) -> None:
        """Read the machine's files, each once, in whatever order: it does not change who may."""
        waiting = list(SUDOERS)
        seen = set(waiting)
        while waiting:
            new = {path for path in self._read(waiting.pop()) if path not in seen}
            seen |= new
            waiting += new

    def _read(self, path: str) -> Iterator[str]:
        """Read one file; the result are the files that it includes."""
        try:
            text = text_of(self._root.read(path))
        except FileNotFoundError as error:
            if path not in SUDOERS:
                self._miss(path, reason(error))
            return
        except OSError as error:
            self._miss(path, reason(error))
            return

        for line in logical_lines(text):
            place = f"{path}, line {line.number}"
            if isinstance(line, Include):
                yield from self._included(line, place, start=dirname(path))
                continue

            try:
                self.sudoers.add(line.text)
            except SudoersError:
                self._miss(place, "not understood")

    def _included(self, line: Include, place: str, *, start: str) -> Iterator[str]:
        """The files that a line includes; a relative path starts at the file with that line."""
        if "%h" in line.path and self._host is None:
            self._miss(place, "the name of the host is not known")
            return

        short_host = (self._host or "").partition(".")[0]
        path = join(start, line.path.replace("%h", short_host))
        if not line.is_directory:
            yield path
            return

        try:
            names = self._root.names_in(path)
        except FileNotFoundError:  # which sudo does not mind either
            return
        except OSError as error:
            self._miss(path, reason(error))
            return
        yield from (join(path, name) for name in names if _is_read_by_sudo(name))

    def _miss(self, place: str, why: str) -> None:
        self.unknown.append(f"{place}: {why}")


def _is_read_by_sudo(name: str) -> bool:
    """Whether sudo reads such a file of an included directory; backups it leaves alone."""
    return "." not in name and not name.endswith("~")
