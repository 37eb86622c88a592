"""What the template of a connector asks. Its `copier.yml` says it, and nothing here repeats it."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

INDENT = "  "
"""What stands before each line that is about one question."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Parameters:
        name: what stands before the `=` of an answer.
        text: what is asked, in one line.
        choices: the answers that there are, each with what it means if it does not say so itself;
            empty if any text is good.
        takes_several: whether several of them make an answer.
        default: the answer of who gives none; empty if it is made of other answers.
    """

    name: str
    text: str
    choices: Mapping[str, str]
    takes_several: bool
    default: str


def template_path() -> Path:
    """Return the folder of the template: the wheel's, or the tree's for an editable install."""
    packaged = Path(__file__).parent / "template"
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "templates/connector"


@cache
def questions() -> dict[str, Question]:
    """Return what the template asks, but for the name, by the questions' names."""
    import yaml

    asked = yaml.safe_load((template_path() / "copier.yml").read_text(encoding="utf-8"))
    return {
        name: _question(name, found)
        for name, found in asked.items()
        if not name.startswith("_") and name != "name" and found.get("when") is not False
    }


def described(*, width: int) -> str:
    """Return the questions and their choices as text for a terminal of so many columns."""
    lines = [line for question in questions().values() for line in _lines(question, width)]
    return "\n".join(["Questions, and the answers that there are:", *lines])


def _question(name: str, found: Mapping[str, Any]) -> Question:
    choices = found.get("choices", {})
    if isinstance(choices, list):
        choices = dict.fromkeys(choices, "")
    else:
        choices = {answer: meaning for meaning, answer in choices.items()}

    default = found["default"]
    if isinstance(default, list):
        default = ", ".join(default)

    return Question(
        name=name,
        text=found["help"].partition("\n")[0],
        choices=choices,
        takes_several=found.get("multiselect", False),
        default="" if "{" in default else default,
    )


def _lines(question: Question, width: int) -> Iterator[str]:
    several = "; several are separated by commas" if question.takes_several else ""
    default = f" (default: {question.default})" if question.default else ""
    yield from _wrapped(f"{question.name}: {question.text}{several}{default}", INDENT, width)
    explained = {answer: meaning for answer, meaning in question.choices.items() if meaning}
    for answer, meaning in explained.items():
        yield from _wrapped(f"{answer}: {meaning}", 2 * INDENT, width)

    if question.choices and not explained:
        yield from _wrapped(", ".join(question.choices), 2 * INDENT, width)


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + 2 * INDENT,
        break_on_hyphens=False,
    )
