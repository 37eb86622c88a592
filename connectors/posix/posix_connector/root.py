"""The files of a machine, read without ever leaving its root.

A mounted image is untrusted: its ``/etc/passwd`` may be a link to that of the machine that reads
it, a pipe that never ends, or a device. All files are opened here, so this is settled once.
"""

import os
import stat
from errno import EFBIG, EINVAL, ELOOP, ENOENT
from typing import BinaryIO

from connector_sdk import ConnectorError
from connector_sdk.models import ErrorCode

MOST_LINKS = 40
"""Symbolic links followed on the way to one file, as many as Linux follows."""

MOST_BYTES = 64 * 1024 * 1024
"""Size of the largest file that is read into memory: half a million accounts."""

CODE_BY_ERROR = {
    FileNotFoundError: ErrorCode.NOT_FOUND,
    PermissionError: ErrorCode.PERMISSION_DENIED,
}
"""What it means that a file cannot be read; any other error is `invalid_value`."""


class Root:
    """A directory that holds the file system of a machine.

    Paths are those of that machine, such as ``/etc/passwd``. Every symbolic link on the way is
    followed as chroot(2) would: what it names is looked up inside the directory.

    The directory is expected to hold still while it is read.

    Parameters:
        top: absolute path of the directory.
    """

    def __init__(self, top: str) -> None:
        self._top = top

    @property
    def is_this_machine(self) -> bool:
        """Whether this is the root of the running system itself, whatever the path is."""
        return os.path.samestat(os.stat(self._top), os.stat("/"))

    def open(self, path: str) -> BinaryIO:
        """Open a regular file for reading; `OSError` if it is none or cannot be read."""
        return open(self.locate(path), "rb", opener=_open_regular_file)

    def read(self, path: str) -> bytes:
        """The contents of a regular file; `OSError` if it cannot be read or is huge."""
        with self.open(path) as file:
            contents = file.read(MOST_BYTES + 1)

        if len(contents) > MOST_BYTES:
            raise OSError(EFBIG, os.strerror(EFBIG))
        return contents

    def read_required(self, path: str) -> bytes:
        """The contents of a file without which nothing can be said.

        Raises `ConnectorError`, with the path and the reason, if it cannot be read.
        """
        try:
            return self.read(path)
        except OSError as error:
            raise ConnectorError(
                message=f"settings.root: {path} under this root cannot be read: {reason(error)}",
                error_code=CODE_BY_ERROR.get(type(error), ErrorCode.INVALID_VALUE),
            ) from None

    def names_in(self, path: str) -> list[str]:
        """The names in a directory but for those of directories; `OSError` if it is unreadable."""
        names = sorted(os.listdir(self.locate(path)))
        return [name for name in names if not os.path.isdir(self.locate(f"{path}/{name}"))]

    def locate(self, path: str) -> str:
        """Where a path of the machine is on the machine that reads it.

        The result holds no symbolic link and lies inside the root. That something is there is
        not said; `OSError` if the links never end, or if no file can have such a path.
        """
        if "\0" in path:
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT))

        inside: list[str] = []
        ahead = _parts(path)
        links = 0
        while ahead:
            part = ahead.pop(0)
            if part == "..":
                inside = inside[:-1]
                continue

            target = _link_target(os.path.join(self._top, *inside, part))
            if target is None:
                inside.append(part)
                continue

            links += 1
            if links > MOST_LINKS:
                raise OSError(ELOOP, os.strerror(ELOOP))
            if target.startswith("/"):
                inside = []
            ahead = _parts(target) + ahead

        return os.path.join(self._top, *inside)


def open_root(path: str) -> Root:
    """The machine whose root is at a path of this machine.

    Raises `ConnectorError`: this is no Unix machine (`unsupported_operation`), or the path is not
    absolute (`invalid_value`) or no directory (`not_found`). The path is not repeated.
    """
    _require_unix()

    if not os.path.isabs(path):
        raise ConnectorError(
            message="settings.root: it is not absolute; give a path such as /mnt/image",
            error_code=ErrorCode.INVALID_VALUE,
        )

    if not os.path.isdir(path):
        raise ConnectorError(
            message=(
                "settings.root: no such directory can be found on this machine;"
                " give the place where the image is mounted, or leave it out to read / itself"
            ),
            error_code=ErrorCode.NOT_FOUND,
        )
    return Root(path)


def reason(error: OSError) -> str:
    """Why a file could not be read, without its path on this machine."""
    return (error.strerror or type(error).__name__).lower()


def _require_unix() -> None:
    try:
        import pwd  # noqa: F401
    except ModuleNotFoundError:
        raise ConnectorError(
            message=(
                "The posix connector needs a Unix machine to run on: this Python has no module"
                " pwd, with which the accounts are looked up"
            ),
            error_code=ErrorCode.UNSUPPORTED_OPERATION,
        ) from None


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in {"", "."}]


def _link_target(path: str) -> str | None:
    """What a symbolic link names; None if it is none, or if nothing is there."""
    try:
        return os.readlink(path)
    except OSError:
        return None


def _open_regular_file(path: str, flags: int) -> int:
    # Looked at before it is opened: to open a device can set it going.
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise OSError(EINVAL, "not a regular file")
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
