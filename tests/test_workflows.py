"""The workflows of GitHub, as far as they can be tried here."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_cases import parametrize

WORKFLOWS = Path(__file__).parent.parent / ".github" / "workflows"


def workflow(name: str) -> dict[str, Any]:
    """A workflow, as data."""
    data: dict[str, Any] = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return data


def group_of(name: str, called_by: str) -> str:
    """The concurrency group of a workflow, which sees the name of its caller as its own."""
    group: str = workflow(name)["concurrency"]["group"]
    return re.sub(r"\$\{\{ github\.workflow }}", workflow(called_by)["name"], group)


def test_a_release_does_not_wait_for_itself() -> None:
    """The tests that it calls are in another concurrency group, or both would be cancelled."""
    assert group_of("release.yml", "release.yml") != group_of("test.yml", "release.yml")


@pytest.mark.skipif(os.name == "nt", reason="the script runs on Linux")
@parametrize(
    "tag, published",
    [
        ("v0.2.0", ["connector_cli-0.2.0", "connector_sdk-0.2.0"]),
        ("vault-connector-v1.1.0", ["vault_connector-1.1.0"]),
        ("posix-connector-v0.1.0", ["posix_connector-0.1.0"]),
    ],
)
def test_a_release_publishes_the_files_of_its_tag(
    tag: str, published: list[str], tmp_path: Path
) -> None:
    """All packages, or one connector, and nothing else of what was built."""
    dist = tmp_path / "dist"
    dist.mkdir()
    for built in (
        "connector_cli-0.2.0", "connector_sdk-0.2.0", "posix_connector-0.1.0",
        "vault_connector-1.1.0",
    ):  # fmt: skip
        (dist / f"{built}-py3-none-any.whl").touch()
        (dist / f"{built}.tar.gz").touch()

    subprocess.run(
        ["bash", "-e", "-c", taking_script()],
        cwd=tmp_path,
        env={**os.environ, "GITHUB_REF_NAME": tag},
        check=True,
    )

    assert sorted(
        f"{name}{ending}" for name in published for ending in ("-py3-none-any.whl", ".tar.gz")
    ) == sorted(path.name for path in (tmp_path / "release").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="the script runs on Linux")
def test_a_release_of_another_version_than_was_built_fails(tmp_path: Path) -> None:
    """The tag says one version, and the files another."""
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "posix_connector-0.1.0.tar.gz").touch()

    ended = subprocess.run(
        ["bash", "-e", "-c", taking_script()],
        cwd=tmp_path,
        env={**os.environ, "GITHUB_REF_NAME": "posix-connector-v0.2.0"},
        check=False,
        capture_output=True,
    )

    assert 0 != ended.returncode


def taking_script() -> str:
    """The script with which a release takes the files of its tag."""
    steps = workflow("release.yml")["jobs"]["build"]["steps"]
    [script] = [step["run"] for step in steps if "GITHUB_REF_NAME" in step.get("run", "")]
    return str(script)
