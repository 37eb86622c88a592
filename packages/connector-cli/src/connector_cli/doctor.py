"""`connector doctor`: what is wrong with an installation, and how to mend it."""

import platform
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import new as new_hash
from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    PackagePath,
    distribution,
    entry_points,
    packages_distributions,
)
from importlib.util import find_spec

from connector_cli.bundling.machine import missing_tools

OLDEST_PYTHON = (3, 11)
PACKAGES = ("connector-sdk", "connector-cli", "connector-oauth", "connector-compat")
"""Our packages; they work together in the same version only."""

REQUIRED = frozenset({"connector-sdk", "connector-cli"})
EXTRAS = {
    "server": (("starlette", "uvicorn", "watchfiles"), "dev http-server"),
    "scaffold": (("copier",), "connector scaffold"),
    "migrate": (("libcst",), "connector migrate"),
    "compile": (("PyInstaller", "cyclonedx"), "connector compile-on-prem"),
    "yaml": (("yaml",), "connector spec --format yaml"),
}
"""Extras of connector-cli: the modules that each brings, and the command that needs them."""

OVERWRITTEN = (
    "{other} installs files into the package `{package}` that {owner} offers, and overwrites them: "
    "python -m pip uninstall -y {other}; "
    "python -m pip install --force-reinstall --no-deps {owner}"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    mark: str
    """`ok`, `-` for an extra that is not installed, or `!!` for what is wrong."""

    words: str
    """What was found, and if it is wrong how to mend it."""

    @property
    def is_wrong(self) -> bool:
        """Whether something has to be mended."""
        return self.mark == "!!"

    @property
    def text(self) -> str:
        """The finding as a line for a person."""
        return f"{self.mark:2}  {self.words}"


def findings() -> list[Finding]:
    """Return all findings: Python, packages, extras, PyInstaller's needs, foreign files."""
    return [*_python(), *_packages(), *_extras(), *_needs_of_pyinstaller(), *_foreign_files()]


def _python() -> Iterator[Finding]:
    words = f"Python {platform.python_version()}, {sys.executable}"
    if sys.version_info >= OLDEST_PYTHON:
        yield Finding("ok", words)
    else:
        yield Finding("!!", f"{words}: Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} is needed")


def _packages() -> Iterator[Finding]:
    versions = {name: found.version for name in PACKAGES if (found := _installed(name))}
    wanted = versions.get("connector-cli")
    for name in PACKAGES:
        version = versions.get(name)
        if version is None and name in REQUIRED:
            yield Finding("!!", f"{name} is not installed: python -m pip install {name}")
        elif version is not None and version != wanted:
            yield Finding(
                "!!",
                f"{name} {version} does not fit connector-cli {wanted}: "
                f"python -m pip install '{name}=={wanted}'",
            )
        elif version is not None:
            yield Finding("ok", f"{name} {version}")


def _extras() -> Iterator[Finding]:
    for extra, (modules, command) in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        if missing:
            yield Finding(
                "-",
                f"{command} needs {', '.join(missing)}: "
                f"python -m pip install 'connector-cli[{extra}]'",
            )
        else:
            yield Finding("ok", f"{command}: {', '.join(modules)}")


def _needs_of_pyinstaller() -> Iterator[Finding]:
    """Look for what PyInstaller cannot bring itself; only where it is installed."""
    if find_spec("PyInstaller") is not None:
        yield from (Finding("!!", words) for words in missing_tools())


def _foreign_files() -> Iterator[Finding]:
    """Look for a distribution that wrote its files over ours, as the predecessor's does."""
    owners = packages_distributions()
    for name in PACKAGES:
        ours = _installed(name)
        if ours is None:
            continue

        packages = [package for package, each in owners.items() if name in each]
        others = {
            (other, package) for package in packages for other in owners[package] if other != name
        }
        yield from (
            Finding("!!", OVERWRITTEN.format(other=other, package=package, owner=name))
            for other, package in sorted(others)
        )
        damaged = [str(path) for path in ours.files or () if not others and not _is_intact(path)]
        if damaged:
            yield Finding(
                "!!",
                f"files of {name} were changed after it was installed ({damaged[0]}"
                f"{', …' if len(damaged) > 1 else ''}): "
                f"python -m pip install --force-reinstall --no-deps {name}",
            )

    yield from _foreign_command()


def _foreign_command() -> Iterator[Finding]:
    """Look for another distribution that offers the command `connector`."""
    for each in entry_points(group="console_scripts", name="connector"):
        owner = each.dist.name if each.dist else "an unknown distribution"
        if owner != "connector-cli":
            yield Finding(
                "!!",
                f"{owner} offers the command `connector` too: python -m pip uninstall -y {owner}; "
                "python -m pip install --force-reinstall --no-deps connector-cli",
            )


def _is_intact(path: PackagePath) -> bool:
    """Tell whether an installed file is as its distribution's record says; not if it is gone."""
    if path.hash is None:
        return True

    try:
        digest = new_hash(path.hash.mode, path.locate().read_bytes()).digest()  # type: ignore[attr-defined] # a path, whatever its annotation says
    except OSError:
        return False

    return urlsafe_b64encode(digest).decode().rstrip("=") == path.hash.value


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None
