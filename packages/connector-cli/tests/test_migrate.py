"""`connector migrate`: what becomes of a file's imports, and what is left to its author."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from pytest_cases import parametrize

from connector_cli.calls import NoReply
from connector_cli.migrate import carry_out, migrate

pytestmark = pytest.mark.slow  # it needs the extra `migrate`


def migrated(folder: Path, source: str) -> tuple[str, list[str]]:
    """Write a file, and return what becomes of it and the notes, each with its line."""
    path = folder / "acme.py"
    path.write_text(dedent(source), encoding="utf-8")
    found = migrate(folder)
    if not found:
        return dedent(source), []

    return found[0].new, [f"{note.line}: {note.words}" for note in found[0].notes]


REWRITTEN = {
    "names of several modules": (
        """
        from connector.oai.errors import ConnectorError, HTTPHandler
        """,
        """
        from connector_sdk import ConnectorError, HTTPHandler
        """,
    ),
    "models by their package": (
        """
        from connector.generated import ErrorCode, Page
        """,
        """
        from connector_sdk.models import ErrorCode, Page
        """,
    ),
    "a model by its own module": (
        """
        from connector.generated.models.page import Page as ThePage
        """,
        """
        from connector_sdk.models import Page as ThePage
        """,
    ),
    "imports that adjoin become one": (
        """
        import os
        from connector.oai.integration import Integration
        from pathlib import Path
        from connector.oai.errors import ConnectorError
        from connector.utils.httpx_auth import BearerAuth
        """,
        """
        import os
        from connector_sdk import ConnectorError, Integration
        from pathlib import Path
        from connector_sdk.http import BearerAuth
        """,
    ),
    "imports that do not adjoin stay apart": (
        """
        from connector.oai.integration import Integration

        VERSION = "1"
        from connector.oai.errors import ConnectorError
        """,
        """
        from connector_sdk import Integration

        VERSION = "1"
        from connector_sdk import ConnectorError
        """,
    ),
    "a name that is called otherwise now": (
        """
        from connector.oai.modules.base_module import BaseIntegrationModule

        class Module(BaseIntegrationModule):
            pass
        """,
        """
        from connector_sdk import IntegrationModule as BaseIntegrationModule

        class Module(BaseIntegrationModule):
            pass
        """,
    ),
    "an author's own name is kept": (
        """
        from connector.cli import run_integration as go
        """,
        """
        from connector_cli import run as go
        """,
    ),
    "in functions and under conditions": (
        """
        if True:
            from connector.utils.jwt_utils import sign_jwt

        def f():
            from connector.oai.capability import get_page
            return get_page
        """,
        """
        if True:
            from connector_sdk import sign_jwt

        def f():
            from connector_sdk import get_page
            return get_page
        """,
    ),
    "the package of models": (
        """
        import os, connector.generated as g
        from connector import generated
        """,
        """
        import os, connector_sdk.models as g
        from connector_sdk import models as generated
        """,
    ),
    "comments are kept": (
        """
        # The errors.
        from connector.oai.errors import (
            ConnectorError,  # raised
            handle_exception,  # tested
        )  # noqa: F401
        from connector.oai.integration import Integration
        """,
        """
        # The errors.
        # raised
        # tested
        from connector_sdk import ConnectorError
        from connector_sdk.errors import handle_exception  # noqa: F401
        from connector_sdk import Integration
        """,
    ),
    "a long import is broken up": (
        """
        from connector.oai.capability import get_basic_auth, get_credential, get_jwt_auth
        from connector.oai.capability import get_oauth, get_page, get_settings
        """,
        """
        from connector_sdk import (
            get_basic_auth,
            get_credential,
            get_jwt_auth,
            get_oauth,
            get_page,
            get_settings,
        )
        """,
    ),
    "the class of page tokens": (
        """
        from connector.utils.pagination import PaginationBase, create_next_page_token

        class P(PaginationBase):
            offset: int

        NextPageToken = create_next_page_token(P, "NextPageToken", "Places.")
        Other = create_next_page_token(class_name="Other", model=P)
        """,
        """
        from connector_sdk import NextPageToken as PageToken, PaginationBase

        class P(PaginationBase):
            offset: int

        NextPageToken = PageToken[P]
        Other = PageToken[P]
        """,
    ),
    "the class of page tokens where its name is taken": (
        """
        from connector.utils.pagination import create_next_page_token as make

        PageToken = make(P, "PageToken")
        """,
        """
        from connector_sdk import NextPageToken as NextPageTokenOf

        PageToken = NextPageTokenOf[P]
        """,
    ),
}


@parametrize("source, expected", REWRITTEN.values(), ids=REWRITTEN)
def test_imports_are_rewritten(tmp_path: Path, source: str, expected: str) -> None:
    """Nothing is left to do, and a second time nothing changes."""
    assert (dedent(expected), []) == migrated(tmp_path, source)
    assert (dedent(expected), []) == migrated(tmp_path, expected)


LEFT = {
    "what has another shape": (
        """
        from connector.oai.capability import Empty, get_page
        """,
        """
        from connector.oai.capability import Empty
        from connector_sdk import get_page
        """,
        ["2: connector.oai.capability: Empty not moved; write `class Empty(BaseModel)` where"],
    ),
    "unions": (
        """
        from connector.generated import Info200Response, Page
        """,
        """
        from connector.generated import Info200Response
        from connector_sdk.models import Page
        """,
        ["2: connector.generated: Info200Response not moved; a reply is either its response"],
    ),
    "names that never were": (
        """
        from connector.oai.errors import Nope
        """,
        None,
        ["2: connector.oai.errors: Nope not moved; the predecessor has no such name"],
    ),
    "whole modules": (
        """
        import connector.oai.errors
        import connector.generated
        from connector.oai import errors
        from connector.generated import *
        """,
        None,
        [
            "2: `import connector.oai.errors` not moved; import the names that you need",
            "3: `import connector.generated` not moved; import the names that you need",
            "4: connector.oai: errors not moved; import the names that you need from it",
            "5: `from connector.generated import *` not moved; name what is imported",
        ],
    ),
    "several statements on a line": (
        """
        import os; from connector.generated import Page
        """,
        None,
        ["2: `from connector.generated import Page` not moved; name what is imported, on a line"],
    ),
    "models whose old methods are called": (
        """
        from connector.generated import Page
        from connector.oai.errors import ConnectorError

        print(Page().to_dict())
        """,
        """
        from connector.generated import Page
        from connector_sdk import ConnectorError

        print(Page().to_dict())
        """,
        [
            "2: connector.generated: Page not moved; its methods are called that only",
            "5: .to_dict() comes with connector-compat; write model.model_dump(by_alias=True",
        ],
    ),
    "the package of models whose old methods are called": (
        """
        import connector.generated as g
        from connector import generated

        print(g.Page().to_dict())
        """,
        None,
        [
            "2: `import connector.generated` not moved; its methods are called that only",
            "3: connector: generated not moved; its methods are called that only",
            "5: .to_dict() comes with connector-compat; write model.model_dump(by_alias=True",
        ],
    ),
    "a factory of page tokens that is handed on": (
        """
        from connector.utils.pagination import create_next_page_token

        make = create_next_page_token
        """,
        None,
        ["2: connector.utils.pagination: create_next_page_token not moved; write NextPageToken[P"],
    ),
    "modules named in texts": (
        """
        patch("connector.httpx_rewrite.AsyncClient.send")
        """,
        None,
        ["2: 'connector.httpx_rewrite.AsyncClient.send' names a module of the predecessor"],
    ),
}


@parametrize("source, expected, notes", LEFT.values(), ids=LEFT)
def test_what_cannot_be_rewritten_is_left_and_told(
    tmp_path: Path, source: str, expected: str | None, notes: list[str]
) -> None:
    """With its line, and what to write instead."""
    text, found = migrated(tmp_path, source)
    assert dedent(expected or source) == text
    assert notes == [note[: len(start)] for note, start in zip(found, notes, strict=True)]


@parametrize(
    source=[
        "from connectors import x\n",
        "from .connector.oai.errors import ConnectorError\n",
        "import connector_sdk\nprint(model.to_dict())\n",
        "text = 'the connector.py of another'\n",
        "log = logging.getLogger('connector.acme')\n",
        "",
    ],
    ids=["other-package", "relative", "own-methods", "prose", "logger", "empty"],
)
def test_what_is_none_of_its_business_is_not_touched(tmp_path: Path, source: str) -> None:
    """Nothing changes, and nothing is said."""
    assert (source, []) == migrated(tmp_path, source)


def test_an_integration_stays_where_any_file_calls_its_old_methods(tmp_path: Path) -> None:
    """It is made in one file, and asked in another."""
    (tmp_path / "made.py").write_text("from connector.oai.integration import Integration\n")
    (tmp_path / "asked.py").write_text(
        "from connector.oai.errors import HTTPHandler\nx.get_credentials_json_schema()\n"
    )
    found = {each.path.name: each for each in migrate(tmp_path)}
    assert found["asked.py"].is_changed
    assert [2] == [note.line for note in found["asked.py"].notes]
    assert not found["made.py"].is_changed


def test_a_file_that_is_no_python_is_left_and_told(tmp_path: Path) -> None:
    """The others are rewritten."""
    (tmp_path / "bad.py").write_text("from connector.oai import (\n")
    (tmp_path / "odd.py").write_bytes(b"# connector \xff\n")
    (tmp_path / "good.py").write_text("from connector.utils.account import full_name\n")
    bad, good, odd = migrate(tmp_path)
    assert good.is_changed
    assert "is not Python, and was left alone" in bad.notes[0].words
    assert "cannot be read" in odd.notes[0].words


def test_requirements_are_told(tmp_path: Path) -> None:
    """They are the author's to change."""
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["connector-py>=4.4"]\n')
    (tmp_path / "requirements-dev.txt").write_text("httpx\nconnector_compat\n")
    found = {each.path.name: each for each in migrate(tmp_path)}
    assert [2] == [note.line for note in found["pyproject.toml"].notes]
    assert [2] == [note.line for note in found["requirements-dev.txt"].notes]
    assert not any(each.is_changed for each in found.values())


@parametrize(folder=[".venv", "build", "site-packages", "environment"])
def test_files_of_others_are_not_read(tmp_path: Path, folder: str) -> None:
    """Environments, whatever they are called, and what was built."""
    (tmp_path / folder / "x").mkdir(parents=True)
    (tmp_path / "environment").mkdir(exist_ok=True)
    (tmp_path / "environment/pyvenv.cfg").write_text("")
    (tmp_path / folder / "x/acme.py").write_text("from connector.generated import Page\n")
    assert [] == migrate(tmp_path)


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(NoReply, match=r"there is no .*nope"):
        migrate(tmp_path / "nope")


class TestWriting:
    """What the command does with what it found."""

    def test_a_diff_is_shown_and_nothing_is_written(self, tmp_path: Path) -> None:
        """Unless it is asked for; the notes are on stderr."""
        path = tmp_path / "acme.py"
        path.write_text("from connector.generated import Page, Info200Response\n")
        ended = subprocess.run(
            [sys.executable, "-m", "connector_cli.app", "migrate", str(tmp_path)],
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert 0 == ended.returncode
        assert "-from connector.generated import Page, Info200Response\n" in ended.stdout
        assert "+from connector_sdk.models import Page\n" in ended.stdout
        assert f"{path}:1: connector.generated: Info200Response not moved" in ended.stderr
        assert "1 file would change; --write makes the changes" in ended.stderr
        assert "from connector.generated import Page, Info200Response\n" == path.read_text()

    def test_a_file_keeps_all_that_is_not_its_imports(self, tmp_path: Path) -> None:
        """Line ends, encoding, mode and the missing end of its last line."""
        path = tmp_path / "acme.py"
        path.write_bytes(b"# coding: latin-1\r\nfrom connector.generated import Page\r\nx = '\xe9'")
        path.chmod(0o750)
        carry_out(path, write=True)
        assert (
            b"# coding: latin-1\r\nfrom connector_sdk.models import Page\r\nx = '\xe9'"
        ) == path.read_bytes()
        assert 0o750 == stat.S_IMODE(path.stat().st_mode)
        assert ["acme.py"] == os.listdir(tmp_path)

    def test_nothing_to_do_is_said(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        """And is no error."""
        carry_out(tmp_path, write=True)
        assert ("", "connector: nothing to change\n") == capfd.readouterr()
