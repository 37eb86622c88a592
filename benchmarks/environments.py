"""The sides' environments: ours from built wheels, the predecessor's from the package index."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from measuring import NEWEST, OLD, OURS

ROOT = Path(__file__).parents[1]
PREDECESSOR = {OLD: "connector-py{extra}==4.4.0", NEWEST: "connector-py{extra}"}
BESIDE_PREDECESSOR = ("botocore", "pytest<9.1")
"""What the predecessor imports without requiring it, and a version that it works with."""

PACKAGES = ("connector-sdk", "connector-cli", "connector-oauth")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an environment is for: it has no more than that, as where a connector is deployed."""

    name: str
    our_extras: str
    """Extras of connector-cli."""

    old_extra: str
    """Extra of the predecessor's 4.4.0; its newest version has all but `dev` without one."""

    newest_extra: str
    others: tuple[str, ...] = ()
    """What the predecessor needs for it without requiring it."""


CALL = Purpose("call", our_extras="", old_extra="", newest_extra="")
SERVER = Purpose(
    "server",
    our_extras="[server]",
    old_extra="[fastapi]",
    newest_extra="",
    others=("uvicorn",),
)
BUILD = Purpose("build", our_extras="[compile]", old_extra="[dev]", newest_extra="[dev]")


class Environments:
    """Makes environments when they are asked for, and keeps them for the next run.

    Parameters:
        folder: where they are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wheels = folder / "wheels"
        self._missing: set[str] = set()

    def build_wheels(self) -> None:
        """Build our wheels as they are now."""
        shutil.rmtree(self._wheels, ignore_errors=True)
        for package in PACKAGES:
            _uv("build", "--wheel", "--out-dir", self._wheels, ROOT / "packages" / package)

        _uv("build", "--wheel", "--out-dir", self._wheels, ROOT / "connectors" / "demo")

    def pythons(self, purpose: Purpose) -> dict[str, Path]:
        """The interpreter of each side; a side that cannot be installed is missing."""
        pythons = {OURS: self._ours(purpose)}
        for side in PREDECESSOR:
            python = self._predecessor(side, purpose)
            if python is not None:
                pythons[side] = python

        return pythons

    def _ours(self, purpose: Purpose) -> Path:
        python = self._make(OURS, purpose)
        wanted = ["connector-sdk[http]", f"connector-cli{purpose.our_extras}"]
        if purpose is BUILD:
            wanted += ["connector-oauth", "demo-connector"]

        wanted = [f"{name} @ {self._wheel(name).as_uri()}" for name in wanted]

        _install(python, *wanted)
        _install(python, *wanted, "--reinstall", "--no-deps")  # the versions are the same, not more
        return python

    def _wheel(self, requirement: str) -> Path:
        name = requirement.partition("[")[0].replace("-", "_")
        return next(self._wheels.glob(f"{name}-*.whl"))

    def _predecessor(self, side: str, purpose: Purpose) -> Path | None:
        if side in self._missing:
            return None

        python = self._make(side, purpose)
        extra = purpose.old_extra if side == OLD else purpose.newest_extra
        requirement = PREDECESSOR[side].format(extra=extra)
        try:
            _install(python, requirement, *BESIDE_PREDECESSOR, *purpose.others)
        except subprocess.CalledProcessError as error:
            print(f"skipped: {requirement} cannot be installed: {error.stderr.strip()[-300:]}")
            self._missing.add(side)
            return None

        return python

    def _make(self, side: str, purpose: Purpose) -> Path:
        folder = self._folder / f"{side}-{purpose.name}"
        python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        if not python.exists():
            _uv("venv", "--python", sys.executable, folder)

        return python


def _install(python: Path, *words: str | Path) -> None:
    _uv("pip", "install", "--compile-bytecode", "--python", python, *words)


def _uv(*words: str | Path) -> None:
    subprocess.run(
        ["uv", "--quiet", *map(str, words)], check=True, stderr=subprocess.PIPE, text=True
    )
