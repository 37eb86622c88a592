"""Writing a bundle's archive: the same folder gives the same bytes, wherever it was built."""

import gzip
import os
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connector_cli.bundling.metadata import digest_line, digest_path, sha256
from connector_cli.calls import NoReply

SUFFIX = ".zip" if sys.platform == "win32" else ".tar.gz"
"""What the name of an archive ends in on this machine."""

TO_RUN = 0o750
"""Mode of folders and programs in an archive."""

TO_READ = 0o640
"""Mode of all other files in an archive."""

SHARED_LIBRARY = (".so", ".dylib", ".dll", ".pyd")
COMPRESSION = 6
"""Level of compression; 9 takes twice as long to save a hundredth."""

ZIP_EPOCH = 315532800
"""The oldest time that a zip archive can hold: 1980-01-01, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Member:
    """A folder or a file, as it is in the archive."""

    name: str
    """Its path in the archive, with slashes."""

    source: Path
    mode: int

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.source.is_dir()


def members(folder: Path) -> Iterator[Member]:
    """Yield all that is in a folder, sorted by name, each folder before what is in it.

    What a symbolic link points to stands in its place: not every machine can unpack links.
    """
    found = {
        path.relative_to(folder): path
        for parent, folders, files in os.walk(folder, followlinks=True)
        for path in (Path(parent, each) for each in (*folders, *files))
    }
    for relative, path in sorted(found.items()):
        yield Member(relative.as_posix(), path, TO_RUN if _runs(path) else TO_READ)


def write_archive(folder: Path, archive: Path, *, epoch: int) -> None:
    """Write a folder as an archive, and its digest beside it: both appear whole or not at all.

    Parameters:
        folder: what the archive holds.
        archive: where it is written to; a name that ends in `.zip` makes a zip archive.
        epoch: seconds since 1970, the time that all its members have.

    Raises:
        NoReply: it cannot be written; what stood there before still does.
    """
    beside = [archive.with_name(f".{archive.name}.{os.getpid()}{each}") for each in ("", ".sha256")]
    part, digest_part = beside
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        write = _write_zip if archive.suffix == ".zip" else _write_tar
        write(members(folder), part, epoch)
        digest_part.write_text(digest_line(sha256(part), archive), encoding="utf-8", newline="\n")
        part.replace(archive)
        digest_part.replace(digest_path(archive))
    except OSError as error:
        raise NoReply(f"cannot write {archive}: {error.strerror or error}") from None
    finally:
        for each in beside:
            each.unlink(missing_ok=True)


def check_writable(archive: Path) -> None:
    """Find out, before the work is done, whether an archive could be written.

    Raises:
        NoReply: it could not.
    """
    folder = archive.parent
    while not folder.exists():
        folder = folder.parent

    if not folder.is_dir():
        raise NoReply(f"cannot write {archive}: {folder} is not a folder")

    for each in (archive, digest_path(archive)):
        if each.is_dir():
            raise NoReply(f"cannot write {archive}: {each} is a folder")

    if not os.access(folder, os.W_OK | os.X_OK):
        raise NoReply(f"cannot write {archive}: there is no permission to write to {folder}")


def _write_tar(found: Iterator[Member], path: Path, epoch: int) -> None:
    with (
        path.open("wb") as raw,
        # Without a name and a time of this machine in the header.
        gzip.GzipFile("", "wb", COMPRESSION, raw, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for each in found:
            about = tarfile.TarInfo(each.name)
            about.mode = each.mode
            about.mtime = epoch
            if each.is_folder:
                about.type = tarfile.DIRTYPE
                tar.addfile(about)
                continue

            about.size = each.source.stat().st_size
            with each.source.open("rb") as content:
                tar.addfile(about, content)


def _write_zip(found: Iterator[Member], path: Path, epoch: int) -> None:
    moment = time.gmtime(max(epoch, ZIP_EPOCH))[:6]
    with zipfile.ZipFile(path, "w") as archive:
        for each in found:
            about = zipfile.ZipInfo(f"{each.name}/" if each.is_folder else each.name, moment)
            about.create_system = 3  # Unix: the modes are those of Unix
            about.external_attr = each.mode << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            content = b"" if each.is_folder else each.source.read_bytes()
            archive.writestr(about, content, compresslevel=COMPRESSION)


def _runs(path: Path) -> bool:
    """Tell whether a member is a folder or a program; libraries are loaded, not run."""
    if path.is_dir():
        return True

    is_library = any(each in SHARED_LIBRARY for each in path.suffixes)
    return os.access(path, os.X_OK) and not is_library
