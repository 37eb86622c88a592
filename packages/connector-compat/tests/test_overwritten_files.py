"""What `connector doctor` says when the predecessor's distribution was installed over this one."""

import os
import subprocess
import sys
import sysconfig
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

PACKAGE = Path(__file__).parent.parent

PREDECESSOR = {
    "connector/__init__.py": "",
    "connector/oai/errors.py": "class ConnectorError(Exception): pass\n",
    "connector_py-4.4.0.dist-info/METADATA": (
        "Metadata-Version: 2.1\nName: connector-py\nVersion: 4.4.0\n"
    ),
    "connector_py-4.4.0.dist-info/WHEEL": (
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    ),
}
"""Files of a distribution that has our import package, by their paths in its wheel."""

pytestmark = pytest.mark.slow


def make_wheel(folder: Path) -> Path:
    """Make a wheel of the predecessor."""
    path = folder / "connector_py-4.4.0-py3-none-any.whl"
    record = ""
    with ZipFile(path, "w") as wheel:
        for name, text in PREDECESSOR.items():
            wheel.writestr(name, text)
            digest = urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")
            record += f"{name},sha256={digest},{len(text)}\n"

        wheel.writestr("connector_py-4.4.0.dist-info/RECORD", record)

    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of installed packages with this package's wheel in it."""
    words = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path]
    pip(*map(str, words), str(PACKAGE))
    (wheel,) = tmp_path.glob("connector_compat-*.whl")
    return install(wheel, tmp_path)


def pip(*words: str) -> None:
    """Run pip."""
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)


def install(wheel: Path, folder: Path) -> Path:
    """Install a wheel, and return the folder that its packages are in."""
    prefix = folder / "installed"
    words = (
        "--quiet",
        "--no-deps",
        "--no-index",
        "--ignore-installed",
        "--no-warn-script-location",
    )
    pip("install", *words, "--prefix", str(prefix), str(wheel))
    return Path(sysconfig.get_path("purelib", vars={"base": str(prefix)}))


def doctor(site: Path) -> tuple[int, list[str]]:
    """Run `connector doctor`; its exit code, and what it finds wrong."""
    ended = subprocess.run(
        [sys.executable, "-m", "connector_cli.app", "doctor"],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return ended.returncode, [line for line in ended.stdout.splitlines() if line.startswith("!!")]


def test_the_predecessor_over_our_files_is_found_until_they_are_installed_again(
    site: Path, tmp_path: Path
) -> None:
    """Installed over them, and also when it was uninstalled since, which took files of ours."""
    assert (0, []) == doctor(site)

    install(make_wheel(tmp_path), tmp_path)
    code, (wrong, *_) = doctor(site)
    assert 1 == code
    assert "connector-py installs files into the package `connector`" in wrong
    assert "pip uninstall -y connector-py" in wrong
    assert "--force-reinstall --no-deps connector-compat" in wrong

    for name in (*PREDECESSOR, "connector_py-4.4.0.dist-info/RECORD"):
        (site / name).unlink()  # as `pip uninstall` does

    code, (wrong, *_) = doctor(site)
    assert 1 == code
    assert "files of connector-compat were changed after it was installed" in wrong
    assert "connector/__init__.py" in wrong

    (wheel,) = tmp_path.glob("connector_compat-*.whl")
    install(wheel, tmp_path)
    assert (0, []) == doctor(site)
