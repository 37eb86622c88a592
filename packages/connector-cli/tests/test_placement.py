"""Putting files in place: all of them, or none, and none outside."""

import os
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_cli.placement import PlacementError, place

NAMES = [Path(f"{folder}/{number}") for folder in ("a", "b/c", "d") for number in range(3)]

NEW, OLD = "new", "old"

FULL = OSError(28, "No space left on device", "a/1")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Make a folder with nine files in three folders."""
    for name in NAMES:
        write(tmp_path / "source" / name, NEW)

    return tmp_path / "source"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Name a folder that is not there, in one that is not there either."""
    return tmp_path / "deep/target"


def write(path: Path, text: str) -> None:
    """Write a file, and make the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def state(folder: Path) -> dict[str, str | None]:
    """Return all that is below a folder: the text of files, None for folders."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8") if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_files_are_put_in_place_over_others(source: Path, target: Path) -> None:
    """All files arrive, over those of the same name, and what else is there stays."""
    write(target / "a/0", OLD)
    write(target / "a/own", OLD)

    place(NAMES, source=source, target=target)

    assert {**state(source), "a/own": OLD} == state(target)


class Failing:
    """Stands for a disk that is full after some files, or for Ctrl-C."""

    def __init__(self, after: int, error: BaseException) -> None:
        self._left = after
        self._error = error

    def __call__(self, source: Any, target: Any) -> None:
        """Rename a file, or fail."""
        self._left -= 1
        if self._left < 0:
            raise self._error

        os.rename(source, target)


@pytest.mark.slow
@parametrize("after", range(len(NAMES)))
@parametrize(existing=[(), ("a/1", "b/own", "d/2")], ids=["new", "existing"])
@parametrize(error=[FULL, KeyboardInterrupt()], ids=["full", "interrupted"])
def test_a_failure_leaves_what_stood_there(
    source: Path, target: Path, after: int, existing: tuple[str, ...], error: BaseException
) -> None:
    """After however many files it fails, all is as it was before."""
    for name in existing:
        write(target / name, OLD)

    before = state(target.parent.parent)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", Failing(after, error))
        with pytest.raises((PlacementError, KeyboardInterrupt)):
            place(NAMES, source=source, target=target)

    assert before == state(target.parent.parent)


def test_the_reason_of_a_failure_is_told(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file and the system's own words are in the message."""
    monkeypatch.setattr(os, "replace", Failing(0, FULL))

    with pytest.raises(PlacementError, match="cannot write a/1: No space left on device"):
        place(NAMES, source=source, target=target)


def test_nothing_is_written_outside_of_the_target(source: Path, target: Path) -> None:
    """A link in place of a folder would lead out, so nothing at all is written."""
    outside = target.parent / "outside"
    outside.mkdir(parents=True)
    target.mkdir()
    (target / "d").symlink_to(outside)

    with pytest.raises(PlacementError, match="would stand outside of"):
        place(NAMES, source=source, target=target)

    assert ([], ["d"]) == (os.listdir(outside), os.listdir(target))


def test_a_path_that_leads_out_is_refused(source: Path, target: Path) -> None:
    """A file named with .. is not the target's."""
    with pytest.raises(PlacementError, match="would stand outside of"):
        place([Path("../x")], source=source, target=target)


def test_a_linked_file_is_replaced_and_what_it_links_to_is_not(source: Path, target: Path) -> None:
    """A link becomes a file; what it pointed to stays as it was."""
    other = target.parent / "other"
    write(other, OLD)
    (target / "a").mkdir(parents=True)
    (target / "a/0").symlink_to(other)

    place(NAMES, source=source, target=target)

    assert OLD == other.read_text(encoding="utf-8")
    assert state(source) == state(target)
    assert not (target / "a/0").is_symlink()


@parametrize("in_the_way", ["a/1/file", "b"])
def test_what_stands_in_the_way_is_told(source: Path, target: Path, in_the_way: str) -> None:
    """A folder where a file is to be, or the other way round, is refused; nothing is written."""
    write(target / in_the_way, OLD)
    before = state(target)

    with pytest.raises(PlacementError):
        place(NAMES, source=source, target=target)

    assert before == state(target)
