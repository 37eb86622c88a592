"""What a call imports: how many modules, and how long Python takes over them."""

from functools import partial
from pathlib import Path

from calling import CONSTANT
from environments import CALL, Environments
from measuring import FLOOR, OURS, Row, take_turns
from processes import CONNECTOR, HERE, run


def measure(environments: Environments, *, rounds: int) -> list[Row]:
    """Measure a call without HTTP, and the floor."""
    pythons = environments.pythons(CALL)
    words: list[str | Path] = [CONNECTOR / "run_constant.py", "list_accounts", "--json", CONSTANT]
    ways = {side: partial(_imports, python, words) for side, python in pythons.items()}
    ways[FLOOR] = partial(_imports, pythons[OURS], [HERE / "floor" / "constant.py", CONSTANT])
    samples = take_turns(ways, rounds=rounds)
    return [
        Row("imports: modules", "", samples["modules"]),
        Row("imports: time, as -X importtime tells", "ms", samples["milliseconds"]),
    ]


def _imports(python: Path, words: list[str | Path]) -> dict[str, float]:
    lines = run([python, "-X", "importtime", *words]).errors.splitlines()
    own = [
        line.partition(":")[2].split("|")[0].strip()
        for line in lines
        if line.startswith("import time:")
    ]
    times = [int(each) for each in own if each.isdecimal()]
    return {"modules": len(times), "milliseconds": sum(times) / 1e3}
