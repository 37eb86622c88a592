"""Three connectors in the old style run, pass their own tests, move over and are compiled."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_cases import parametrize

from connector.compile import (
    DEFAULT_EXCLUDE_MODULES,
    BundleDetails,
    bundle_onprem,
    compile_executable_for_onprem,
    get_version_from_package,
)

pytestmark = pytest.mark.slow  # its tests start processes

HERE = Path(__file__).parent
CONNECTORS = ("quill", "vault", "ledger")

HAND_EDITS = {
    "quill": {},
    "ledger": {},
    "vault": {
        "errors.py": [
            ("from connector.oai.errors import ErrorMap\n", ""),
            ("HANDLERS: ErrorMap = [", "HANDLERS = ["),
        ],
        "integration.py": [
            ("from connector.oai.capability import Empty, extra_data\n", ""),
            ("from connector.oai.integration import Integration\n", ""),
            ("    DescriptionData,\n", "    DescriptionData,\n    Integration,\n"),
            ("from connector.shared_types import RawDataType\n", ""),
            ("RawDataType | None", "dict[str, object] | None"),
            (
                "class CountKeysRequest",
                "class Empty(BaseModel):\n    pass\n\n\nclass CountKeysRequest",
            ),
            (
                'extra_data({"keys": keeper.get("keys"), "badge": keeper.get("badge")})',
                '{"keys": str(keeper["keys"])}',
            ),
        ],
    },
}
"""What the notes of `connector migrate` ask the author of a connector's package to do by hand."""


@pytest.fixture
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """A copy of a connector, by its name."""

    def copy(name: str) -> Path:
        source = HERE / "old_connectors" / name
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        return Path(shutil.copytree(source, tmp_path / name, ignore=ignored))

    return copy


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a connector's folder."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def migrate(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `connector migrate` on a folder."""
    return run(folder, "-m", "connector_cli.app", "migrate", *words, ".")


def assert_passes_its_tests(folder: Path) -> None:
    """Run a connector's own tests, as its author does."""
    ended = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".")
    assert 0 == ended.returncode, ended.stdout


@parametrize(name=CONNECTORS)
def test_an_old_main_runs(name: str) -> None:
    """It answers `info`, one line, and mistakes end with the exit code for them."""
    folder = HERE / "old_connectors" / name
    ended = run(folder, "-m", f"{name}_connector.main", "info")
    assert ("", 1) == (ended.stderr, ended.stdout.count("\n"))
    assert (name, "1.4.0") == tuple(
        json.loads(ended.stdout)["response"][key] for key in ("app_id", "version")
    )


def test_no_print_keeps_the_reply_off_stdout() -> None:
    """The call is made all the same."""
    code = (
        "import sys; sys.argv[1:] = ['info']\n"
        "from connector.cli import run_integration\n"
        "from ledger_connector.integration import integration\n"
        "run_integration(integration, no_print=True)"
    )
    ended = run(HERE / "old_connectors/ledger", "-c", code)
    assert (0, "", "") == (ended.returncode, ended.stdout, ended.stderr)


def test_the_old_server_function_serves() -> None:
    """On this machine, at a port of its own, until it is told to end."""
    code = (
        "from connector.cli import http_integration_server\n"
        "from ledger_connector.integration import integration\n"
        "http_integration_server(integration, port=0)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=HERE / "old_connectors/ledger",
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as server:
        assert server.stderr is not None
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        reply = httpx.post(f"{url}/info", json={}).json()
        server.terminate()
        server.stderr.read()

    assert "ledger" == reply["response"]["app_id"]
    assert 0 == server.returncode


@parametrize(name=CONNECTORS)
def test_an_old_connector_passes_its_own_tests(name: str, old: Any) -> None:
    """Unchanged, with this package in the place of the predecessor's."""
    assert_passes_its_tests(old(name))


@parametrize(name=CONNECTORS)
def test_an_old_connector_moves_over(name: str, old: Any) -> None:
    """Rewritten it passes its tests, and with what is left by hand it needs compat no more."""
    folder = old(name)
    before = {path: path.read_bytes() for path in folder.rglob("*.py")}
    shown = migrate(folder)
    assert 0 == shown.returncode, shown.stderr
    assert before == {path: path.read_bytes() for path in folder.rglob("*.py")}

    written = migrate(folder, "--write")
    assert shown.stdout == written.stdout
    assert before != {path: path.read_bytes() for path in folder.rglob("*.py")}
    assert_passes_its_tests(folder)

    package = folder / f"{name}_connector"
    for file, edits in HAND_EDITS[name].items():
        text = (package / file).read_text(encoding="utf-8")
        for wanted, instead in edits:
            assert wanted in text
            text = text.replace(wanted, instead)

        (package / file).write_text(text, encoding="utf-8")

    code = (
        "import sys; sys.modules['connector'] = None; sys.argv[1:] = ['info']\n"
        f"from {name}_connector.main import main; main()"
    )
    ended = run(folder, "-c", code)
    assert name == json.loads(ended.stdout)["response"]["app_id"], ended.stderr


@parametrize(name=CONNECTORS)
@parametrize(moved=[False, True])
def test_an_old_connector_is_well_typed(name: str, old: Any, *, moved: bool) -> None:
    """For mypy, strictly, before it moves over and after it."""
    folder = old(name)
    if moved:
        migrate(folder, "--write")

    words = ("--strict", "--cache-dir", str(folder / ".cache"), f"{name}_connector", "tests")
    ended = run(folder, "-m", "mypy", *words)
    assert 0 == ended.returncode, ended.stdout


@parametrize(name=("quill", "ledger"))
def test_an_old_connector_is_compiled(name: str, old: Any, tmp_path: Path) -> None:
    """The program in the archive answers `info` as the source does."""
    folder = old(name)
    words = ["--connector-root-module-dir", f"{name}_connector", "--app-id", name]
    command = ["-m", "connector_cli.app", "compile-on-prem", *words]
    ended = run(folder, *command, "--output-directory", str(tmp_path))
    assert 0 == ended.returncode, ended.stderr

    assert_answers_as_its_source(folder, name, Path(ended.stdout.strip()), tmp_path)


def test_an_old_connector_is_compiled_in_two_steps(old: Any, tmp_path: Path) -> None:
    """By the functions of `connector.compile`."""
    folder = old("vault")
    package, built = folder / "vault_connector", tmp_path / "built"
    compile_executable_for_onprem(
        connector_root_module_dir=package,
        app_id="vault",
        exclude_modules=DEFAULT_EXCLUDE_MODULES,
        sdk_root=tmp_path,
        compile_directory=built,
    )
    version = get_version_from_package(package)
    archive = bundle_onprem(BundleDetails(package, built, tmp_path, version, "vault"))

    assert tmp_path / "vault-1.4.0.tar.gz" == archive
    assert_answers_as_its_source(folder, "vault", archive, tmp_path)


def assert_answers_as_its_source(folder: Path, name: str, archive: Path, work: Path) -> None:
    """Unpack a compiled connector, and ask it for `info`."""
    shutil.unpack_archive(archive, work / "unpacked", filter="data")
    program = work / "unpacked/main"
    compiled = subprocess.run(
        [program, "info"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert run(folder, "-m", f"{name}_connector.main", "info").stdout == compiled
