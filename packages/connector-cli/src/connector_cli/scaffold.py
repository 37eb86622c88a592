"""`connector scaffold`: a new connector from the template, or a later template for an old one."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connector_cli.calls import NoReply
from connector_cli.placement import PlacementError, place
from connector_cli.questions import Question, questions, template_path

ANSWERS = Path(".copier-answers.yml")
"""The file in which a connector keeps what was answered when it was made."""

ANSWERS_HEAD = """\
# What was answered when this connector was made. Written by the template: change an answer and run
# `connector scaffold --update`.
"""


REFUSAL = "Validation error for question "
"""What copier puts before the name of a question whose answer is not possible."""


class ScaffoldError(NoReply):
    """The connector was not written; `str()` says why, and what stood there has not changed."""


def scaffold(
    *,
    name: str,
    directory: Path,
    force_overwrite: bool = False,
    tests_only: bool = False,
    author_name: str | None = None,
    author_email: str | None = None,
    data: Sequence[str] = (),
    update: bool = False,
) -> list[Path]:
    """Write a connector from the template, all of it or nothing; return what was written.

    Parameters:
        name: the app's name, such as `acme` or `acme-connector`.
        directory: the connector's folder; its package will be `directory/acme_connector`.
        force_overwrite: whether files that stand there may be written over.
        tests_only: whether only the tests are written.
        author_name: who writes it.
        author_email: where to reach them.
        data: answers to other questions of the template, such as `paging=cursor`.
        update: whether to write what belongs to the template into the connector that is there
            already, made with the answers that it keeps. What belongs to its author is left alone.

    Returns:
        The files, relative to the folder; of an update only those that have changed.

    Raises:
        ScaffoldError: an answer is not possible, files are in the way, or they cannot be written.
    """
    if update and (force_overwrite or tests_only):
        raise ScaffoldError("--update writes what is the template's; leave the other options out")

    if directory.exists() and not directory.is_dir():
        raise ScaffoldError(f"{directory} is not a folder")

    given = {"author_name": author_name, "author_email": author_email, **_given_answers(data)}
    answers: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if update or tests_only:
        answers = {**_kept_answers(directory, name, required=update), **answers}

    answers = {"name": name, **answers}
    with _rendered(answers) as fresh:
        if update:
            return _bring_up_to_date(directory, fresh, answers)

        files = [path for path in _files_in(fresh) if not tests_only or path.parts[0] == "tests"]
        _require_free(files, directory, force_overwrite=force_overwrite)
        _place(files, fresh, directory)
        return files


def _bring_up_to_date(directory: Path, fresh: Path, answers: Mapping[str, Any]) -> list[Path]:
    """Write those files that the template, rendered over the author's, leaves changed."""
    with TemporaryDirectory() as folder:
        merged = Path(folder)
        for path in _files_in(fresh):
            if (directory / path).is_file():
                (merged / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(directory / path, merged / path)

        _render(answers, merged)
        changed = [path for path in _files_in(merged) if not _same(merged / path, directory / path)]
        _place(changed, merged, directory)
        return changed


def _given_answers(data: Sequence[str]) -> dict[str, Any]:
    """Return answers that were given as `question=answer`; the template checks what is free."""
    asked = questions()
    answers: dict[str, Any] = {}
    for each in data:
        name, equals, answer = each.partition("=")
        if not equals or name not in asked:
            raise ScaffoldError(f"--data {each}: no QUESTION=ANSWER of {', '.join(asked)}")

        answers[name] = _chosen(asked[name], answer)

    return answers


def _chosen(question: Question, answer: str) -> str | list[str]:
    """Return an answer, as a list if it may be several, after a look at the choices."""
    chosen = _items(answer) if question.takes_several else [answer]
    for each in chosen:
        if question.choices and each not in question.choices:
            raise ScaffoldError(
                f"{question.name}: {each!r} is no answer; choose from {', '.join(question.choices)}"
            )

    return chosen if question.takes_several else answer


def _items(answer: str) -> list[str]:
    """Return what stands between commas, in the brackets of a YAML list or without."""
    return [each.strip() for each in answer.strip("[] ").split(",") if each.strip()]


def _kept_answers(directory: Path, name: str, *, required: bool) -> dict[str, Any]:
    """Return the answers with which the connector in a folder was made; none if it has none."""
    import yaml

    path = directory / ANSWERS
    if not path.is_file():
        if required:
            raise ScaffoldError(f"{path} is missing: only what the template made can be updated")

        return {}

    try:
        kept = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ScaffoldError(f"{path} cannot be read: {error}") from None

    if not isinstance(kept, dict) or _app_id(str(kept.get("name"))) != _app_id(name):
        raise ScaffoldError(f"{directory} does not hold the connector {name!r}; see {path}")

    return {key: value for key, value in kept.items() if not key.startswith("_")}


def _app_id(name: str) -> str:
    return name.lower().removesuffix("-connector").replace("-", "_")


@contextmanager
def _rendered(answers: Mapping[str, Any]) -> Iterator[Path]:
    """Render the template into a folder of its own."""
    with TemporaryDirectory() as folder:
        _render(answers, Path(folder))
        yield Path(folder)


def _render(answers: Mapping[str, Any], folder: Path) -> None:
    import copier
    from copier.errors import CopierError

    try:
        copier.run_copy(
            str(template_path()),
            str(folder),
            data=dict(answers),
            defaults=True,
            overwrite=True,
            quiet=True,
        )
    except OSError as error:
        raise ScaffoldError(f"cannot write {error.filename}: {error.strerror}") from None
    except (CopierError, TypeError, ValueError) as error:
        raise ScaffoldError(_reason(error)) from None

    _drop_origin(folder / ANSWERS)


def _reason(error: Exception) -> str:
    """Return why copier refuses an answer, and to which question."""
    reason = str(error)
    if reason.startswith(REFUSAL):
        return reason.removeprefix(REFUSAL).replace("'", "", 2)

    if isinstance(error, TypeError | ValueError):
        return f"an answer in --data or {ANSWERS} is not what the question asks for: {reason}"

    return reason


def _drop_origin(path: Path) -> None:
    """Take out where on this machine the template is: it is found through the command."""
    import yaml

    answers = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept = {key: value for key, value in answers.items() if not key.startswith("_")}
    text = yaml.safe_dump(kept, allow_unicode=True)
    path.write_text(ANSWERS_HEAD + text, encoding="utf-8")


def _files_in(folder: Path) -> list[Path]:
    return [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _require_free(files: list[Path], directory: Path, *, force_overwrite: bool) -> None:
    taken = [str(path) for path in files if (directory / path).exists()]
    if taken and not force_overwrite:
        shown = ", ".join(taken[:3]) + (f" and {len(taken) - 3} more" if len(taken) > 3 else "")  # noqa: PLR2004 # as many as a line holds
        raise ScaffoldError(
            f"{directory} has {shown} already; -f writes over them, --update keeps what is yours"
        )


def _place(files: list[Path], source: Path, directory: Path) -> None:
    try:
        place(files, source=source, target=directory)
    except PlacementError as error:
        raise ScaffoldError(str(error)) from error
