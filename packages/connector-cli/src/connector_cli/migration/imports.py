"""Putting native imports in the place of the predecessor's, in one file.

Names keep the spelling that the code uses: what is called otherwise now is imported `as` what it
was called. So nothing but imports has to change, and the one call that makes a class.
"""

# ruff: noqa: ARG002, N802 - libcst gives the methods their names and parameters

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst
from libcst import matchers

from connector_cli.migration.survey import (
    TOKEN_FACTORY,
    Note,
    OldName,
    Survey,
    is_moved_module,
    local_name,
    model_argument,
    old_module,
)
from connector_cli.migration.table import (
    GENERATED,
    METHODS,
    MODELS,
    advice,
    is_generated,
    new_place,
)

WIDTH = 100
"""Characters of a line that is not broken up."""


METHODS_ARE_CALLED = "its methods are called that only connector-compat has"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file's new text, and what is left to do in it."""

    text: str
    notes: list[Note]


def rewrite(module: cst.Module, survey: Survey, *, keep: Collection[str]) -> Rewritten:
    """Return a file with native imports.

    Parameters:
        module: its syntax tree.
        survey: what it has of the predecessor.
        keep: old modules, and names as `module:name`, whose imports stay, since methods are called
            that they bring.
    """
    plan = _Plan(survey, keep)
    text = module.visit(_Rewriting(plan)).code
    return Rewritten(text, sorted(plan.notes(), key=lambda note: note.line))


class _Plan:
    """Where each name of a file goes."""

    def __init__(self, survey: Survey, keep: Collection[str]) -> None:
        self._survey = survey
        self._keep = {*keep, *(method.of for method in survey.used_methods())}
        self.token_factories = {
            each.local
            for each in survey.imported
            if (each.module, each.name) == TOKEN_FACTORY
            # Elsewhere than in a call it is left alone, and so is its import.
            and survey.names[each.local] == survey.token_classes[each.local]
        }
        self.token_class = "NextPageTokenOf" if "PageToken" in survey.names else "PageToken"

    @property
    def keeps_models(self) -> bool:
        """Whether the models stay where they are."""
        return GENERATED in self._keep

    def new_place(self, module: str, name: str, local: str) -> tuple[str, str]:
        """Return from which module a name is imported now, and how it stands in the import."""
        if self._stays(module, name):
            place = f"{module}:{name}"
        elif local in self.token_factories:
            place, local = "connector_sdk:NextPageToken", self.token_class
        elif f"{module}.{name}" == GENERATED:
            place = MODELS.replace(".", ":")
        else:
            place = new_place(module, name) or f"{module}:{name}"

        target, _, new_name = place.partition(":")
        return target, new_name if new_name == local else f"{new_name} as {local}"

    def notes(self) -> Iterator[Note]:
        """Yield what is left to the author."""
        yield from self._survey.notes
        staying: dict[tuple[int, str, str], list[str]] = {}
        for each in self._survey.imported:
            if self.new_place(each.module, each.name, each.local)[0] == each.module:
                staying.setdefault((each.line, each.module, self._reason(each)), []).append(
                    each.name
                )

        for (line, module, reason), names in staying.items():
            yield Note(line, f"{module}: {', '.join(names)} not moved; {reason}")

        for line, module in self._survey.moved_modules if self.keeps_models else ():
            yield Note(line, f"`import {module}` not moved; {METHODS_ARE_CALLED}")

        has_old_imports = bool(self._survey.imported or self._survey.moved_modules)
        for line, name in self._survey.methods:
            if has_old_imports or METHODS[name].is_inherited:
                words = f".{name}() comes with connector-compat; write {METHODS[name].instead}"
                yield Note(line, words)

    def _stays(self, module: str, name: str) -> bool:
        is_model = is_generated(module) or f"{module}.{name}" == GENERATED
        return (is_model and self.keeps_models) or f"{module}:{name}" in self._keep

    def _reason(self, name: OldName) -> str:
        if self._stays(name.module, name.name):
            return METHODS_ARE_CALLED

        return advice(name.module, name.name)


class _Rewriting(cst.CSTTransformer):
    """Puts the new imports in the place of the old ones."""

    def __init__(self, plan: _Plan) -> None:
        self._plan = plan

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        function = updated_node.func
        if not (isinstance(function, cst.Name) and function.value in self._plan.token_factories):
            return updated_node

        model = model_argument(updated_node)
        assert model is not None  # else the plan would have left the factory alone
        return cst.Subscript(
            cst.Name(self._plan.token_class), [cst.SubscriptElement(cst.Index(model))]
        )

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:
        names = [
            alias.with_changes(name=cst.parse_expression(MODELS))
            if is_moved_module(alias) and not self._plan.keeps_models
            else alias
            for alias in updated_node.names
        ]
        return updated_node.with_changes(names=names)

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        return updated_node.with_changes(body=self._block(updated_node.body))

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        return updated_node.with_changes(body=self._block(updated_node.body))

    def _block(self, lines: Iterable[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """Return the lines of a block with new imports; those of one module that adjoin are one."""
        found: list[cst.BaseStatement | _NewImport] = []
        adjoining: dict[str, _NewImport] = {}
        for line in lines:
            new = self._new_imports(line)
            if not _is_import(line):
                adjoining = {}

            if not new:
                found.append(line)

            for each in new:
                earlier = adjoining.get(each.module)
                if earlier is None or each.has_comments:
                    found.append(each)
                    if not each.has_comments:
                        adjoining[each.module] = each
                else:
                    earlier.names += each.names

        return [each.line() if isinstance(each, _NewImport) else each for each in found]

    def _new_imports(self, line: cst.BaseStatement) -> "list[_NewImport]":
        """Return what takes the place of a line; empty if it stays as it is."""
        if not (isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1):
            return []

        statement = line.body[0]
        if not isinstance(statement, cst.ImportFrom) or isinstance(statement.names, cst.ImportStar):
            return []

        old = old_module(statement)
        if old is None:
            return []

        found: dict[str, _NewImport] = {}
        for alias in statement.names:
            module, name = self._plan.new_place(old, alias.evaluated_name, local_name(alias))
            found.setdefault(module, _NewImport(module)).names.append(name)

        if found.keys() == {old}:
            return []

        new = list(found.values())
        new[0].leading_lines = [*line.leading_lines, *_comments_inside(statement)]
        new[-1].trailing_whitespace = line.trailing_whitespace
        return new


@dataclass(slots=True)
class _NewImport:
    """An import line that is being put together."""

    module: str
    names: list[str] = field(default_factory=list)
    leading_lines: list[cst.EmptyLine] = field(default_factory=list)
    trailing_whitespace: cst.TrailingWhitespace = field(default_factory=cst.TrailingWhitespace)

    @property
    def has_comments(self) -> bool:
        """Whether it has comments, which are about these very names."""
        return bool(self.trailing_whitespace.comment) or any(
            line.comment for line in self.leading_lines
        )

    def line(self) -> cst.SimpleStatementLine:
        """Return the line."""
        text = f"from {self.module} import {', '.join(sorted(set(self.names)))}"
        if len(text) > WIDTH:
            names = "".join(f"    {name},\n" for name in sorted(set(self.names)))
            text = f"from {self.module} import (\n{names})"

        line = cst.ensure_type(cst.parse_statement(text), cst.SimpleStatementLine)
        return line.with_changes(
            leading_lines=self.leading_lines, trailing_whitespace=self.trailing_whitespace
        )


def _is_import(line: cst.BaseStatement) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and all(
        isinstance(each, cst.Import | cst.ImportFrom) for each in line.body
    )


def _comments_inside(statement: cst.ImportFrom) -> list[cst.EmptyLine]:
    """Return the comments between the parentheses of an import, as lines of their own."""
    return [
        cst.EmptyLine(comment=cst.ensure_type(comment, cst.Comment))
        for comment in matchers.findall(statement, matchers.Comment())
    ]
