"""`<connector> dev login` as a process, against real providers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow

CONNECTOR = [sys.executable, str(Path(__file__).parent / "acme_connector.py")]


def test_a_login_makes_a_credential_that_works(real_provider: Any, secret: str) -> None:
    """What the command prints goes into a request, and the app knows who it is."""
    settings = json.dumps({"issuer": real_provider.issuer})
    user = real_provider.users[-1]
    words = ["--client-id", "post", "--port", str(real_provider.login_port), "--no-browser"]
    with subprocess.Popen(
        [*CONNECTOR, "dev", "login", *words, "--settings", settings],
        env={**os.environ, "CONNECTOR_CLIENT_SECRET": secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as login:
        assert login.stderr is not None
        shown = ""
        while not (page := re.search(r"^http\S+$", shown, flags=re.MULTILINE)):
            line = login.stderr.readline()
            assert line, shown
            shown += line

        answer = httpx.get(real_provider.agree(page[0]))
        out, err = login.communicate()

    assert (0, 200) == (login.returncode, answer.status_code)
    assert secret not in shown + err
    auth = json.loads(out)
    assert {"access_token", "refresh_token"} == set(auth["oauth"])

    request = json.dumps({"auth": auth, "request": {}, "settings": json.loads(settings)})
    call = subprocess.run(
        [*CONNECTOR, "validate-credentials", "--json", "-"],
        input=request,
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"unique_tenant_id": user, "valid": True} == json.loads(call.stdout)["response"]
