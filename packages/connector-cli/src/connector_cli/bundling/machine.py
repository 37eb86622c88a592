"""What PyInstaller needs of a machine and cannot bring itself."""

import shutil
import sys
import sysconfig
from collections.abc import Iterator


def missing_tools() -> Iterator[str]:
    """Yield what PyInstaller needs of this machine and does not find, each with how to get it."""
    if sys.platform == "linux" and shutil.which("objdump") is None:
        yield "PyInstaller needs objdump; on Debian: apt-get install binutils"

    shared = sysconfig.get_config_var("Py_ENABLE_SHARED") or sys.platform == "win32"
    if not shared and not sysconfig.get_config_var("PYTHONFRAMEWORK"):
        yield (
            "PyInstaller needs a Python with a shared library, and this one has none: build it "
            "with --enable-shared (pyenv: PYTHON_CONFIGURE_OPTS=--enable-shared), or use your "
            "system's Python"
        )
