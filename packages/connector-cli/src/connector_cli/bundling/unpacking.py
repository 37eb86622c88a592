"""Unpacking a bundle's archive: nothing in it reaches beyond the folder that it is unpacked to.

An archive holds folders and files, each once, under relative names; one that holds anything else
is refused whole. Its digest has been checked before, so the limits are against mistakes: whoever
can forge the digest too has no need of a clever archive.
"""

import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from connector_cli.calls import NoReply

MOST_BYTES = 2 * 1024**3
"""How much an archive may hold."""

MOST_MEMBERS = 50_000
"""How many folders and files an archive may hold."""

DAMAGES = (
    EOFError,
    NotImplementedError,
    ValueError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the readers of archives raise for one that is damaged."""

PIECE = 1024 * 1024
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Found:
    """A member of an archive, as the archive describes it."""

    name: str
    is_folder: bool
    runs: bool
    """Whether its owner may run it."""

    size: int
    content: IO[bytes] | None
    """None for a folder."""


def unpack(archive: BinaryIO, folder: Path, *, is_zip: bool) -> None:
    """Unpack an archive; only its owner can read what it held.

    Parameters:
        archive: the open archive, at its start.
        folder: an empty folder.
        is_zip: whether it is a zip archive; else it is a tar archive in gzip.

    Raises:
        NoReply: the archive is damaged, or holds what a bundle does not; `str()` names it.
    """
    seen: set[str] = set()
    room = MOST_BYTES
    read = _read_zip if is_zip else _read_tar
    try:
        for found in read(archive):
            name = checked_name(found.name)
            if name in seen:
                raise NoReply(f"the archive holds {name!r} twice")

            seen.add(name)
            if len(seen) > MOST_MEMBERS:
                raise NoReply(f"the archive holds more than {MOST_MEMBERS} files")

            room -= found.size
            if room < 0:
                raise NoReply(f"the archive holds more than {MOST_BYTES} bytes")

            _write(found, folder / name)
    except DAMAGES as error:
        raise NoReply(f"the archive cannot be read: {error}") from None
    except OSError as error:
        # gzip says of a damaged file that it is an OSError without a number.
        doing = "unpacked" if error.errno else "read"
        raise NoReply(f"the archive cannot be {doing}: {error.strerror or error}") from None


def checked_name(name: str) -> str:
    """Return a member's name if it stays inside the folder, on any system.

    Raises:
        NoReply: it is absolute, or leads out of the folder, or has characters of other systems.
    """
    plain = name.removesuffix("/")
    parts = plain.split("/")
    leads_out = {"", ".", ".."} & set(parts) or _DRIVE.match(plain)
    if leads_out or set("\\\0") & set(plain):
        raise NoReply(f"the archive holds {name!r}, which is no name inside a bundle")

    return plain


def _write(found: Found, path: Path) -> None:
    if found.content is None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = 0o700 if found.runs else 0o600
    left = found.size
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        while left > 0 and (piece := found.content.read(min(PIECE, left))):
            file.write(piece)
            left -= len(piece)

    if left:
        raise NoReply(f"the archive ends within {found.name!r}")


def _read_tar(archive: BinaryIO) -> Iterator[Found]:
    with tarfile.open(fileobj=archive, mode="r:gz") as tar:
        for each in tar:
            # Links, devices, pipes and sparse files are what a bundle never holds.
            if each.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE):
                raise NoReply(f"the archive holds {each.name!r}, which is no file and no folder")

            content = None if each.isdir() else tar.extractfile(each)
            runs = bool(each.mode & 0o100)
            yield Found(each.name, each.isdir(), runs, each.size, content)


def _read_zip(archive: BinaryIO) -> Iterator[Found]:
    with zipfile.ZipFile(archive) as container:
        for each in container.infolist():
            mode = each.external_attr >> 16
            if mode & 0o170000 not in (0, 0o100000, 0o040000):
                raise NoReply(
                    f"the archive holds {each.filename!r}, which is no file and no folder"
                )

            with _opened(container, each) as content:
                runs = bool(mode & 0o100)
                yield Found(each.filename, each.is_dir(), runs, each.file_size, content)


@contextmanager
def _opened(container: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes] | None]:
    if member.is_dir():
        yield None
        return

    try:
        with container.open(member) as content:
            yield content
    except RuntimeError as error:  # it is encrypted
        raise NoReply(f"the archive cannot be read: {error}") from None
