"""Which package of the operating system a shared library belongs to, where dpkg can tell."""

import platform
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packageurl import PackageURL

DOCUMENTS = Path("/usr/share/doc")
"""Where Debian keeps the copyright of each package."""


@dataclass(frozen=True, slots=True)
class SystemPackage:
    """An installed package of Debian or a system made from it."""

    name: str
    version: str
    architecture: str

    @property
    def purl(self) -> PackageURL:
        """Its package URL."""
        system = platform.freedesktop_os_release()
        return PackageURL(
            type="deb",
            namespace=system["ID"],
            name=self.name,
            version=self.version,
            qualifiers={
                "arch": self.architecture,
                "distro": f"{system['ID']}-{system.get('VERSION_ID', 'unstable')}",
            },
        )

    @property
    def licence_file(self) -> Path:
        """Where the text of its licence is, unless this system leaves documents out."""
        return DOCUMENTS / self.name / "copyright"


def owners_on_this_system(paths: Iterable[Path]) -> dict[Path, SystemPackage]:
    """Return the package that each file came with; files without one are left out."""
    if shutil.which("dpkg-query") is None:
        return {}

    names = {
        spelling: path for path in sorted(set(paths)) for spelling in _spellings(path.resolve())
    }
    owners = {
        names[Path(file)]: name
        for name, _, file in (line.partition(": ") for line in _ask("--search", *map(str, names)))
        if Path(file) in names
    }
    about = dict(_packages(set(owners.values())))
    return {path: about[name] for path, name in owners.items() if name in about}


def _packages(names: set[str]) -> Iterator[tuple[str, SystemPackage]]:
    form = "${binary:Package}\t${Package}\t${Version}\t${Architecture}\n"
    for line in _ask("--show", f"--showformat={form}", *sorted(names)):
        full, name, version, architecture = line.split("\t")
        package = SystemPackage(name, version, architecture)
        yield from ((each, package) for each in (full, f"{name}:{architecture}") if each in names)


def _ask(*words: str) -> list[str]:
    """Return what dpkg prints; that it knows nothing of some of the words is no mistake."""
    if not words[1:]:
        return []

    ended = subprocess.run(  # noqa: S603 # a query, of paths and names
        ["dpkg-query", *words],  # noqa: S607 # found on the path a moment ago
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return ended.stdout.splitlines()


def _spellings(path: Path) -> list[Path]:
    """Return the ways to write a path: packages may still say /lib for what is in /usr/lib."""
    text = str(path)
    return [path, Path(text.removeprefix("/usr"))] if text.startswith("/usr/lib") else [path]
