"""`connector scaffold`: what is written, and what is refused."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pytest_cases import parametrize

from connector_cli.questions import template_path
from connector_cli.scaffold import ScaffoldError, scaffold

pytestmark = pytest.mark.slow  # its tests render the template

Ended = subprocess.CompletedProcess[str]
Connector = Callable[..., Ended]

BY_HAND = "# by hand\n"


def files_of(folder: Path) -> dict[str, str]:
    """Return the files of a folder, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def connector(tmp_path: Path) -> Connector:
    """Run the `connector` command in a folder of this test's own."""

    def run(*words: str) -> Ended:
        command = [sys.executable, "-m", "connector_cli.app", *words]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8"
        )

    return run


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scaffold a connector that no test changes, and return its folder."""
    folder = tmp_path_factory.mktemp("pristine") / "acme"
    scaffold(name="acme", directory=folder)
    return folder


@pytest.fixture
def acme(tmp_path: Path, pristine: Path) -> Path:
    """Return the folder of a connector of this test's own, as it was scaffolded."""
    return Path(shutil.copytree(pristine, tmp_path / "acme"))


def test_the_command_writes_a_connector(connector: Connector, tmp_path: Path) -> None:
    """NAME and DIRECTORY are all that is needed; the author's name and address go into it."""
    ended = connector(
        *("scaffold", "demo-connector", "demo_connector"),
        *("--author-name", 'Ada "the first" Lovelace', "--author-email", "ada@example.com"),
    )

    assert (0, "") == (ended.returncode, ended.stderr)
    files = files_of(tmp_path / "demo_connector")
    project = tomllib.loads(files["pyproject.toml"])["project"]
    assert "demo-connector" == project["name"]
    author = {"name": 'Ada "the first" Lovelace', "email": "ada@example.com"}
    assert [author] == project["authors"]
    assert {"demo_connector/main.py", "tests/conftest.py", ".copier-answers.yml"} <= set(files)


@parametrize(capabilities=["list_accounts,list_resources", "[list_accounts, list_resources]"])
def test_questions_are_answered_on_the_command_line(
    connector: Connector, tmp_path: Path, capabilities: str
) -> None:
    """Whoever has no clone chooses authentication, paging and capabilities, too."""
    ended = connector(
        *("scaffold", "acme", "acme", "--data", "authentication=token", "--data", "paging=cursor"),
        *("--data", f"capabilities={capabilities}"),
    )

    assert (0, "") == (ended.returncode, ended.stderr)
    files = files_of(tmp_path / "acme")
    assert "auth=TokenCredential" in files["acme_connector/integration.py"]
    assert "CursorPages" in files["acme_connector/pagination.py"]
    assert "acme_connector/capabilities_write.py" not in files


def test_help_names_questions_and_choices(connector: Connector) -> None:
    """They are those of the template's `copier.yml`."""
    asked = yaml.safe_load((template_path() / "copier.yml").read_text(encoding="utf-8"))
    shown = " ".join(connector("scaffold", "--help").stdout.split())
    for name in ("title", "categories", "authentication", "settings", "paging", "capabilities"):
        choices = asked[name].get("choices", [])
        for each in choices.values() if isinstance(choices, dict) else choices:
            assert each in shown

        assert f"{name}: {asked[name]['help'].splitlines()[0]}" in shown


def test_no_path_of_this_machine_is_written(acme: Path) -> None:
    """A connector can be published: where the template was is in none of its files."""
    here = str(Path(__file__).parents[3])
    assert [] == [
        path for path, text in files_of(acme).items() if here in text or "_src_path" in text
    ]


@parametrize(
    "words, reason",
    [
        (("..", "new"), "name: a letter"),
        (("acme", "new", "--author-email", "nowhere"), "author_email: this is not"),
        (
            ("acme", "new", "--data", "paging=nope"),
            "paging: 'nope' is no answer; choose from offset, cursor, next_link, none",
        ),
        (
            ("acme", "new", "--data", "capabilities=[list_accounts, nope]"),
            "capabilities: 'nope' is no answer; choose from validate_credentials, list_accounts",
        ),
        (("acme", "new", "--data", "capabilities="), "capabilities: choose at least one"),
        (
            ("acme", "new", "--data", "settings=[]"),
            "such as account_id,region, or nothing for none\n",
        ),
        (("acme", "new", "--data", "settings=x, x, if"), "x is there twice; if is a word of"),
        (("acme", "new", "--data", "pages=true"), "no QUESTION=ANSWER of title, description"),
        (("acme", "new", "--data", "paging"), "no QUESTION=ANSWER of"),
        (("acme", "a-file"), "a-file is not a folder"),
        (("acme", "new", "--update"), "is missing"),
        (("acme", "new", "--update", "-f"), "leave the other options out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_in_one_line(
    connector: Connector, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    """A mistake gives one line on stderr and no traceback, and writes nothing."""
    (tmp_path / "a-file").write_text(BY_HAND, encoding="utf-8")

    ended = connector("scaffold", *words)

    assert (1, "") == (ended.returncode, ended.stdout)
    assert reason in ended.stderr
    assert 1 == len(ended.stderr.splitlines())
    assert {"a-file": BY_HAND} == files_of(tmp_path)
    assert ["a-file"] == os.listdir(tmp_path)


def test_files_that_stand_there_are_not_written_over(acme: Path) -> None:
    """Without -f nothing changes, and the message names the files and the ways out."""
    (acme / "README.md").write_text(BY_HAND, encoding="utf-8")
    before = files_of(acme)

    with pytest.raises(ScaffoldError, match="already; -f writes over them, --update keeps"):
        scaffold(name="acme", directory=acme)

    assert before == files_of(acme)


def test_a_folder_with_other_files_is_good(tmp_path: Path) -> None:
    """A folder that has something else, as after `git init`, gets the connector beside it."""
    (tmp_path / "notes.txt").write_text(BY_HAND, encoding="utf-8")

    scaffold(name="acme", directory=tmp_path)

    assert {"notes.txt", "README.md", "acme_connector/main.py"} <= set(files_of(tmp_path))


def test_force_writes_over_files_and_leaves_others(acme: Path) -> None:
    """With -f the connector is as new, and what is not of the template stays."""
    made = files_of(acme)
    for name in ("README.md", "acme_connector/client.py", "acme_connector/own.py"):
        (acme / name).write_text(BY_HAND, encoding="utf-8")

    scaffold(name="acme", directory=acme, force_overwrite=True)

    assert {**made, "acme_connector/own.py": BY_HAND} == files_of(acme)


def test_tests_only_writes_the_tests(tmp_path: Path, acme: Path) -> None:
    """With -t a connector that has none gets the tests, made with the answers that it keeps."""
    made = files_of(acme)
    folder = tmp_path / "other"

    scaffold(name="acme", directory=folder, tests_only=True)

    assert {path: made[path] for path in made if path.startswith("tests/")} == files_of(folder)


def test_update_writes_what_is_the_template_s_and_nothing_else(acme: Path) -> None:
    """With --update the template's files are as new, and the author's are as they were."""
    made = files_of(acme)
    changed = {path: BY_HAND for path in made if path != ".copier-answers.yml"}
    for path in changed:
        (acme / path).write_text(BY_HAND, encoding="utf-8")

    scaffold(name="acme", directory=acme, update=True)

    new = {path for path, text in files_of(acme).items() if text != BY_HAND}
    assert {
        ".copier-answers.yml",
        "acme_connector/main.py",
        "acme_connector/py.typed",
        "tests/conftest.py",
        "tests/test_basic_capabilities/test_basic_capabilities.py",
    } == new
    assert {path: made[path] for path in new} == {path: files_of(acme)[path] for path in new}


def test_update_keeps_the_answers(acme: Path) -> None:
    """What was answered once is not asked again, and an answer can be changed in its file."""
    answers = acme / ".copier-answers.yml"
    text = answers.read_text(encoding="utf-8").replace("title: Acme", "title: Acme & Söhne")
    answers.write_text(text, encoding="utf-8")

    scaffold(name="acme-connector", directory=acme, update=True)

    assert text == answers.read_text(encoding="utf-8")


@parametrize("text", ["name: other\n", "[", "- a list\n", "", "\x00"])
def test_update_refuses_a_folder_of_something_else(acme: Path, text: str) -> None:
    """Answers of another connector, or that cannot be read, are left alone."""
    (acme / ".copier-answers.yml").write_text(text, encoding="utf-8")
    before = files_of(acme)

    with pytest.raises(ScaffoldError, match=r"\.copier-answers\.yml"):
        scaffold(name="acme", directory=acme, update=True)

    assert before == files_of(acme)


def test_update_says_what_it_wrote(connector: Connector, acme: Path) -> None:
    """The files that changed, or that none did."""
    (acme / "tests/conftest.py").write_text(BY_HAND, encoding="utf-8")
    words = ["scaffold", "acme", "acme", "--update"]

    assert f"updated in acme: {Path('tests/conftest.py')}\n" == connector(*words).stdout
    assert connector(*words).stdout.startswith("updated in acme: nothing")


@parametrize(
    "answer",
    [
        *("settings: [region]", "settings: 5", "title: null", "capabilities: list_accounts"),
        *("categories: 5", "author_email: {}", "paging: [offset]"),
    ],
)
def test_an_answer_of_another_kind_is_refused(
    connector: Connector, acme: Path, answer: str
) -> None:
    """Answers are changed by hand, so mistakes happen: a line tells which, or where to look."""
    path = acme / ".copier-answers.yml"
    kept = yaml.safe_load(path.read_text(encoding="utf-8")) | yaml.safe_load(answer)
    path.write_text(yaml.safe_dump(kept), encoding="utf-8")
    before = files_of(acme)

    ended = connector("scaffold", "acme", "acme", "--update")

    assert (1, 1) == (ended.returncode, ended.stderr.count("\n"))
    question = answer.partition(":")[0]
    assert question in ended.stderr or ".copier-answers.yml" in ended.stderr
    assert before == files_of(acme)


def test_what_cannot_be_placed_is_the_command_s_fault_to_tell(tmp_path: Path) -> None:
    """A link that leads out of the folder is refused, whatever -f says."""
    outside, folder = tmp_path / "outside", tmp_path / "acme"
    outside.mkdir()
    folder.mkdir()
    (folder / "tests").symlink_to(outside)

    with pytest.raises(ScaffoldError, match="would stand outside of"):
        scaffold(name="acme", directory=folder, force_overwrite=True)

    assert ([], ["tests"]) == (os.listdir(outside), os.listdir(folder))
