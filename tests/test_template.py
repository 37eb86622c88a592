"""The template of a connector: what it asks, what it makes, and what it leaves to the author."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests render the template

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "templates/connector"

CACHES = {"__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
"""Folders that tools leave behind."""

OF_THE_TEMPLATE = {
    ".copier-answers.yml",
    "acme_connector/main.py",
    "acme_connector/py.typed",
    "tests/conftest.py",
    "tests/test_basic_capabilities/test_basic_capabilities.py",
}
"""The files of a connector that `copier recopy` writes anew; all others are the author's."""

Render = Callable[..., Path]


def make_workspace(folder: Path) -> Path:
    """Make a workspace with this one's configuration and template, and no connectors."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    (folder / "packages").symlink_to(ROOT / "packages")
    (folder / "connectors").mkdir()
    return folder


def render_into(workspace: Path, destination: str, **answers: Any) -> Path:
    """Render the template into a folder of a workspace, with the defaults of other answers."""
    folder = workspace / destination
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        copier.run_copy("templates/connector", destination, data=answers, defaults=True, quiet=True)

    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Make a workspace of this test's own."""
    return make_workspace(tmp_path)


@pytest.fixture
def render(workspace: Path) -> Render:
    """Render the template into this test's workspace; by default into `connectors/acme`."""

    def render(destination: str = "connectors/acme", **answers: Any) -> Path:
        return render_into(workspace, destination, **answers)

    return render


def files_of(folder: Path) -> dict[str, str]:
    """Return the files of a connector, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not CACHES & set(path.parts)
    }


def read(folder: Path) -> dict[str, str]:
    """Return the files of a connector, each read as what it is: a fault in one is an error."""
    files = files_of(folder)
    for path, text in files.items():
        if path.endswith(".py"):
            compile(text, path, "exec")

    tomllib.loads(files["pyproject.toml"])
    json.loads(files["tests/connection.json"])
    yaml.safe_load(files[".copier-answers.yml"])
    return files


def recopy(workspace: Path) -> None:
    """Bring the template to connectors/acme, as a person does from the root."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace)
        copier.run_recopy("connectors/acme", defaults=True, overwrite=True, quiet=True)


def test_the_demo_is_what_the_template_makes(render: Render) -> None:
    """connectors/demo is the output with all defaults; make it anew after a change.

    rm -r connectors/demo && copier copy --defaults templates/connector connectors/demo
    """
    assert files_of(render("connectors/demo")) == files_of(ROOT / "connectors/demo")


def test_the_template_has_the_licence() -> None:
    """A connector is distributed by itself, so it has the whole licence."""
    licence = (TEMPLATE / "template/LICENSE").read_text(encoding="utf-8")
    assert (ROOT / "LICENSE").read_text(encoding="utf-8") == licence


@parametrize(
    "answers",
    [
        {"authentication": "oauth_client_credentials", "paging": "cursor"},
        {"authentication": "several", "paging": "none", "settings": ""},
        {"authentication": "jwt", "paging": "next_link", "capabilities": ["get_last_activity"]},
    ],
    ids=lambda answers: answers["authentication"],
)
def test_a_sample_of_answers_makes_a_project(render: Render, answers: dict[str, Any]) -> None:
    """Other answers make a project whose files can all be read; `slow` tests try all of them."""
    assert read(render(**answers))


@parametrize(
    "destination, module",
    [
        ("connectors/acme", "acme_connector"),
        ("connectors/acme-connector", "acme_connector"),
        ("connectors/Big_App-2", "big_app_2_connector"),
    ],
)
def test_the_name_is_proposed_from_the_folder(
    render: Render, destination: str, module: str
) -> None:
    """`copier copy --defaults templates/connector connectors/acme` needs no name."""
    assert (render(destination) / module / "main.py").is_file()


@parametrize(
    "name, app_id",
    [
        ("demo", "demo"),
        ("demo-connector", "demo"),
        ("Two-Words", "two_words"),
        ("class", "class"),
        ("connector", "connector"),
        ("x9", "x9"),
    ],
)
def test_names_follow_from_the_name(render: Render, name: str, app_id: str) -> None:
    """App id, package, command and distribution are derived (contract, section 1)."""
    folder = render(name=name, capabilities=["validate_credentials"])

    project = tomllib.loads(files_of(folder)["pyproject.toml"])["project"]
    command = f"{app_id}-connector".replace("_", "-")
    assert command == project["name"]
    assert {command: f"{app_id}_connector.main:main"} == project["scripts"]
    assert f'app_id="{app_id}"' in (folder / f"{app_id}_connector/integration.py").read_text(
        encoding="utf-8"
    )


def test_a_question_fits_a_terminal() -> None:
    """The prompt shows no more than 80 columns of a line, of derived names neither."""
    questions = yaml.safe_load((TEMPLATE / "copier.yml").read_text(encoding="utf-8"))
    asked = "\n".join(
        each["help"] for each in questions.values() if isinstance(each, dict) and "help" in each
    )
    for name, value in {"app_id": "x" * 40, "command": "x" * 50, "module": "x" * 50}.items():
        assert f"{{{{ {name} }}}}" in asked
        asked = asked.replace(f"{{{{ {name} }}}}", value)

    assert [] == [line for line in asked.splitlines() if len(line) > 77]


REFUSED: dict[str, list[Any]] = {
    "name": [
        *("", "-x", "9lives", "a b", "a_b", "a--b", "a-", "..", "../x", "/x", "a/b", "ä", "a\n"),
        *("a'b", 'a"b', "a\\b", "{{ 1 }}", "x" * 41, "-connector"),
        *("o-auth", "O-Auth-connector", "base-integration"),
    ],
    "title": ["", "  ", " x", "a\nb", "a\x00", "a\u202eb", "a\u200bb", "x" * 61],
    "description": ["", "a\nb", "a\tb", "x" * 251],
    "author_name": ["", "a\nb", "x" * 101],
    "author_email": ["x", "a@b", "a b@example.com", "a@example.com\n", '"@example.com'],
    "base_url": [
        *("", "api.acme.com", "http://api.acme.com", "https://", "https://a b", "https://a/"),
        *("https://a?b=c", 'https://a"', "https://u:p@a", "javascript:x", "https://a/../b\n"),
    ],
    "settings": [
        *("class", "None", "1a", "a b", "a-b", "_a", "A", "ä", "a, a", "model_config", "json"),
        *("a, import", "x" * 35, "__class__", "a\nb", "str", "region, str"),
    ],
    "authentication": ["", "kerberos"],
    "paging": ["", "pages"],
    "categories": [[], ["NOTHING"]],
    "capabilities": [[], ["info"], ["list_accounts", "drop_tables"]],
}
"""Answers that make no connector, by question."""


@parametrize(
    "question, answer",
    [(question, answer) for question, answers in REFUSED.items() for answer in answers],
    idgen="{question} {answer!r}",
)
def test_an_impossible_answer_is_refused(tmp_path: Path, question: str, answer: Any) -> None:
    """The question is named, and nothing is written."""
    with pytest.raises(ValueError, match=question):
        copier.run_copy(
            str(TEMPLATE),
            str(tmp_path / "new"),
            data={"name": "acme", question: answer},
            defaults=True,
            quiet=True,
        )

    assert not (tmp_path / "new").exists()


HOSTILE = (
    "\"double\" 'single' \\back\\",
    "'single' only \\",
    'ends with a quote "',
    '"""',
    "Größe, Ελλάδα, Привет, 会社, 🦉",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "$HOME `id` %s {0} f'{1}'",
    "<b>&amp;</b> | [x](y) # * _",
)
"""Texts that break what is put together carelessly."""


@parametrize(text=HOSTILE, idgen="{text}")
def test_a_hostile_text_arrives_as_it_is(render: Render, text: str) -> None:
    """Quotes, backslashes, other scripts and template syntax are data, in each language."""
    folder = render(
        title=text, description=text, author_name=text, capabilities=["validate_credentials"]
    )

    files = read(folder)
    project = tomllib.loads(files["pyproject.toml"])["project"]
    declared = declared_texts(files["acme_connector/integration.py"])
    assert (text, text) == (project["description"], project["authors"][0]["name"])
    assert {"user_friendly_name": text, "description": text} == declared


def declared_texts(integration: str) -> dict[str, str]:
    """Return the texts of DescriptionData in the source of a declaration."""
    [call] = [
        node
        for node in ast.walk(ast.parse(integration))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "DescriptionData"
    ]
    return {
        str(keyword.arg): ast.literal_eval(keyword.value)
        for keyword in call.keywords
        if keyword.arg in ("user_friendly_name", "description")
    }


def test_recopy_writes_what_is_the_template_s_and_nothing_else(
    workspace: Path, render: Render
) -> None:
    """Whatever an author does to a file of theirs survives; the template's files are as made."""
    folder = render()
    made = files_of(folder)
    for path in made:
        if path != ".copier-answers.yml":
            (folder / path).write_text("# by hand\n", encoding="utf-8")

    recopy(workspace)

    kept = {path for path, text in files_of(folder).items() if text == "# by hand\n"}
    assert OF_THE_TEMPLATE == set(made) - kept
    assert {path: made[path] for path in OF_THE_TEMPLATE} == {
        path: text for path, text in files_of(folder).items() if path in OF_THE_TEMPLATE
    }


def test_a_later_template_reaches_a_connector(workspace: Path, render: Render) -> None:
    """With recopy a change of the template arrives, beside a module of the author's own."""
    folder = render()
    own = folder / "acme_connector/own.py"
    own.write_text("# by hand\n", encoding="utf-8")
    source = workspace / "templates/connector/template/{{ module }}/main.py.jinja"
    source.write_text(f"# later\n{source.read_text(encoding='utf-8')}", encoding="utf-8")

    recopy(workspace)

    assert (folder / "acme_connector/main.py").read_text(encoding="utf-8").startswith("# later\n")
    assert "# by hand\n" == own.read_text(encoding="utf-8")


def test_a_connector_keeps_where_its_template_is_as_a_relative_path(render: Render) -> None:
    """Recopy works in every clone, and no path of a machine is committed."""
    answers = yaml.safe_load(files_of(render())[".copier-answers.yml"])

    assert "templates/connector" == answers["_src_path"]


def test_a_secret_setting_is_marked(render: Render) -> None:
    """A setting with a secret's name is one, others are not."""
    settings = files_of(render(settings="account_id, client_secret"))["acme_connector/settings.py"]

    assert "account_id: str = Field(" in settings
    assert "client_secret: str = SecretField(" in settings


AUTHENTICATION = (
    *("oauth_code_flow", "oauth_client_credentials", "basic", "token", "jwt", "several"),
)
PAGING = ("offset", "cursor", "next_link", "none")
CAPABILITIES = (
    *("validate_credentials", "list_accounts", "list_resources", "list_entitlements"),
    *("find_entitlement_associations", "get_last_activity"),
    *("create_account", "activate_account", "deactivate_account", "delete_account"),
    *("assign_entitlement", "unassign_entitlement"),
)

MATRIX: dict[str, dict[str, Any]] = {
    f"{authentication}-{paging}": {
        "name": f"m-{position}",
        "authentication": authentication,
        "paging": paging,
        "capabilities": list(CAPABILITIES),
    }
    for position, (authentication, paging) in enumerate(product(AUTHENTICATION, PAGING))
}
"""Every combination of authentication and paging, with all capabilities."""

SINGLE: dict[str, dict[str, Any]] = {
    capability: {
        "name": f"one-{position}",
        "authentication": AUTHENTICATION[position % len(AUTHENTICATION)],
        "paging": PAGING[position % len(PAGING)],
        "capabilities": [capability],
        "settings": ("", "account_id", "region, client_secret")[position % 3],
    }
    for position, capability in enumerate(CAPABILITIES)
}
"""Each capability alone, since what no other needs must not be left over."""

EXTREME: dict[str, dict[str, Any]] = {
    "long": {
        "name": "zebra-with-a-very-long-name-of-forty-let",
        "title": "z" * 60,
        "description": "Of many words. " * 16 + "The end.",
        "categories": ["ACCOUNTING_AND_FINANCE", "COMMERCE_AND_MARKETPLACES", "OTHER", "INTERNAL"],
        "settings": "a, b, c, d, e, f",
        "capabilities": list(CAPABILITIES),
    },
    "quoted": {"name": "q", "title": '"' * 60, "description": "\\'\"" * 80},
    "setting-29": {"name": "t-29", "settings": "x" * 29},
    "setting-30": {"name": "t-30", "settings": "x" * 30},
    "settings-34": {"name": "t-34", "settings": f"a, {'x' * 34}, {'x' * 26}_api_key"},
    "between": {"name": "connector-p", "description": "会社の人事システム、" * 20},
}
"""Names and texts that change what is broken into lines, and in which order imports stand."""

SHARED = '''"""The app."""

NAMES = ["ada"]
'''
"""A module that tests of a connector share."""

SHARING = '''"""What the app has."""

from acme_app import NAMES
from acme_connector.integration import integration


def test_the_app_has_names() -> None:
    """It has one."""
    assert (["ada"], "acme") == (NAMES, integration.app_id)
'''
"""A test that imports it."""

VARIANTS = {**MATRIX, **SINGLE, **EXTREME}


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render every variant into one workspace."""
    workspace = make_workspace(tmp_path_factory.mktemp("variants"))
    for answers in VARIANTS.values():
        render_into(workspace, f"connectors/{answers['name']}", **answers)

    return workspace


def run(workspace: Path, *words: str) -> None:
    """Run a Python module; what it says is shown when it fails."""
    command = [sys.executable, "-m", *words]
    result = subprocess.run(command, cwd=workspace, capture_output=True, check=False, text=True)
    assert 0 == result.returncode, result.stdout + result.stderr


@pytest.mark.slow
def test_every_variant_is_as_the_linter_and_the_formatter_leave_it(variants: Path) -> None:
    """The rules of this repository hold for what the template makes, and its lines are final."""
    ours = ("--config", "pyproject.toml")  # without it, each connector's own rules count
    run(variants, "ruff", "check", *ours, "connectors")
    run(variants, "ruff", "format", *ours, "--check", "connectors")


@pytest.mark.slow
def test_every_variant_keeps_its_own_rules(variants: Path) -> None:
    """The linter and the formatter as its author calls them have nothing to say of a new project.

    They find no configuration above it, as in a repository of its own.
    """
    for answers in VARIANTS.values():
        connector = variants / "connectors" / answers["name"]
        assert "[tool.ruff]" in (connector / "pyproject.toml").read_text(encoding="utf-8")

    run(variants, "ruff", "check", "connectors")
    run(variants, "ruff", "format", "--check", "connectors")


@pytest.mark.slow
def test_tests_share_a_module_of_their_own(render: Render) -> None:
    """A module beside the tests is imported by its name, and all tools of the author accept it."""
    folder = render("acme", authentication="token")
    tests = folder / "tests"
    (tests / "acme_app.py").write_text(SHARED, encoding="utf-8")
    (tests / "test_one.py").write_text(SHARING, encoding="utf-8")
    (tests / "test_basic_capabilities/test_two.py").write_text(SHARING, encoding="utf-8")

    run(folder, "pytest", "-q", "-p", "no:cacheprovider")
    run(folder, "mypy", ".")
    run(folder, "ruff", "check")
    run(folder, "ruff", "format", "--check")


@pytest.mark.slow
@parametrize("variant", VARIANTS)
def test_a_variant_has_types_and_its_tests_are_green(variants: Path, variant: str) -> None:
    """Each variant is strictly typed, and its own tests pass: none fails, none is skipped."""
    connector = variants / "connectors" / VARIANTS[variant]["name"]
    run(variants, "mypy", str(connector.relative_to(variants)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(connector))
        run(connector, "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.slow
def test_the_tests_of_many_connectors_run_in_one_process(variants: Path) -> None:
    """From the root one pytest runs the tests of connectors whose files have the same names."""
    names = [VARIANTS[variant]["name"] for variant in ("jwt-none", "several-cursor", "long")]
    folders = [variants / "connectors" / name for name in names]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(map(str, folders)))
        run(variants, "pytest", "-q", "-p", "no:cacheprovider", *map(str, folders))
