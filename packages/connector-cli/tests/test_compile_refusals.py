"""`connector compile-on-prem` where it cannot work: what is said, and what is left behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_cases import parametrize

from connector_cli.bundling.archive import SUFFIX

pytestmark = pytest.mark.slow  # its tests start the compiler

HERE = Path(__file__).parent
MOCK = HERE.parents[2] / "connectors/mock/mock_connector"
COMPILE = [sys.executable, "-m", "connector_cli.app", "compile-on-prem"]
ANSWER = 'print(\'{"response": {"app_id": "acme", "version": %s}}\')'
NEEDS_AN_EXTRA = """
from connector_sdk.extras import MissingExtraError
raise MissingExtraError("http", ModuleNotFoundError(name="httpx"))
"""
Run = Callable[..., Any]


@pytest.fixture
def compile_folder(forked: Run, tmp_path: Path) -> Run:
    """Compile a folder of the test, or another one."""
    for name in ("out", "temporary"):
        (tmp_path / name).mkdir()

    def run(
        folder: Path,
        *,
        app_id: str = "acme",
        output: str = "out",
        path: Path | None = None,
        **changes: str,
    ) -> Any:
        words = ["--connector-root-module-dir", str(folder), "--app-id", app_id]
        return forked(
            "compile-on-prem",
            *words,
            "--output-directory",
            str(tmp_path / output),
            program="connector",
            environment={"TMPDIR": str(tmp_path / "temporary"), **changes},
            path=path,
        )

    return run


@pytest.fixture
def compile_main(compile_folder: Run, tmp_path: Path) -> Run:
    """Compile a package that has this text as its `main.py`."""
    package = tmp_path / "acme_connector"
    package.mkdir()

    def run(text: str, **how: Any) -> Any:
        (package / "main.py").write_text(text, encoding="utf-8")
        return compile_folder(package, **how)

    return run


def is_refused(ended: Any, folder: Path, *said: str) -> None:
    """Assert that the words are on stderr without a traceback, and that nothing was left."""
    assert (1, "") == (ended.code, ended.stdout)
    for words in said:
        assert words in ended.stderr

    for place in ("out", "temporary"):
        assert [] == list((folder / place).iterdir())


@parametrize("app_id", ["", "acme-connector", "1acme", "../acme", "ac me", "acmé"])
def test_an_app_id_that_is_none(compile_main: Run, tmp_path: Path, app_id: str) -> None:
    """It becomes part of a file's name, so it has letters, digits and underscores only."""
    ended = compile_main("", app_id=app_id)
    is_refused(ended, tmp_path, f"{app_id!r} is not an app id; use letters, digits")


class TestPackage:
    """The folder that is named."""

    def test_without_main(self, compile_folder: Run, tmp_path: Path) -> None:
        """It is said which file is missing."""
        folder = tmp_path / "acme_connector"
        folder.mkdir()
        is_refused(compile_folder(folder), tmp_path, "acme_connector has no main.py")

    def test_around_the_package(self, compile_folder: Run, tmp_path: Path) -> None:
        """The package in it is proposed: the project's folder is easily mistaken for it."""
        package = tmp_path / "acme" / "acme_connector"
        package.mkdir(parents=True)
        (package / "main.py").touch()
        ended = compile_folder(package.parent)
        is_refused(ended, tmp_path, "acme has no main.py", f"is it {package}?")

    def test_missing(self, compile_folder: Run, tmp_path: Path) -> None:
        """It is said that it is not there."""
        ended = compile_folder(tmp_path / "none")
        is_refused(ended, tmp_path, f"there is no folder {tmp_path / 'none'}")

    @parametrize(name=["my-connector", "class", "json"])
    def test_that_cannot_be_imported(self, compile_folder: Run, tmp_path: Path, name: str) -> None:
        """Its name would not be found, or found elsewhere."""
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.py").touch()
        said = f"{name!r} cannot be the name of a connector's package"
        is_refused(compile_folder(tmp_path / name), tmp_path, said)


class TestConnector:
    """What the connector itself answers, before it is built."""

    def test_without_a_version(self, compile_main: Run, tmp_path: Path) -> None:
        """An example of how to give it one is shown."""
        for version in ("None", '\\"\\"'):
            ended = compile_main(ANSWER % version.replace("None", "null"))
            is_refused(ended, tmp_path, "the connector has no version", '__version__ = "1.0.0"')

    def test_with_a_version_that_is_no_file_name(self, compile_main: Run, tmp_path: Path) -> None:
        """The archive is named for it."""
        ended = compile_main(ANSWER % '\\"../1\\"')
        is_refused(ended, tmp_path, "'../1' cannot be a connector's version")

    def test_that_does_not_start(self, compile_main: Run, tmp_path: Path) -> None:
        """Its own words are shown, for its author."""
        ended = compile_main("import sys\nsys.exit('no such app')")
        is_refused(ended, tmp_path, "the connector does not answer info:\nno such app")

    @parametrize(
        "imports, said",
        [
            ("import nowhere", "nowhere is not installed, and"),
            (NEEDS_AN_EXTRA, "httpx is not installed; it comes with: "),
        ],
        ids=["package", "extra"],
    )
    def test_whose_requirements_are_not_installed(
        self, compile_main: Run, tmp_path: Path, imports: str, said: str
    ) -> None:
        """It is said what is missing and how it is installed, without a traceback."""
        integration = tmp_path / "acme_connector" / "integration.py"
        integration.write_text(imports, encoding="utf-8")
        ended = compile_main("from connector_cli import run\nrun('acme_connector.integration:it')")
        is_refused(ended, tmp_path, f"acme_connector.integration: {said}", "python -m pip install")
        assert "Traceback" not in ended.stderr

    def test_that_says_something_else(self, compile_main: Run, tmp_path: Path) -> None:
        """A line of JSON is not enough."""
        ended = compile_main("print('[]')")
        is_refused(ended, tmp_path, "the connector does not answer info", "something else")

    def test_that_starts_nothing(self, compile_main: Run, tmp_path: Path) -> None:
        """A function that nobody calls works as an installed command, and not as a program."""
        ended = compile_main("def main():\n    pass")
        is_refused(ended, tmp_path, "ended without a word", 'if __name__ == "__main__":')


class TestMachine:
    """What is missing where it is built."""

    @parametrize("package", ["PyInstaller", "cyclonedx"])
    def test_without_the_extra(self, compile_main: Run, tmp_path: Path, package: str) -> None:
        """The command that installs it is shown."""
        hidden = tmp_path / "hidden"
        hidden.mkdir()
        (hidden / f"{package}.py").write_text(
            f"raise ModuleNotFoundError('No module named {package}', name={package!r})"
        )
        ended = compile_main("", path=hidden)
        is_refused(
            ended,
            tmp_path,
            f"{package} is not installed",
            "python -m pip install 'connector-cli[compile]'",
        )

    @pytest.mark.skipif(sys.platform != "linux", reason="it is needed on Linux only")
    def test_without_objdump(self, compile_main: Run, tmp_path: Path) -> None:
        """The package of Debian that has it is named."""
        (tmp_path / "ldd").symlink_to(shutil.which("ldd") or "")
        ended = compile_main("", PATH=str(tmp_path))
        is_refused(ended, tmp_path, "needs objdump; on Debian: apt-get install binutils")

    def test_with_a_time_that_is_none(self, compile_main: Run, tmp_path: Path) -> None:
        """`SOURCE_DATE_EPOCH` is in seconds."""
        ended = compile_main("", SOURCE_DATE_EPOCH="yesterday")
        is_refused(ended, tmp_path, "SOURCE_DATE_EPOCH must be seconds since 1970")


class TestOutput:
    """Where the archive is to be written; it is found before anything is built."""

    def test_to_a_file(self, compile_folder: Run, tmp_path: Path) -> None:
        """An archive needs a folder."""
        (tmp_path / "file").touch()
        ended = compile_folder(MOCK, app_id="mock", output="file")
        is_refused(ended, tmp_path, f"{tmp_path / 'file'} is not a folder")
        assert "building" not in ended.stderr

    @parametrize(output=["acme_connector", "acme_connector/dist"])
    def test_into_the_package(self, compile_folder: Run, tmp_path: Path, output: str) -> None:
        """The archive would be part of the next build, which would not be the same any more."""
        package = tmp_path / "acme_connector"
        package.mkdir()
        (package / "main.py").write_text("")
        ended = compile_folder(package, output=output)
        is_refused(ended, tmp_path, f"{tmp_path / output} is in the connector's package")
        assert "building" not in ended.stderr

    @parametrize(suffix=["", ".sha256"])
    def test_over_a_folder(self, compile_folder: Run, tmp_path: Path, suffix: str) -> None:
        """One that has the name of the archive, or of its digest."""
        place = tmp_path / "other" / f"mock-0.1.0{SUFFIX}{suffix}"
        place.mkdir(parents=True)
        ended = compile_folder(MOCK, app_id="mock", output="other")
        is_refused(ended, tmp_path, f"{place} is a folder")
        assert "building" not in ended.stderr

    @pytest.mark.skipif(
        sys.platform == "win32" or os.geteuid() == 0, reason="who is here may write everywhere"
    )
    def test_without_permission(self, compile_folder: Run, tmp_path: Path) -> None:
        """The folder is named."""
        (tmp_path / "locked").mkdir(mode=0o500)
        ended = compile_folder(MOCK, app_id="mock", output="locked/new")
        is_refused(ended, tmp_path, f"no permission to write to {tmp_path / 'locked'}")
        assert "building" not in ended.stderr


@pytest.mark.slow
class TestFullDisk:
    """A disk of 4 MB, in a mount namespace of its own."""

    @pytest.fixture
    def disk(self, tmp_path: Path) -> list[str]:
        """Words that run a command with a small disk on the test's folder `disk`."""
        (tmp_path / "disk").mkdir()
        mount = f"mount -t tmpfs -o size=4m tmpfs '{tmp_path}/disk' && exec \"$@\""
        words = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
        if not shutil.which("unshare") or subprocess.run([*words, "true"], check=False).returncode:
            pytest.skip("this machine does not let us mount a disk")

        return words

    @parametrize("full", ["TMPDIR", "the output"])
    def test_it_is_said(self, disk: list[str], tmp_path: Path, full: str) -> None:
        """Where there is no space, and nothing is left there: not even part of an archive."""
        listing = f"; code=$?; find '{tmp_path}/disk' -mindepth 1 >&2; exit $code"
        words = [*COMPILE, "--connector-root-module-dir", str(MOCK), "--app-id", "mock"]
        words += ["--output-directory", str(tmp_path / ("disk" if full == "the output" else "out"))]
        script = ["sh", "-c", f'"$@"{listing}', "sh"]
        changes = {"TMPDIR": str(tmp_path / "disk")} if full == "TMPDIR" else {}
        ended = subprocess.run(
            [*disk, *script, *words],
            check=False,
            env={**os.environ, **changes},
            capture_output=True,
            encoding="utf-8",
        )
        assert (1, "") == (ended.returncode, ended.stdout)
        assert "o space" in ended.stderr
        assert str(tmp_path / "disk") in ended.stderr
        assert not ended.stderr.rstrip().splitlines()[-1].startswith(str(tmp_path / "disk"))


@pytest.mark.slow
@parametrize(number=[signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    """PyInstaller has ended too: its folder is gone."""
    for name in ("out", "temporary"):
        (tmp_path / name).mkdir()

    words = ["--connector-root-module-dir", str(MOCK), "--app-id", "mock"]
    with subprocess.Popen(
        [*COMPILE, *words, "--output-directory", str(tmp_path / "out")],
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        assert "building mock-0.1.0" in process.stderr.readline()
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)

    assert (128 + number, "") == (process.returncode, stdout)
    assert "Traceback" not in stderr
    assert [] == [*(tmp_path / "out").iterdir(), *(tmp_path / "temporary").iterdir()]
