"""What autodoc leaves to be said of the Python API.

Values and aliases have their words below them in the module that defines them. Protocols and enums
are not called, so they are shown without a signature. Private base classes are nobody's business.
Models of the wire have a page of their own, to which their names lead.
"""

import re
import sys
from enum import Enum
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.pycode import ModuleAnalyzer
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

PUBLIC = (
    "connector_cli",
    "connector_oauth",
    "connector_sdk",
    "connector_sdk.http",
    "connector_sdk.testing",
)
"""The modules whose `__all__` is public, beside `connector_sdk.models`."""

MODELS = "connector_sdk.models."

READABLE = {
    r"<factory>": "...",
    r"<(\w+\.\w+): '\w*'>": r"\1",
    r"~[\w.]+\.Annotated\[(.+?), ~[\w.]+\(.*?\)\]": r"\1",
}
"""What signatures have that is no Python: defaults made anew, members of enums, validators."""

logger = logging.getLogger(__name__)


def tell_value(
    _app: Sphinx, what: str, name: str, _thing: Any, _options: object, lines: list[str]
) -> None:
    """Give a value, or an alias of a type, the words that stand below it where it is defined.

    An empty comment keeps napoleon from taking what is before a colon for the type.
    """
    if what == "data":
        module, _, own = name.rpartition(".")
        place = sys.modules[module].__dict__["_MODULE_OF"][own]
        words = ModuleAnalyzer.for_module(f"{module}.{place}").find_attr_docs()
        lines[:] = words.get(("", own), [])

    if what in ("attribute", "data", "property"):
        lines[:0] = ["..", ""]


def leave_out_calls(
    _app: Sphinx,
    what: str,
    _name: str,
    thing: Any,
    _options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str, str | None] | None:
    """Show no signature of what is not called, and in others only what Python can read.

    Sphinx makes links of names in a signature that is Python, and shows any other as it is.
    """
    if what == "class" and (getattr(thing, "_is_protocol", False) or issubclass(thing, Enum)):
        return "", ""

    if signature is None:
        return None

    for odd, plain in READABLE.items():
        signature = re.sub(odd, plain, signature)

    return signature, returns


def leave_out_private_bases(
    _app: Sphinx, _name: str, _thing: Any, _options: object, bases: list[Any]
) -> None:
    """Show no base class of a name that nobody can import."""
    bases[:] = [base for base in bases if not getattr(base, "__name__", "").startswith("_")] or [
        object
    ]


def drop_object(_app: Sphinx, document: nodes.document) -> None:
    """Do not say of a class that it is an object."""
    for line in [*document.findall(nodes.paragraph)]:
        if line.astext() == "Bases: object":
            line.parent.remove(line)


def link_model(
    app: Sphinx, environment: BuildEnvironment, node: pending_xref, shown: nodes.TextElement
) -> nodes.reference | None:
    """Let the name of a model lead to its place on the page of models."""
    target = str(node.get("reftarget", ""))
    if not target.startswith(MODELS):
        return None

    name = target.rpartition(".")[2]
    if name not in import_module(MODELS.rstrip(".")).__all__:
        return None

    return make_refnode(
        app.builder, environment.docname, "reference/models", name.lower(), shown, name
    )


def check_is_complete(_app: Sphinx, environment: BuildEnvironment) -> None:
    """Warn, which ends a strict build, of each public name that no page tells about."""
    told = environment.domains["py"].data["objects"]
    for module in PUBLIC:
        for name in import_module(module).__all__:
            if f"{module}.{name}" not in told:
                logger.warning("the reference lacks %s.%s", module, name)
