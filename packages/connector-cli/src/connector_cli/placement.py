"""Putting a set of files in place, all of them or none."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory


class PlacementError(Exception):
    """The files cannot be put in place; `str()` says which and why, and nothing has changed."""


def place(files: Iterable[Path], *, source: Path, target: Path) -> None:
    """Copy files from one folder to another, over those of the same name.

    Parameters:
        files: relative paths.
        source: the folder that has them.
        target: the folder that gets them; it is made if it is not there. A file that is a symbolic
            link is replaced, not followed.

    Raises:
        PlacementError: a file would stand outside of `target`, as behind a symbolic link; a folder
            or a file is in the way; or it cannot be written. What stood there before stands there.
    """
    paths = sorted(files)
    for path in paths:
        _require_inside(path, target)

    with TemporaryDirectory() as kept:
        journal = _Journal(Path(kept), target)
        try:
            for path in paths:
                journal.write(path, source / path)
        except OSError as error:
            journal.undo()
            raise PlacementError(
                f"cannot write {error.filename or target}: {error.strerror}"
            ) from error
        except BaseException:
            journal.undo()
            raise


class _Journal:
    """What was done so far, so that it can be undone."""

    def __init__(self, kept: Path, target: Path) -> None:
        self._kept = kept
        self._target = target
        self._made: list[Path] = []
        self._written: list[Path] = []

    def write(self, path: Path, source: Path) -> None:
        """Write one file; it appears whole."""
        place = self._target / path
        self._make_folders(place.parent)
        if os.path.lexists(place):
            self._keep(path)

        part = place.with_name(f"{place.name}.{os.getpid()}.part")
        try:
            shutil.copyfile(source, part)
            os.replace(part, place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

        self._written.append(path)

    def undo(self) -> None:
        """Put back what stood there, and remove the rest."""
        for path in reversed(self._written):
            place, kept = self._target / path, self._kept / path
            place.unlink(missing_ok=True)
            if os.path.lexists(kept):
                shutil.copy2(kept, place, follow_symlinks=False)

        for folder in reversed(self._made):
            with suppress(OSError):  # somebody else has put something there
                folder.rmdir()

    def _make_folders(self, folder: Path) -> None:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir()
            self._made.append(each)

    def _keep(self, path: Path) -> None:
        kept = self._kept / path
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self._target / path, kept, follow_symlinks=False)


def _require_inside(path: Path, target: Path) -> None:
    place = target / path
    if not place.parent.resolve().is_relative_to(target.resolve()):
        raise PlacementError(f"{place} would stand outside of {target}, behind a symbolic link")

    if place.is_dir() and not place.is_symlink():
        raise PlacementError(f"{place} is a folder, and stands where a file is to be")
