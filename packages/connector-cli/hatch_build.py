"""Ships the template of a connector inside the wheel, and in the sdist from which one is built.

The template stands outside this member, in the tree's `templates/connector`; an sdist has its own
copy. An editable install needs none: there the tree's is found.
"""

# ruff: noqa: INP001 - hatch imports it by its path

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

IN_TREE = Path("../../templates/connector")
IN_SDIST = Path("template")
IN_WHEEL = "connector_cli/template"


class TemplateHook(BuildHookInterface[Any]):
    """Adds whichever copy of the template exists."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the template to what is built."""
        if version == "editable":
            return

        root = Path(self.root)
        source = root / IN_SDIST if (root / IN_SDIST).is_dir() else root / IN_TREE
        if not source.is_dir():
            raise FileNotFoundError(f"the template is neither in {IN_SDIST} nor in {IN_TREE}")

        target = IN_WHEEL if self.target_name == "wheel" else str(IN_SDIST)
        build_data["force_include"][str(source.resolve())] = target
