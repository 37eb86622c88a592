"""Typer's applications as this package runs them, kept from repeating what could be a secret.

A request that stands where a command or nothing belongs (`--json` was forgotten) would otherwise
be quoted on stderr, and end up in a log.
"""

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_COMMAND_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{0,60}")


class _Words:
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command, and quote none of them that could be a request."""
        try:
            rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc] # of the class beside this one
        except Exception as error:
            if "{" in str(getattr(error, "message", "")):
                ctx.fail("a request stands where it cannot be read; give it with --json TEXT")

            raise

        return rest

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`, shown without the type of a value that it does not take."""
        option = super().get_help_option(ctx)  # type: ignore[misc] # as above
        if option is not None:
            option.metavar = ""

        return option


class Command(_Words, TyperCommand):
    """A command that does not repeat what it cannot place."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words after the command."""
        strict = not ctx.allow_extra_args
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if strict and ctx.args and not ctx.resilient_parsing:
            ctx.fail(
                f"{len(ctx.args)} unexpected argument(s); options come with two dashes, "
                "and a request with --json TEXT"
            )

        return rest


class Group(_Words, TyperGroup):
    """A group that repeats an unknown command only if it could be one."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first word names."""
        if not _COMMAND_WORD.fullmatch(args[0]) and not ctx.resilient_parsing:
            ctx.fail("The first word is no command; --help lists them.")

        return super().resolve_command(ctx, args)


def run_app(app: typer.Typer, words: list[str], program: str) -> int:
    """Let an application read a command line and carry it out, and return the exit code."""
    try:
        app(args=words, prog_name=program)
    except SystemExit as end:
        # The reader of a long help has what it wanted: typer ends with 1, and it is no error.
        gone = isinstance(end.__context__, BrokenPipeError)
        return end.code if isinstance(end.code, int) and not gone else 0

    return 0
