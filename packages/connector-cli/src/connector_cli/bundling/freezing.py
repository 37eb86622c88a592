"""Freezing a connector: PyInstaller makes a folder that runs without Python."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from connector_cli.bundling.installed import Installed
from connector_cli.bundling.metadata import CONTENTS, executable_name
from connector_cli.bundling.package import ConnectorPackage
from connector_cli.calls import NoReply

SPEC = Path(__file__).with_name("connector.spec")
RUN_TIME_HOOKS = Path("hooks", "rthooks")
LAZY_HOOKS = ["pyi_rth_multiprocessing"]
"""PyInstaller's scripts that would run at each start, and that the launcher imports if needed."""

FOR_DEVELOPERS = {
    "connector_cli.http_app",
    "connector_cli.http_door",
    "connector_cli.reloading",
    "connector_cli.server",
    "pkg_resources",
    "rich",
    "setuptools",
}
"""Modules that are left out of a bundle, unless the connector imports or requires them."""

LAST_LINES = 15
"""How much of PyInstaller's log is shown when it fails."""


@dataclass(frozen=True, slots=True)
class Binary:
    """A shared library or an extension module of a frozen connector."""

    name: str
    """Where it is, relative to `CONTENTS`."""

    source: Path
    """The file that it was copied from."""

    @property
    def is_of_python(self) -> bool:
        """Whether it came with the interpreter."""
        if self.source.name.startswith(("libpython", "python3")):
            return True

        folders = [sysconfig.get_path("platstdlib", vars={"platbase": sys.base_exec_prefix})]
        # An interpreter of the system shares its folder with everything else.
        if sys.base_prefix not in ("/", "/usr"):
            folders.append(sys.base_prefix)

        return any(self.source.is_relative_to(folder) for folder in folders)


@dataclass(frozen=True, slots=True)
class Frozen:
    """What PyInstaller made."""

    folder: Path
    """It holds the program and the folder `CONTENTS`."""

    binaries: list[Binary]

    @property
    def executable(self) -> Path:
        """The program."""
        return self.folder / executable_name()


def write_launcher(package: ConnectorPackage, work: Path) -> Path:
    """Write the script that a bundle's program runs, and return its path."""
    script = work / "main.py"
    script.write_text(
        f"from connector_cli.launcher import launch\n\nlaunch({package.main!r})\n", encoding="utf-8"
    )
    return script


def environment(package: ConnectorPackage) -> dict[str, str]:
    """Return an environment in which the package is imported from its folder, and no other."""
    path = [str(package.root), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def freeze(
    package: ConnectorPackage, launcher: Path, *, installed: Installed, epoch: int, work: Path
) -> Frozen:
    """Let PyInstaller build a connector.

    Parameters:
        package: the connector's package.
        launcher: the script to build.
        installed: what the connector may need.
        epoch: seconds since 1970, for what would otherwise hold the time of the build.
        work: a folder for everything that is written.

    Raises:
        NoReply: PyInstaller failed; `str()` has the end of its log.
    """
    plan = work / "plan.json"
    binaries = work / "binaries.json"
    plan.write_text(json.dumps(_plan(package, launcher, installed, binaries)), encoding="utf-8")
    words = ["--noconfirm", "--distpath", str(work), "--workpath", str(work / "build"), str(SPEC)]
    command = [sys.executable, "-m", "PyInstaller", *words, "--", str(plan)]
    fixed = {
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(epoch),
    }
    log = work / "pyinstaller.log"
    with log.open("wb") as stream:
        ended = subprocess.run(  # noqa: S603 - PyInstaller, with paths that the user gave
            command,
            check=False,
            cwd=work,
            env={**environment(package), **fixed},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )

    if ended.returncode != 0:
        raise NoReply(_failure(log))

    found = [Binary(name, Path(source)) for name, source in json.loads(binaries.read_bytes())]
    frozen = Frozen(work / "bundle", found)
    _strip(frozen)
    return frozen


def _plan(
    package: ConnectorPackage, launcher: Path, installed: Installed, binaries: Path
) -> dict[str, object]:
    """Return what `connector.spec` is to do."""
    pyinstaller = find_spec("PyInstaller")
    assert pyinstaller is not None
    assert pyinstaller.origin is not None
    hooks = Path(pyinstaller.origin).parent / RUN_TIME_HOOKS
    return {
        "script": str(launcher),
        "path": [str(package.root), str(hooks)],
        "modules": [*package.modules(), *LAZY_HOOKS],
        "data": [(str(package.root / each), str(each.parent)) for each in package.data_files()],
        "excluded": sorted(_excluded(package, installed)),
        "lazy_hooks": LAZY_HOOKS,
        "binaries": str(binaries),
    }


def _excluded(package: ConnectorPackage, installed: Installed) -> set[str]:
    """Return the modules to leave out: what only developers use, and what nobody requires.

    An environment has more than a connector requires, such as what tests are run with. A bundle
    has what pip would install for the connector, and what its source imports besides.
    """
    imported = package.imported_modules()
    top_levels = {each.partition(".")[0] for each in imported}
    owner = installed.owner(package.main_path)
    if owner is None:
        return FOR_DEVELOPERS - imported

    used = {name for each in top_levels for name in installed.owners_of_module(each)}
    needed = installed.closure({owner, *used})
    required = installed.modules_of(needed)
    unneeded = installed.modules() - required - top_levels - {package.name}
    return unneeded | FOR_DEVELOPERS - imported - required


def _strip(frozen: Frozen) -> None:
    """Remove what only debuggers read from the interpreter, which may be most of it.

    Libraries of others are left alone: they come without it, and some were changed in ways after
    which `strip` breaks them.
    """
    strip = shutil.which("strip")
    if sys.platform == "linux" and strip is not None:
        contents = frozen.folder / CONTENTS
        files = [str(contents / each.name) for each in frozen.binaries if each.is_of_python]
        subprocess.run([strip, *files], check=False)  # noqa: S603 - files that were just made


def _failure(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    end = "\n".join(lines[-LAST_LINES:])
    if any("No space left on device" in line for line in lines):
        return (
            f"no space is left in {log.parent.parent}, where the connector is built; "
            f"set TMPDIR to a folder with more of it\n{end}"
        )

    return f"PyInstaller failed:\n{end}"
