"""How Sphinx makes the site: `nox -s docs`."""

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import python_reference  # noqa: E402 - it stands beside this file
import wire_reference  # noqa: E402 - likewise

project = "Connector SDK"
author = "The connector SDK's developers"
release = (HERE.parent / "VERSION").read_text(encoding="utf-8").strip()
copyright = "2026, the connector SDK's developers. Apache-2.0"  # noqa: A001 - the name of a setting

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinxcontrib.svgbob",
]
exclude_patterns = ["_build", "README.md"]

html_theme = "furo"
html_title = "Connector SDK"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

# Docstrings name code in single backticks; what Sphinx knows becomes a link.
default_role = "py:obj"
autodoc_default_options = {
    "members": True,
    "special-members": "__call__",
    "show-inheritance": True,
    "member-order": "bysource",
    "exclude-members": "model_config,model_post_init,model_fields",
}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

# Nothing is fetched while the site is made: it has to be possible offline.
intersphinx_mapping: dict[str, tuple[str, None]] = {}


def show_fences(
    _app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """Make the Markdown fences of a docstring the code blocks of reStructuredText."""
    shown: list[str] = []
    inside: str | None = None
    for line in lines:
        fence = re.fullmatch(r"( *)```(\w*)", line)
        if fence and inside is None:
            inside = fence[1]
            shown += [f"{inside}.. code-block:: {fence[2] or 'text'}", ""]
        elif fence:
            inside = None
        else:
            shown.append(line if inside is None or not line else f"   {line}")

    lines[:] = shown


def setup(app: Sphinx) -> None:
    """Connect what is ours to Sphinx's steps."""
    app.connect("builder-inited", lambda app: wire_reference.write(Path(app.srcdir) / "reference"))
    app.connect("autodoc-process-docstring", python_reference.tell_value, priority=1)
    app.connect("autodoc-process-docstring", show_fences)
    app.connect("autodoc-process-signature", python_reference.leave_out_calls)
    app.connect("autodoc-process-bases", python_reference.leave_out_private_bases)
    app.connect("doctree-read", python_reference.drop_object)
    app.connect("missing-reference", python_reference.link_model)
    app.connect("env-check-consistency", python_reference.check_is_complete)
