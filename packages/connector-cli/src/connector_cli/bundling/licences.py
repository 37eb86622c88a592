"""The licences of what is in a bundle, as those who pass it on have to hand them over."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from connector_cli.bundling.components import Component

FOLDER = "licences"
"""Where they are, in the folder with all but the executable."""

INDEX = "index.txt"
"""Which component has which licence, and which files have its text."""


def write_licences(components: Iterable[Component], contents: Path) -> None:
    """Write the licences of components, and an index of them.

    Parameters:
        components: what is in the bundle.
        contents: the folder in which `FOLDER` is made.
    """
    folder = contents / FOLDER
    folder.mkdir()
    lines = []
    for each in components:
        title = f"{each.name} {each.version}" if each.version else each.name
        lines.append(f"{title}: {each.licence or 'see its text'}\n")
        for name, text in sorted(each.licence_files.items()):
            target = folder / each.name / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, target)
            lines.append(f"    {each.name}/{name.as_posix()}\n")

        if not each.licence_files:
            lines.append("    (came without a text)\n")

    (folder / INDEX).write_text("".join(lines), encoding="utf-8", newline="\n")
