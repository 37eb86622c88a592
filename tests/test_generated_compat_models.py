"""The files that `tasks/generate_compat_models.py` writes."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "tasks/generate_compat_models.py"


def test_they_are_as_the_script_writes_them() -> None:
    """None is missing, none was changed by hand, and there is none besides."""
    command = [sys.executable, str(SCRIPT), "--check"]
    ended = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert (0, "") == (ended.returncode, ended.stderr)
