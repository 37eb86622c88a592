"""Check built distributions as a user meets them: what `nox -s build` runs at its end.

The files are looked into, then every wheel is installed by pip into an empty environment, from a
folder far from the repository, and what was installed is used.
"""

import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

REQUIRED_FIELDS = (
    "Author",
    "Classifier",
    "Keywords",
    "License-Expression",
    "License-File",
    "Project-URL",
    "Requires-Python",
    "Summary",
)
"""The metadata that a package index shows, apart from the readme."""

SDIST_FILES = ("LICENSE", "PKG-INFO", "README.md", "pyproject.toml")
"""What stands at the top of every sdist."""


def metadata_of(wheel: zipfile.ZipFile) -> Message:
    """The METADATA of a wheel."""
    [path] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return Parser().parsestr(wheel.read(path).decode())


def wheel_faults(path: Path) -> Iterator[str]:
    """What a wheel lacks, or has and should not have."""
    with zipfile.ZipFile(path) as wheel:
        names = [PurePosixPath(name) for name in wheel.namelist()]
        metadata = metadata_of(wheel)
    packages = {name.parts[0] for name in names if not name.parts[0].endswith(".dist-info")}
    for package in sorted(packages):
        if package == "tests":
            yield "has a top-level package `tests`"
        elif PurePosixPath(package, "py.typed") not in names:
            yield f"{package} has no py.typed"
    if not any("licenses" in name.parts and name.name == "LICENSE" for name in names):
        yield "has no LICENSE"
    for field in REQUIRED_FIELDS:
        if field not in metadata:
            yield f"METADATA has no {field}"
    if not str(metadata.get_payload()).strip():
        yield "METADATA has no readme"


def sdist_faults(path: Path) -> Iterator[str]:
    """What an sdist lacks."""
    with tarfile.open(path) as sdist:
        top = {name.partition("/")[2] for name in sdist.getnames()}
    for name in SDIST_FILES:
        if name not in top:
            yield f"has no {name}"


def console_scripts(path: Path) -> list[str]:
    """The commands that a wheel installs."""
    with zipfile.ZipFile(path) as wheel:
        [dist_info] = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
        try:
            text = wheel.read(f"{dist_info}/entry_points.txt").decode()
        except KeyError:
            return []
    return [line.split(" = ")[0] for line in text.splitlines() if " = " in line]


def readme_connector() -> str:
    """The connector in one file that the README shows."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    return readme.partition("```python\n")[2].partition("```")[0]


def use_installed(wheels: list[Path]) -> None:
    """Install the wheels into an empty environment; start their connectors and the README's.

    Raises:
        subprocess.CalledProcessError: pip could not install them together, or a command failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        scripts = Path(folder, "Scripts" if sys.platform == "win32" else "bin")
        python = str(scripts / "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", *map(str, wheels)], check=True, cwd=folder)
        subprocess.run([*pip, "check"], check=True, cwd=folder)

        Path(folder, "hello.py").write_text(readme_connector(), encoding="utf-8")
        commands = [name for wheel in wheels for name in console_scripts(wheel)]
        connectors = [[str(scripts / name)] for name in commands if name.endswith("-connector")]
        for connector in [*connectors, [python, "hello.py"]]:
            print(f"{Path(connector[-1]).name} info", flush=True)
            subprocess.run([*connector, "info"], check=True, cwd=folder, stdout=subprocess.DEVNULL)


def main(folder: Path) -> str | None:
    """Check a folder of wheels and sdists; returns what is wrong with them, if anything."""
    wheels = sorted(path.resolve() for path in folder.glob("*.whl"))
    sdists = sorted(folder.glob("*.tar.gz"))
    if not wheels or len(wheels) != len(sdists):
        return f"{folder}: {len(wheels)} wheels and {len(sdists)} sdists"
    faults = [f"{path.name}: {fault}" for path in wheels for fault in wheel_faults(path)]
    faults += [f"{path.name}: {fault}" for path in sdists for fault in sdist_faults(path)]
    if faults:
        return "\n".join(faults)
    use_installed(wheels)
    print(f"{len(wheels)} wheels and {len(sdists)} sdists are as they should be")
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
