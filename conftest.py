"""What `-m "not slow"` asks for everywhere: no more than a quick check needs is read or tried."""

import gc
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=10)


def is_quick(config: pytest.Config) -> bool:
    """Whether only the tests that are not slow are asked for."""
    return bool(config.option.markexpr == "not slow")


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples of each law; the session test_slow tries all that hypothesis would."""
    if is_quick(config):
        settings.load_profile("quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out modules that are slow as a whole: they may import what is not installed."""
    if not is_quick(config) or collection_path.suffix != ".py":
        return None

    text = collection_path.read_text(encoding="utf-8")
    return "\npytestmark = pytest.mark.slow" in text or None


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives as long as the session: a tenth of its time."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape what is no Unicode in captured logs: xdist's processes could not exchange it."""
    report = yield
    report.sections = [
        (title, text.encode(errors="backslashreplace").decode()) for title, text in report.sections
    ]
    return report
