"""The fixtures, in a pytest of their own: active where they are asked for, and nowhere else."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_cases import parametrize

pytestmark = pytest.mark.slow  # its tests start pytest

ASKING = "from connector_sdk.testing.plugin import only_mocked_http, mock_http\n"

SENDING = """
import httpx

def test_sending():
    try:
        httpx.get("http://127.0.0.1:1/", trust_env=False)
    except Exception:
        pass
"""
"""A test whose request nobody answers, and that does not mind."""

MOCKING = """
import httpx
from connector_sdk.testing import MockedResponse

def test_mocking(mock_http):
    app = mock_http({"GET": {"/users": MockedResponse(200, {"users": []})}})
    assert {"users": []} == httpx.get("https://app.example.com/users", verify=False).json()
    assert 1 == len(app.requests)

def test_mocking_too_much(mock_http):
    mock_http({"GET": {"/users": MockedResponse(200)}})
"""


SERVING = """
import asyncio
import httpx
from connector_sdk.testing import FaultServer

def app(request):
    return httpx.Response(200, text="served")

async def serve():
    async with FaultServer(app) as server:
        async with httpx.AsyncClient(trust_env=False) as client:
            assert "served" == (await client.get(server.url)).text

        assert "served" == (await asyncio.to_thread(httpx.get, server.url, trust_env=False)).text
        return server.url

def test_a_running_server_is_reached():
    asyncio.run(serve())

def test_one_that_has_stopped_is_not():
    httpx.get(asyncio.run(serve()), trust_env=False)
"""
"""Tests of a server of the kit, while it runs and afterwards."""


def run_pytest(folder: Path, *words: str) -> str:
    """Run the tests of a folder in a process of their own, and return what it says."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, check=False, encoding="utf-8"
    ).stdout


@parametrize(
    "conftest, words, expected",
    [
        ("", (), "1 passed"),
        (ASKING, (), "1 passed, 1 error"),
        ("", ("-p", "connector_sdk.testing.plugin"), "1 passed, 1 error"),
    ],
    ids=["not asked for", "by a conftest", "by a command line"],
)
def test_a_request_to_the_network_fails_a_test_that_asks_for_it(
    tmp_path: Path, conftest: str, words: tuple[str, ...], expected: str
) -> None:
    """Who imports the fixture is kept off the network; who does not has nothing of it."""
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(SENDING, encoding="utf-8")

    said = run_pytest(tmp_path, *words)

    assert expected in said.splitlines()[-1]
    assert ("requests that were not mocked: GET http://127.0.0.1:1/" in said) == (
        expected != "1 passed"
    )


@pytest.fixture
def mocking(tmp_path: Path) -> str:
    """Run two tests that mock for as long as they last; return what pytest says."""
    (tmp_path / "conftest.py").write_text(ASKING, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(MOCKING, encoding="utf-8")
    return run_pytest(tmp_path)


def test_a_test_can_mock_until_it_ends(mocking: str) -> None:
    """The fixture answers, and at the end tells what was not asked for."""
    assert "2 passed, 1 error" in mocking.splitlines()[-1]
    assert "of 1 responses to GET /users, 0 were asked for" in mocking


def test_a_server_of_the_kit_is_let_through_while_it_runs(tmp_path: Path) -> None:
    """A FaultServer is no network, so both can be used; its port is refused once it is closed."""
    (tmp_path / "conftest.py").write_text(ASKING, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(SERVING, encoding="utf-8")

    said = run_pytest(tmp_path)

    assert "1 failed, 1 passed, 1 error" in said.splitlines()[-1]
    assert "ERROR test_it.py::test_one_that_has_stopped_is_not" in said
