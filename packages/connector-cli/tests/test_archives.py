"""Archives of bundles: written so that they can be compared, read so that they can do no harm."""

import gzip
import io
import os
import stat
import string
import tarfile
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_cases import parametrize

from connector_cli.bundling import unpacking
from connector_cli.bundling.archive import ZIP_EPOCH, write_archive
from connector_cli.bundling.metadata import digest_path, read_digest, sha256
from connector_cli.bundling.unpacking import unpack
from connector_cli.calls import NoReply

pytestmark = pytest.mark.slow  # its laws write and read many archives

Tree = dict[str, tuple[bytes, bool]]
"""Files by their path: what they hold, and whether they are programs."""

NAMES = st.text(string.ascii_letters + string.digits + "ä_-. ", min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..")
)


def has_no_file_for_a_folder(tree: Tree) -> bool:
    """Tell whether no path of a tree goes on after a file."""
    return not any(inner.startswith(f"{outer}/") for inner in tree for outer in tree)


TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join),
    st.tuples(st.binary(max_size=200), st.booleans()),
    max_size=8,
).filter(has_no_file_for_a_folder)
SUFFIXES = (".tar.gz", ".zip")


def plant(tree: Tree, folder: Path) -> None:
    """Write a tree into a folder."""
    for name, (content, runs) in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o777 if runs else 0o444)


def harvest(folder: Path) -> Tree:
    """Return what a folder holds."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in folder.rglob("*")
        if path.is_file()
    }


def unpack_file(archive: Path, folder: Path) -> None:
    """Unpack an archive as the agent does."""
    with archive.open("rb") as file:
        unpack(file, folder, is_zip=archive.suffix == ".zip")


@given(tree=TREES, suffix=st.sampled_from(SUFFIXES))
def test_what_is_unpacked_is_what_was_packed(tree: Tree, suffix: str) -> None:
    """Names, content and who may run a file come back; nobody but the owner can read any of it."""
    with tempfile.TemporaryDirectory() as place:
        source, target = Path(place, "source"), Path(place, "target")
        source.mkdir()
        target.mkdir()
        plant(tree, source)
        write_archive(source, Path(place, f"a{suffix}"), epoch=ZIP_EPOCH)
        unpack_file(Path(place, f"a{suffix}"), target)
        programs = {
            name: (content, runs and ".so" not in Path(name).suffixes)
            for name, (content, runs) in tree.items()
        }
        assert programs == harvest(target)
        assert not any(stat.S_IMODE(path.stat().st_mode) & 0o077 for path in target.rglob("*"))


@given(tree=TREES, suffix=st.sampled_from(SUFFIXES))
def test_the_same_folder_gives_the_same_bytes(tree: Tree, suffix: str) -> None:
    """In whichever order the files were made, when, by whom and with which other rights."""
    archives = []
    with tempfile.TemporaryDirectory() as place:
        for number, items in enumerate([list(tree.items()), list(tree.items())[::-1]]):
            source = Path(place, str(number))
            source.mkdir()
            plant(dict(items), source)
            for path in source.rglob("*"):
                os.utime(path, (number, number))

            archive = Path(place, f"in {number}", f"a{suffix}")
            write_archive(source, archive, epoch=ZIP_EPOCH)
            archives.append(archive.read_bytes())

    assert archives[0] == archives[1]


class TestMembers:
    """What is in a tar archive besides the content."""

    @pytest.fixture
    def members(self, tmp_path: Path) -> list[tarfile.TarInfo]:
        """Members of an archive of a program, a library, a text and a link to it."""
        folder = tmp_path / "folder"
        plant({"main": (b"1", True), "lib/x.so.1": (b"2", True), "text": (b"3", False)}, folder)
        (folder / "lib" / "link").symlink_to("../text")
        write_archive(folder, tmp_path / "a.tar.gz", epoch=ZIP_EPOCH)
        with tarfile.open(tmp_path / "a.tar.gz") as tar:
            return tar.getmembers()

    def test_folders_and_programs_can_be_run_and_nothing_else(
        self, members: list[tarfile.TarInfo]
    ) -> None:
        """0750 or 0640 (contract, section 10), sorted by name."""
        expected = {"lib": 0o750, "lib/link": 0o640, "lib/x.so.1": 0o640, "main": 0o750}
        assert [*expected.items(), ("text", 0o640)] == [(each.name, each.mode) for each in members]

    def test_they_say_nothing_of_the_machine(self, members: list[tarfile.TarInfo]) -> None:
        """No user, no group, and the time is the one that was given."""
        assert {(0, 0, "", "", ZIP_EPOCH)} == {
            (each.uid, each.gid, each.uname, each.gname, each.mtime) for each in members
        }

    def test_the_header_says_nothing_of_the_machine(
        self, members: list[tarfile.TarInfo], tmp_path: Path
    ) -> None:
        """It is gzip's shortest: deflate, no name (RFC 1952, section 2.3), and no time."""
        assert b"\x1f\x8b\x08\0\0\0\0\0" == (tmp_path / "a.tar.gz").read_bytes()[:8]

    def test_a_link_is_replaced_by_what_it_points_to(self, members: list[tarfile.TarInfo]) -> None:
        """Not every system can unpack links."""
        assert {tarfile.REGTYPE, tarfile.DIRTYPE} == {each.type for each in members}


def test_the_digest_lies_beside_the_archive(tmp_path: Path) -> None:
    """In the form that `sha256sum --check` reads."""
    (tmp_path / "folder").mkdir()
    archive = tmp_path / "a.tar.gz"
    write_archive(tmp_path / "folder", archive, epoch=ZIP_EPOCH)
    assert f"{sha256(archive)}  a.tar.gz\n" == digest_path(archive).read_text()
    assert sha256(archive) == read_digest(archive)


def test_a_failed_write_leaves_what_stood_there(tmp_path: Path) -> None:
    """The older archive and its digest are whole, and nothing lies beside them."""
    folder = tmp_path / "folder"
    plant({"x": (b"1", False)}, folder)
    archive = tmp_path / "out" / "a.tar.gz"
    write_archive(folder, archive, epoch=ZIP_EPOCH)
    before = harvest(archive.parent)
    (folder / "gone").symlink_to("nowhere")
    with pytest.raises(NoReply, match=r"a\.tar\.gz: No such file"):
        write_archive(folder, archive, epoch=ZIP_EPOCH)

    assert before == harvest(archive.parent)


def tar_of(*members: tuple[str, bytes, int]) -> bytes:
    """Return a tar archive of members with a name, a type and a size."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for name, kind, size in members:
            about = tarfile.TarInfo(name)
            about.type, about.size, about.mode = kind, size, 0o640
            about.linkname = "/etc/passwd"
            tar.addfile(about, io.BytesIO(b"x" * size))

    return raw.getvalue()


def zip_of(*members: tuple[str, int]) -> bytes:
    """Return a zip archive of members with a name and a Unix mode."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as container:
        for name, mode in members:
            about = zipfile.ZipInfo(name)
            about.external_attr = mode << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            container.writestr(about, b"x")

    return raw.getvalue()


def patched(archive: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """Return an archive with other bytes at a distance from a mark."""
    start = archive.index(mark) + offset
    return archive[:start] + value + archive[start + len(value) :]


FILE = tarfile.REGTYPE
HOSTILE = [
    *[
        (content, "no name inside a bundle")
        for name in ("/x", "../x", "a/../../x", "..", "a//b", "./x", "C:/x", "a\\..\\x", "~/../x")
        for content in (tar_of((name, FILE, 1)), zip_of((name, 0o640)))
    ],
    *[
        (tar_of(("x", kind, 0)), "no file and no folder")
        for kind in (
            tarfile.SYMTYPE,
            tarfile.LNKTYPE,
            tarfile.CHRTYPE,
            tarfile.BLKTYPE,
            tarfile.FIFOTYPE,
            tarfile.CONTTYPE,
        )
    ],
    (zip_of(("x", stat.S_IFLNK | 0o777)), "no file and no folder"),
    (zip_of(("x", stat.S_IFCHR | 0o666)), "no file and no folder"),
    (tar_of(("x", FILE, 1), ("x", FILE, 1)), "'x' twice"),
    (tar_of(("x", FILE, 1), ("x/y", FILE, 1)), "cannot be unpacked"),
    (tar_of(("x/y", FILE, 1), ("x", FILE, 1)), "cannot be unpacked"),
    (tar_of(("x" * 300, FILE, 1)), "cannot be unpacked: File name too long"),
    (b"", "cannot be read"),
    (b"not an archive", "cannot be read"),
    (tar_of(("x", FILE, 9))[:-20], "cannot be read"),
    (
        gzip.compress(gzip.decompress(tar_of(("x", FILE, 2000)))[:1500]),
        "cannot be read|ends within",
    ),
    (zip_of(("x", 0o640))[:-5], "cannot be read"),
    # The directory says that the file is longer than it is (APPNOTE, section 4.3.12).
    (patched(zip_of(("x", 0o640)), b"PK\x01\x02", 24, b"\x09"), "ends within 'x'"),
    # The file's data, after its header and its name, is no deflate stream (section 4.3.7).
    (patched(zip_of(("x", 0o640)), b"PK\x03\x04", 31, b"\xff"), "cannot be read"),
]
"""Archives that are not unpacked, and what is said of them."""


# Numbers for names: an archive holds the second it was made in, and each process makes its own.
@parametrize("content, said", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_a_hostile_archive_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """It is said why, and nothing was written outside the folder."""
    folder = tmp_path / "in" / "folder"
    folder.mkdir(parents=True)
    with pytest.raises(NoReply, match=said):
        unpack(io.BytesIO(content), folder, is_zip=content.startswith(b"PK"))

    assert {tmp_path / "in", folder} == {
        each for each in tmp_path.rglob("*") if folder not in each.parents
    }


@parametrize(
    "limit, value, said",
    [("MOST_MEMBERS", 2, "more than 2 files"), ("MOST_BYTES", 20, "more than 20 bytes")],
)
def test_an_archive_can_be_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, said: str
) -> None:
    """There is a limit to the number of files, and to what they hold in all."""
    monkeypatch.setattr(unpacking, limit, value)
    content = tar_of(*[(name, FILE, 10) for name in "abc"])
    with pytest.raises(NoReply, match=said):
        unpack(io.BytesIO(content), tmp_path, is_zip=False)


@given(st.data())
def test_a_damaged_archive_never_raises_anything_else(data: st.DataObject) -> None:
    """Whatever byte is changed, it is unpacked or refused in words."""
    content = bytearray(
        data.draw(st.sampled_from([tar_of(("a/b", FILE, 99), ("c", FILE, 5)), zip_of(("a/b", 0))]))
    )
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder, suppress(NoReply):
        unpack(io.BytesIO(content), Path(folder), is_zip=content.startswith(b"PK"))
