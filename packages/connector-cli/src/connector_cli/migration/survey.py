"""What a file has of the predecessor: its imports, the methods it calls, the modules it names."""

# ruff: noqa: D102, N802 - libcst gives the methods their names, and says what they are for

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from connector_cli.migration.table import GENERATED, METHODS, Method, names_old_module

OLD = "connector"
"""The predecessor's package, whose paths connector-compat has."""

TOKEN_FACTORY = ("connector.utils.pagination", "create_next_page_token")
"""The function whose calls are rewritten together with its import."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the author has to look at."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class OldName:
    """A name that is imported from the predecessor."""

    line: int
    module: str
    name: str
    local: str
    """What the file calls it."""


class Survey(cst.CSTVisitor):
    """Reads one file; see `survey`."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        self.imported: list[OldName] = []
        """What is imported name by name, on lines that can be rewritten."""

        self.moved_modules: list[tuple[int, str]] = []
        """Lines, and whole modules that are imported there and can be moved."""

        self.methods: list[tuple[int, str]] = []
        """Lines, and methods that are called there, of those that only connector-compat has."""

        self.notes: list[Note] = []
        """What is left as it is, whatever the rest of the file says."""

        self.names: Counter[str] = Counter()
        """How often each name stands in the code, its imports excepted."""

        self.token_classes: Counter[str] = Counter()
        """How often each name is called with a model, as the factory of page tokens is."""

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> bool:
        statement = node.body[0]
        if len(node.body) > 1 or not isinstance(statement, cst.ImportFrom):
            return True

        module = old_module(statement)
        if module is None or isinstance(statement.names, cst.ImportStar):
            return True

        line = self._line(node)
        self.imported += [
            OldName(line, module, alias.evaluated_name, local_name(alias))
            for alias in statement.names
        ]
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        module = old_module(node)
        if module is not None:  # one that `visit_SimpleStatementLine` has not taken
            how = "name what is imported, on a line of its own, and run this again"
            self._note(node, f"`{code_of(node)}` not moved; {how}")

        return False

    def visit_Import(self, node: cst.Import) -> bool:
        for alias in node.names:
            name = alias.evaluated_name
            if is_moved_module(alias):
                self.moved_modules.append((self._line(node), name))
            elif f"{name}.".startswith(f"{OLD}."):
                self._note(node, f"`import {name}` not moved; import the names that you need")

        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.names[node.value] += 1

    def visit_Call(self, node: cst.Call) -> None:
        if isinstance(node.func, cst.Name) and model_argument(node) is not None:
            self.token_classes[node.func.value] += 1

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if node.attr.value in METHODS:
            self.methods.append((self._line(node), node.attr.value))

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        value = node.evaluated_value
        if isinstance(value, str) and names_old_module(value):
            self._note(node, f"{value!r} names a module of the predecessor")

    def used_methods(self) -> Iterator[Method]:
        """Yield the methods that are called."""
        yield from (METHODS[name] for _, name in self.methods)

    def _note(self, node: cst.CSTNode, words: str) -> None:
        self.notes.append(Note(self._line(node), words))

    def _line(self, node: cst.CSTNode) -> int:
        line: int = self.get_metadata(PositionProvider, node).start.line
        return line


def survey(text: str) -> tuple[cst.Module, Survey]:
    """Return a file's syntax tree, and what it has of the predecessor.

    Raises:
        libcst.ParserSyntaxError: it is not Python.
    """
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    found = Survey()
    wrapper.visit(found)
    return wrapper.module, found


def old_module(node: cst.ImportFrom) -> str | None:
    """Return the predecessor's module from which names are imported; None if it is another's."""
    if node.relative or node.module is None:
        return None

    module = code_of(node.module)
    return module if f"{module}.".startswith(f"{OLD}.") else None


def is_moved_module(alias: cst.ImportAlias) -> bool:
    """Tell whether an import of a whole module, such as `connector.generated as g`, is moved."""
    return bool(alias.asname) and alias.evaluated_name in (GENERATED, f"{GENERATED}.models")


def model_argument(call: cst.Call) -> cst.BaseExpression | None:
    """Return the pagination class in a call of the factory of page tokens."""
    for position, argument in enumerate(call.args):
        name = argument.keyword.value if argument.keyword else None
        if not argument.star and (name == "model" or (name is None and position == 0)):
            return argument.value

    return None


def local_name(alias: cst.ImportAlias) -> str:
    """Return what a file calls an imported name."""
    return alias.evaluated_alias or alias.evaluated_name


def code_of(node: cst.CSTNode) -> str:
    """Return the source of a node."""
    return cst.Module([]).code_for_node(node).strip()
