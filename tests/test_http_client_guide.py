"""The guide to the HTTP client says what is true: its code runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # its test starts a process that serves and calls

GUIDE = Path(__file__).parent.parent / "docs" / "http-client.md"


def test_the_guides_code_runs(tmp_path: Path) -> None:
    """All blocks together are one program, which makes the calls that the text promises."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    program = tmp_path / "guide.py"
    program.write_text("\n".join(blocks), "utf-8")
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, check=False
    )
    assert ("", 0) == (done.stderr, done.returncode)
    validated, first_page = (json.loads(line) for line in done.stdout.splitlines())
    assert "acme-1" == validated["response"]["unique_tenant_id"]
    assert "ada" == first_page["response"][0]["integration_specific_id"]
    assert first_page["page"]["token"]  # the guests follow
