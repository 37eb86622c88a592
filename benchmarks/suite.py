"""The repo's own tests: `nox -s test` from nothing, and again."""

import shutil
import tempfile
from pathlib import Path

from environments import ROOT
from measuring import OURS, Row
from processes import run


def measure() -> list[Row]:
    """Run it twice; caches of the package installer are as they are."""
    with tempfile.TemporaryDirectory() as folder:
        environments = Path(folder)
        nox = shutil.which("nox") or "nox"
        command: list[str | Path] = [nox, "--envdir", environments, "-s", "test"]
        fresh, warm = (run(command, folder=ROOT) for _ in range(2))

    return [
        Row(f"nox -s test, {name}: {what}", "s", {OURS: [seconds]})
        for name, ended in (("fresh", fresh), ("warm", warm))
        for what, seconds in (("wall", ended.wall), ("CPU", ended.cpu))
    ]
