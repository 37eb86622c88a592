"""The bundle of a scaffolded connector: how long it takes to build, its size and its start."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import partial
from pathlib import Path

from environments import BUILD, ROOT, Environments
from measuring import OLD, OURS, Row, take_turns
from processes import ENVIRONMENT, Ended, run


def measure(environments: Environments, *, rounds: int, builds: int) -> list[Row]:
    """Measure the demo connector that each side's own scaffold makes.

    Parameters:
        environments: the sides'.
        rounds: starts of each program.
        builds: builds of each bundle.
    """
    pythons = environments.pythons(BUILD)
    sides = {side: pythons[side] for side in (OURS, OLD) if side in pythons}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = {side: _source(side, python, folder) for side, python in sides.items()}
        programs: dict[str, Path] = {}

        def build(side: str) -> dict[str, float]:
            output = folder / f"built-{side}"
            shutil.rmtree(output, ignore_errors=True)
            ended, archive = _build(sides[side], sources[side], output)
            with tarfile.open(archive) as opened:
                opened.extractall(output / "unpacked", filter="data")

            programs[side] = next((output / "unpacked").rglob("main"))
            return {"size": archive.stat().st_size, "cpu": ended.cpu, "wall": ended.wall}

        built = take_turns({side: partial(build, side) for side in sides}, rounds=builds, warm_up=0)
        starts = take_turns(
            {side: partial(_start, program) for side, program in programs.items()}, rounds=rounds
        )

    megabytes = {side: [size / 1e6 for size in each] for side, each in built["size"].items()}
    return [
        Row("bundle of demo: size", "MB", megabytes, {OLD: 0.2}, limit=35),
        Row("bundle of demo: build, CPU", "s", built["cpu"], {OLD: 0.6}),
        Row("bundle of demo: build, wall", "s", built["wall"]),
        Row("bundle of demo: start for info, CPU", "ms", starts["cpu"], {OLD: 0.4}, limit=500),
        Row("bundle of demo: start for info, wall", "ms", starts["wall"]),
    ]


def _source(side: str, python: Path, folder: Path) -> Path:
    """The package of the demo connector: ours is what the template makes, as a test says."""
    if side == OURS:
        return ROOT / "connectors" / "demo" / "demo_connector"

    target = folder / f"scaffolded-{side}"
    subprocess.run(
        [python.with_name("connector"), "scaffold", "demo-connector", target],
        input="\n" * 9,
        text=True,
        check=True,
        cwd=folder,
        capture_output=True,
    )
    return target / "demo_connector"


def _build(python: Path, source: Path, output: Path) -> tuple[Ended, Path]:
    output.mkdir()
    words: list[str | Path] = [
        "compile-on-prem",
        "--connector-root-module-dir",
        source,
        "--app-id",
        "demo",
    ]
    path = os.pathsep.join([str(python.parent), ENVIRONMENT.get("PATH", "")])
    ended = run([python.with_name("connector"), *words], folder=output, environment={"PATH": path})
    return ended, max(output.rglob("*.tar.gz"), key=lambda each: each.stat().st_size)


def _start(program: Path) -> dict[str, float]:
    ended = run([program, "info"])
    if "response" not in json.loads(ended.output):
        raise RuntimeError(f"{program} answered {ended.output[:500]!r}")

    return {"cpu": ended.cpu * 1e3, "wall": ended.wall * 1e3}
