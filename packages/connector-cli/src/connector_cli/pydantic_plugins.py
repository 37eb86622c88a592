"""Whether there are plugins of pydantic, found out at a twentieth of what pydantic takes for it.

When pydantic makes its first validator it looks for plugins: it loads importlib.metadata, and has
that read what all installed distributions offer. That takes 12 ms of each call, and hardly any
environment has a plugin. The files in which it would stand are looked through here; if it stands in
none, pydantic is spared the search. Wherever else it could stand, pydantic searches as always.
"""

import os
import sys
from types import ModuleType

LOADER = "pydantic.plugin._loader"
"""The module in which pydantic searches, loaded for nothing else."""

OFFER = b"[pydantic]"
"""The section of a distribution's entry points that names plugins."""

STANDARD_LIBRARY = "base_library.zip"
"""File on the path of what PyInstaller makes: it holds modules of Python alone."""


def spare_search() -> None:
    """Have pydantic take it that there are no plugins, if there are none."""
    if LOADER in sys.modules or _are_found_elsewhere() or any(map(_offers_plugins, sys.path)):
        return

    stand_in = ModuleType(LOADER)
    stand_in.get_plugins = tuple  # type: ignore[attr-defined] # a call of it is an empty tuple
    sys.modules[LOADER] = stand_in


def _are_found_elsewhere() -> bool:
    """Tell whether anything but the path is searched for distributions."""
    return any(
        hasattr(finder, "find_distributions") and getattr(finder, "__name__", "") != "PathFinder"
        for finder in sys.meta_path
    )


def _offers_plugins(folder: str) -> bool:
    """Tell whether a distribution in a folder of the path may offer plugins."""
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        return os.path.basename(folder) != STANDARD_LIBRARY
    except OSError:
        return False

    return any(
        _has_offer(os.path.join(folder, name, "entry_points.txt"))
        for name in names
        if name.lower().endswith((".dist-info", "egg-info"))
    )


def _has_offer(path: str) -> bool:
    try:
        with open(path, "rb", buffering=0) as file:
            return OFFER in file.read()
    except OSError:
        return False
